// Signing in as people do: password, code, enrolment, passkeys (Chromium's virtual authenticator), shared devices, devices.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { codeAt, password, setPassword } from '../support/factors.mjs';
import { authenticator, DESK, openCity, PHONE, until } from './support.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
let town, school, children;

before(async () => {
    town = await openCity();
    [{ school_id: school }] = await town.city.query(`select school_id from staff_roles where role = 'office' order by id limit 1`);
    children = await town.city.query('select id, school_id from students where left_on is null order by id limit 3');
});
after(() => town.close());

let serial = 0;
/** A new account with the password; its login id. */
async function someone({ role, child } = {}) {
    const login = `door-${process.pid}-${++serial}`;
    const { id } = await town.city.one(
        `insert into accounts (login_id, family_name, given_name, family_kana, given_kana) values ($1, '戸口', '花子', 'とぐち', 'はなこ') returning id`, [login]);
    await setPassword(town.city, id);
    if (role) await town.city.query(`insert into staff_roles (account_id, school_id, role, valid_from) values ($1, $2, $3, today() - 1)`, [id, school, role]);
    if (child) {
        await town.city.query(`insert into guardianships (account_id, student_id, school_id, relation, valid_from) values ($1, $2, $3, 'mother', today() - 1)`,
            [id, child.id, child.school_id]);
    }
    return { id, login };
}

async function fillIn(person, login, word = password) {
    await person.go('/signin');
    await person.page.getByLabel('ログインID').fill(login);
    await person.page.getByLabel('パスワード', { exact: true }).fill(word);
    await person.page.getByRole('button', { name: 'ログインする', exact: true }).click();
}

/** Nothing wider than the window, targets of 44 px, and what axe finds. */
async function holds({ page }) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px wider than the window`);
    const small = await page.evaluate(() => [...document.querySelectorAll('main button, main a, main input:not([type=checkbox])')]
        .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width && box.height < 44).map(([one]) => one.outerHTML.slice(0, 100)));
    assert.deepEqual(small, [], 'lower than 44 px');
    await page.evaluate(axe);
    const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`), []);
}

for (const [size, view] of [['phone', PHONE], ['desk', DESK]]) {
    test(`5(1)ア 教職員の初めてのログイン: 認証アプリ、回復コード、次からは確認コード (${size})`, async () => {
        const { login } = await someone({ role: 'office' });
        const person = await town.nobody(view);
        const { page } = person;
        await fillIn(person, login);
        await page.getByRole('img', { name: '認証アプリに読み取らせる図' }).waitFor();
        await holds(person);
        const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '');
        await page.getByLabel('確認コード').fill('000000');
        await page.getByRole('button', { name: '登録する' }).click();
        await page.getByRole('alert').filter({ hasText: 'コードがちがう' }).waitFor();
        await page.getByLabel('確認コード').fill(codeAt(secret));
        await page.getByRole('button', { name: '登録する' }).click();
        await page.getByRole('heading', { name: '回復コード' }).waitFor();
        await holds(person);
        const codes = await page.locator('.codes code').allInnerTexts();
        assert.equal(codes.length, 10);
        assert.equal(await page.getByRole('button', { name: '次へ進む' }).isDisabled(), true, 'only who has noted them goes on');
        await page.getByLabel('控えました').check();
        await page.getByRole('button', { name: '次へ進む' }).click();
        await page.waitForURL((url) => url.pathname === `/school/${school}`);

        const again = await town.nobody(view);
        await fillIn(again, login);
        await again.page.getByRole('heading', { name: 'もう一つの確認' }).waitFor();
        await holds(again);
        await again.page.getByRole('button', { name: '認証アプリが使えないとき' }).click();
        await again.page.getByLabel('回復コード').fill(codes[0].toLowerCase());
        await again.page.getByRole('button', { name: '確認する' }).click();
        await again.page.waitForURL((url) => url.pathname === `/school/${school}`);
        assert.deepEqual([...person.errors, ...again.errors], []);
    });

    test(`5(1)ア 保護者のパスキー: 登録し、IDもパスワードも入れずに入り、なかったパスワードを決める (${size})`, async () => {
        const { id, login } = await someone({ child: children[0] });
        const person = await town.nobody(view);
        const { page } = person;
        const device = await authenticator(person);
        await fillIn(person, login);
        await page.waitForURL((url) => url.pathname === '/home');
        await person.go('/account/security');
        await page.getByRole('button', { name: 'この端末のパスキーを登録する' }).click();
        await page.locator('.device strong', { hasText: 'のパスキー' }).waitFor();
        await holds(person);
        const [credential] = await device.credentials();
        assert.equal(credential.isResidentCredential, true);
        assert.equal(credential.rpId, 'localhost');

        await page.getByRole('button', { name: 'この端末のパスキーを登録する' }).click();
        await page.getByRole('alert').filter({ hasText: 'もう登録してあります' }).waitFor();
        // Without suggestions in the field, which the virtual authenticator would choose at once.
        await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
        await page.getByRole('button', { name: 'ログアウト' }).first().click();
        await page.getByRole('button', { name: 'パスキーでログインする' }).click();
        await page.waitForURL((url) => url.pathname === '/home');
        const { used } = await town.city.one('select last_used_at is not null as used from passkeys where account_id = $1', [id]);
        assert.equal(used, true);

        await town.city.query('update accounts set password_hash = null where id = $1', [id]);
        await person.go('/account/security');
        await page.getByRole('button', { name: 'パスワードを決める' }).click();
        await page.getByLabel('新しいパスワード').fill('銀杏並木の下で待つ');
        await page.getByRole('button', { name: '決める', exact: true }).click();
        await page.getByRole('button', { name: 'パスワードを変える' }).waitFor();
        assert.notEqual((await town.city.one('select password_hash from accounts where id = $1', [id])).password_hash, null);
        await holds(person);
        assert.deepEqual(person.errors, []);
    });
}

