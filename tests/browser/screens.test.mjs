// Every screen at a phone's and a desk's size, light and dark: WCAG 2.2 AA by axe, and nothing wider than the window.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { children, clear, dayAfter, DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

const SIZES = { phone: PHONE, desk: DESK };

let city, child, absence, today;
const people = {};

before(async () => {
    city = await openCity();
    const guardian = await city.open('guardian');
    const teacher = await city.open('teacher');
    ({ child } = await children(guardian, teacher));
    today = (await guardian.api('GET', '/session')).body.today;
    await clear(child.student_id, guardian, teacher);
    const made = await guardian.api('POST', '/absences', { student_id: child.student_id, first_day: today, kind: 'late', arrive_at: '10:00', note: '通院します' });
    absence = made.body.id;
    await guardian.api('POST', '/absences', { student_id: child.student_id, first_day: dayAfter(today, 1), kind: 'absent' });
    Object.assign(people, { guardian, teacher });
    await city.city?.query(`select mail_enqueue('demo@example.jp', '確認コードのお知らせ', E'確認コードは 123456 です。\\nhttps://localhost/join')`);
});

after(async () => {
    await clear(child.student_id, people.guardian, people.teacher);
    await city.close();
});

const screens = [
    ['ログイン', null, () => '/signin', '.choice'],
    ['届いたメール', null, () => '/demo/mails', '.page p[role=status]'],
    ['保護者: お子さん', 'guardian', () => '/home', '.has-report'],
    ['保護者: 連絡', 'guardian', () => '/report', '#field-reason'],
    ['保護者: 受付', 'guardian', () => `/sent/${absence}`, '.stages'],
    ['保護者: 訂正', 'guardian', () => `/absences/${absence}/correct`, '#field-reason'],
    ['保護者: これまでの連絡', 'guardian', () => `/children/${child.student_id}/history`, '.entry'],
    ['担任: 学級', 'teacher', () => `/class/${child.class_id}`, '.roster-row.reported'],
    ['担任: 学級 明日', 'teacher', () => `/class/${child.class_id}?day=tomorrow`, '.roster-row.reported'],
    ['職員室: 学校', 'office', () => `/school/${child.school_id}`, '.stream-row .name'],
    ['職員室: 電話', 'office', () => `/school/${child.school_id}`, '.stream-row .name', async (page) => {
        await page.keyboard.press('n');
        await page.getByRole('combobox', { name: /お子さんの名前/ }).fill(child.family_kana.slice(0, 2));
        await page.locator('#found-students [role=option]').first().waitFor();
    }],
    ['教育委員会: 市', 'board', () => '/city', '.school-tile'],
    ['教育委員会: 学校', 'board', () => `/city/${child.school_id}`, '.class-table'],
    ['見つからない画面', 'guardian', () => '/nowhere', '.failure'],
];

for (const [size, viewport] of Object.entries(SIZES)) {
    test(`5(2)ア どの画面も使える人を選ばない (WCAG 2.2 AA, ${size})`, async (t) => {
        const open = {};
        for (const [name, role, path, ready, act] of screens) {
            await t.test(name, async () => {
                const person = (open[role] ??= role ? await city.open(role, viewport) : await city.nobody(viewport));
                await person.go(path());
                await person.page.locator(ready).first().waitFor();
                await act?.(person.page);
                await assertUsable(person, name);
            });
        }
        for (const person of Object.values(open)) await person.page.context().close();
    });
}

test('5(2)ア 二倍に拡大しても、横に動かさずに連絡できる', async () => {
    const person = await city.open('guardian', { width: 360, height: 390 });
    await person.go('/report');
    await person.page.locator('#field-reason').waitFor();
    await person.page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    const [wide, window] = await person.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= window, `${wide} > ${window}`);
});

test('5(1)ア まちがったパスワードでは入れず、入れたIDは残る', async () => {
    const { page } = await city.nobody(PHONE);
    await page.goto(`${city.origin}/signin`);
    await page.getByLabel('ログインID').fill(city.accounts[0].login_id);
    await page.getByLabel('パスワード', { exact: true }).fill('not-the-password');
    await page.getByRole('button', { name: 'ログインする', exact: true }).click();
    await page.getByRole('alert').getByText(/IDかパスワードがちがいます/).waitFor();
    assert.equal(await page.getByLabel('ログインID').inputValue(), city.accounts[0].login_id);
});

test('5(1)ア 実演用のアカウントを選ぶと、欄が埋まり、そのままログインできる', async () => {
    const { page } = await city.nobody(PHONE);
    await page.goto(city.origin);
    await page.getByText('実演用の市です').waitFor();
    await page.getByRole('button', { name: new RegExp(city.accounts[0].label.slice(0, 3)) }).first().click();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== '/signin');
});
