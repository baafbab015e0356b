// What the tests of registration, recovery and the own account share: children without guardians, letters for them from
// their school's office, and the steps of the way in.
import { randomUUID } from 'node:crypto';
import { account } from '../support/people.mjs';
import { mailbox } from '../support/mailbox.mjs';

export const PASSWORD = 'みどりの かえるが 三びき';
let serial = 0;

/** `n` children of one school whose links were all taken away, and the school's office. */
export async function families(city, n) {
    const children = await city.query(
        `select s.id::int, s.school_id, s.family_name, s.given_name, c.name as class_name, c.grade, h.name as school_name, h.phone
         from students s join classes c on c.id = s.class_id join schools h on h.id = s.school_id
         where s.left_on is null and s.school_id = (select school_id from students where left_on is null group by school_id having count(*) >= $1 order by school_id limit 1)
         order by s.id limit $1`, [n]);
    await city.query('delete from guardianships where student_id = any ($1)', [children.map((child) => child.id)]);
    const office = await city.as(await account(city, { roles: [{ role: 'office', school_id: children[0].school_id }] }));
    return { children, office };
}

/** The code of a child's letter, as the school prints it. */
export async function letterFor(office, child, letter = 1) {
    await office.post(`/api/schools/${child.school_id}/letters`, { student_id: child.id, letter, who: 'all', again: true }, randomUUID());
    const { rows } = await office.post(`/api/schools/${child.school_id}/letters/list`, { student_id: child.id, letter });
    return rows[0].code;
}

export const newAddress = () => `parent-${process.pid}-${++serial}@example.jp`;

/** What `pattern` finds in the next mail to an address that has it; notices on the way are passed over. */
export async function fromMail(city, address, pattern) {
    for (;;) {
        const found = pattern.exec((await mailbox(city).next(address, 45_000)).text);
        if (found) return found[0];
    }
}

export const digitsFor = (city, address) => fromMail(city, address, /(?<!\d)\d{6}(?!\d)/);

export const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
export const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
export const password = (page, label = 'パスワード') => page.getByLabel(label, { exact: true });

export async function giveNames(page, { family = '試験', given = '花子', familyKana = 'シケン', givenKana = 'はなこ', relation = '母' } = {}) {
    await heading(page, 'あなたのお名前');
    await page.getByLabel('姓', { exact: true }).fill(family);
    await page.getByLabel('名', { exact: true }).fill(given);
    await page.getByLabel('せい（ふりがな）').fill(familyKana);
    await page.getByLabel('めい（ふりがな）').fill(givenKana);
    await page.getByRole('radio', { name: relation, exact: true }).check({ force: true });
    await press(page, 'つぎへ');
}

export async function givePassword(page, text = PASSWORD) {
    await heading(page, 'パスワードを決める');
    await password(page).fill(text);
    await page.getByLabel(/同意します/).check();
    await press(page, '登録する');
}

/** From the letter's QR to "done"; with an address unless `mail` is null. Gives the login id. */
export async function register(city, person, code, { mail = newAddress(), ...names } = {}) {
    const { page } = person;
    await person.go(`/join#${code}`);
    await heading(page, 'お子さんを確かめてください');
    await press(page, 'はい、つぎへ');
    await heading(page, 'メールアドレス');
    if (mail) {
        await page.getByLabel('メールアドレス').fill(mail);
        await press(page, '確認コードを送る');
        await heading(page, '確認コード');
        await page.getByLabel('確認コード（6けたの数字）').fill(await digitsFor(city, mail));
        await press(page, 'つぎへ');
    } else await press(page, 'メールを使わずに進む');
    await giveNames(page, names);
    await givePassword(page);
    await heading(page, '登録できました');
    return { mail, login_id: await page.locator('.login-id strong').innerText() };
}

/** Signs in on the sign-in page; gives whether it let in. */
export async function signIn(person, id, text = PASSWORD) {
    const { page } = person;
    await page.getByLabel(/ログインID/).fill(id);
    await password(page).fill(text);
    await press(page, 'ログインする');
    return Promise.race([
        page.waitForURL((url) => url.pathname !== '/signin').then(() => true),
        page.getByRole('alert').first().waitFor().then(() => false),
    ]);
}