test('5(1)ア パスキーはIDの欄の候補からも選べる (自動入力)', async () => {
    const { login } = await someone({ child: children[0] });
    const person = await town.nobody(PHONE);
    const device = await authenticator(person);
    await fillIn(person, login);
    await person.page.waitForURL((url) => url.pathname === '/home');
    await person.go('/account/security');
    await person.page.getByRole('button', { name: 'この端末のパスキーを登録する' }).click();
    await person.page.locator('.device strong', { hasText: 'のパスキー' }).waitFor();
    assert.equal((await device.credentials()).length, 1);
    // The page asks in the background as soon as it opens; the virtual authenticator chooses at once.
    await person.page.getByRole('button', { name: 'ログアウト' }).first().click();
    await person.page.waitForURL((url) => url.pathname === '/home');
    assert.deepEqual(person.errors, []);
});

test('5(1)ア 教職員の初めてのログインは、パスキーだけでも始められる', async () => {
    const { login } = await someone({ role: 'office' });
    const person = await town.nobody(DESK);
    await authenticator(person);
    await fillIn(person, login);
    await person.page.getByRole('button', { name: 'この端末のパスキーを登録する' }).waitFor();
    await holds(person);
    await person.page.getByRole('button', { name: 'この端末のパスキーを登録する' }).click();
    await person.page.waitForURL((url) => url.pathname === `/school/${school}`);

    const again = await town.nobody(DESK);
    await fillIn(again, login);
    await again.page.getByRole('button', { name: 'パスキーで確認する' }).waitFor();
    await holds(again);
});

test('パスキーが一つだけで、パスワードがないときは消せない。名前は変えられる', async () => {
    const { id, login } = await someone({ child: children[0] });
    const person = await town.nobody(DESK);
    const { page } = person;
    await authenticator(person);
    await fillIn(person, login);
    await page.waitForURL((url) => url.pathname === '/home');
    await person.go('/account/security');
    await page.getByRole('button', { name: 'この端末のパスキーを登録する' }).click();
    await page.getByRole('button', { name: /の名前を変える/ }).click();
    await page.getByLabel('自分でわかる名前').fill('母の電話');
    await page.getByRole('button', { name: '変える', exact: true }).click();
    await page.locator('.device strong', { hasText: '母の電話' }).waitFor();
    await town.city.query('update accounts set password_hash = null where id = $1', [id]);
    const remove = async () => {
        await page.getByRole('button', { name: '母の電話を消す' }).click();
        await page.getByRole('dialog').getByRole('button', { name: '消す' }).click();
    };
    await remove();
    await page.getByRole('alert').filter({ hasText: 'ほかにログインする方法がない' }).waitFor();
    await setPassword(town.city, id);
    await remove();
    await page.getByText('まだ登録していません。').waitFor();
});

test('共用の端末では、端末に何も残らない', async () => {
    const { login } = await someone({ child: children[1] });
    const person = await town.nobody(PHONE);
    const { page } = person;
    await person.go('/signin');
    await page.getByLabel('共用の端末です').check();
    await page.getByLabel('ログインID').fill(login);
    await page.getByLabel('パスワード', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'ログインする', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/home');
    await page.getByRole('link', { name: '欠席・遅刻・早退を連絡' }).first().waitFor();
    const [cookie] = await page.context().cookies();
    assert.equal(cookie.expires, -1, 'gone with the browser');
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    const { minutes } = await town.city.one(
        `select round(extract(epoch from s.expires_at - s.created_at) / 60)::int as minutes from sessions s join accounts a on a.id = s.account_id where a.login_id = $1`, [login]);
    assert.equal(minutes, 60);
});

test('ログインしている端末の一覧から、ほかの端末をログアウトさせる', async () => {
    const { login } = await someone({ child: children[2] });
    const [mine, other] = [await town.nobody(DESK), await town.nobody(PHONE)];
    for (const one of [mine, other]) {
        await fillIn(one, login);
        await one.page.waitForURL((url) => url.pathname === '/home');
    }
    await mine.go('/account/security');
    await mine.page.getByText('この端末', { exact: true }).waitFor();
    await holds(mine);
    await mine.page.getByRole('button', { name: 'ほかのすべての端末をログアウトさせる' }).click();
    await mine.page.getByText('ほかの端末ではログインしていません。').waitFor();
    await other.page.waitForURL((url) => url.pathname === '/signin');
    await until(async () => (await mine.page.locator('.devices .device', { hasText: 'Chrome' }).count()) === 1, 'one device');
});

test('まちがいは、次にすることを言う: ちがうパスワード、続けたまちがい、ちがうコード', async () => {
    const { id, login } = await someone({ role: 'office' });
    const person = await town.nobody(PHONE);
    const { page } = person;
    await fillIn(person, login, 'ちがう');
    await page.getByRole('alert').filter({ hasText: 'IDかパスワードがちがいます' }).waitFor();
    await holds(person);
    await town.city.query(
        `insert into login_attempts (login_sha256, failures, locks, locked_until) values (sha256(convert_to($1, 'UTF8')), 0, 1, now() + interval '15 minutes')
         on conflict (login_sha256) do update set locked_until = excluded.locked_until`, [login]);
    await page.getByRole('button', { name: 'ログインする', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'しばらくログインできません' }).waitFor();
    await town.city.query('delete from login_attempts');
    await town.city.query(`insert into login_attempts (login_sha256, failures, locks, locked_until) values (sha256(convert_to('factor ' || $1, 'UTF8')), 0, 1, now() + interval '15 minutes')`, [id]);
    await fillIn(person, login);
    await page.getByLabel('確認コード').fill('123456');
    await page.getByRole('button', { name: '登録する' }).click();
    await page.getByRole('alert').filter({ hasText: 'しばらく確認できません' }).waitFor();
    await town.city.query('delete from login_attempts');
});

test('実演用のアカウントは、選ぶだけで確認コードまで入る', async () => {
    const person = await town.nobody(DESK);
    const { page } = person;
    await person.go('/signin');
    await page.getByRole('button', { name: /担任/ }).click();
    await page.getByRole('button', { name: 'ログインする', exact: true }).click();
    await until(async () => /^\d{6}$/.test(await page.getByLabel('確認コード').inputValue()), 'the code fills itself in');
    await page.getByRole('button', { name: '確認する' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/class/'));
});
