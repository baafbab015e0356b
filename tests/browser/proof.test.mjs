// Before it is changed how somebody signs in, an old session asks once more who it is, then does what was wanted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeAt, password, setPassword } from '../support/factors.mjs';
import { account, places } from '../support/people.mjs';
import { authenticator, DESK, openCity, PHONE, tabTo, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

const MAKE = 'この端末のパスキーを登録する';
let town, child;

before(async () => {
    town = await openCity({ own: true });
    child = (await places(town.city)).a.one.students[0];
});
after(() => town.close());

const button = (page, name) => page.getByRole('button', { name, exact: true });
const dialog = (page) => page.getByRole('dialog', { name: 'ご本人の確認' });
const age = (id) => town.city.query(`update sessions set proved_at = now() - interval '1 day' where account_id = $1`, [id]);

/** A guardian at the screen where it is changed how to sign in. */
async function guardian(viewport = PHONE) {
    const id = await account(town.city, { children: [child] });
    const person = await town.nobody(viewport);
    const [name, value] = (await town.city.as(id)).cookie.split('=');
    await person.page.context().addCookies([{ name, value, url: town.origin, secure: true, httpOnly: true, sameSite: 'Lax' }]);
    const device = await authenticator(person);
    await person.go('/account/security');
    await button(person.page, MAKE).waitFor();
    return { ...person, id, device, page: person.page, errors: person.errors, go: (path) => person.go(path) };
}

for (const [size, viewport] of [['phone', PHONE], ['desk', DESK]]) {
    test(`5(1)ア 前にログインしたままの端末では、パスワードを入れてからパスキーを登録する (${size})`, async () => {
        const person = await guardian(viewport);
        const { page, id, device } = person;
        await setPassword(town.city, id);
        await age(id);
        await tabTo(page, button(page, MAKE));
        await page.keyboard.press('Enter');
        await dialog(page).waitFor();
        await assertUsable(person, 'ご本人の確認');
        assert.equal(await page.evaluate(() => document.activeElement.name), 'current_password', 'what is to be typed has the focus');
        await page.keyboard.press('Enter');
        await dialog(page).getByText('パスワードを入れてください。').waitFor();
        await page.keyboard.type('not-the-password');
        await page.keyboard.press('Enter');
        await dialog(page).getByText(/パスワードがちがいます/).waitFor();
        await assertUsable(person, 'ご本人の確認: ちがうパスワード');

        await page.keyboard.press('Escape');
        await dialog(page).waitFor({ state: 'detached' });
        assert.equal(await button(page, MAKE).evaluate((one) => one === document.activeElement), true, 'the focus is back');
        assert.equal(await page.getByRole('alert').count(), 0, 'who turns away is told nothing');
        assert.equal((await device.credentials()).length, 0);

        await page.keyboard.press('Enter');
        await page.getByLabel('いまのパスワード').fill(password);
        await page.keyboard.press('Enter');
        await page.locator('.device strong', { hasText: 'のパスキー' }).waitFor();
        assert.equal(await dialog(page).count(), 0);
        assert.equal((await device.credentials()).length, 1);

        // For a quarter of an hour nothing is asked.
        await button(page, MAKE).click();
        await page.getByRole('alert').filter({ hasText: 'もう登録してあります' }).waitFor();
        await assertUsable(person, '登録したあと');
    });
}

test('パスワードのない人はパスキーで確認し、入れた内容はそのまま送られる', async () => {
    const person = await guardian();
    const { page, id } = person;
    await button(page, MAKE).click();
    await page.locator('.device strong', { hasText: 'のパスキー' }).waitFor();
    await person.go('/account/security');
    await age(id);
    await button(page, 'パスワードを決める').click();
    await page.getByLabel('新しいパスワード').fill('銀杏並木の下で待つ');
    await button(page, '決める').click();
    await dialog(page).waitFor();
    assert.equal(await page.getByLabel('いまのパスワード').count(), 0);
    await assertUsable(person, 'ご本人の確認: パスキーだけ');
    await button(page, 'やめる').last().click();
    assert.equal(await page.getByLabel('新しいパスワード').inputValue(), '銀杏並木の下で待つ');
    await button(page, '決める').click();
    await button(page, 'パスキーで確認する').click();
    await button(page, 'パスワードを変える').waitFor();
    assert.notEqual((await town.city.one('select password_hash from accounts where id = $1', [id])).password_hash, null);
    assert.deepEqual(person.errors, []);
});

test('認証アプリの登録も、確認してから始まる。やめても、もう一度始められる', async () => {
    const person = await guardian();
    const { page, id } = person;
    await setPassword(town.city, id);
    await age(id);
    await button(page, '認証アプリを登録する').click();
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('登録を始めるには、ご本人の確認が必要です。').waitFor();
    await assertUsable(person, '登録をやめた');
    await button(page, 'もう一度始める').click();
    await page.getByLabel('いまのパスワード').fill(password);
    await button(page, '確認する').click();
    const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '');
    await age(id);
    await page.getByLabel('確認コード').fill(codeAt(secret));
    await button(page, '登録する').click();
    await page.getByLabel('いまのパスワード').fill(password);
    await button(page, '確認する').click();
    await page.getByRole('heading', { name: '回復コード' }).waitFor();
    assert.deepEqual(person.errors, []);
});

test('パスワードもパスキーもない人には、ログインしなおすよう伝える', async () => {
    const person = await guardian(DESK);
    const { page, id } = person;
    await age(id);
    await button(page, MAKE).click();
    await dialog(page).getByText(/いったんログアウトし、もう一度ログインしてから/).waitFor();
    await assertUsable(person, 'ご本人の確認: どちらもない');
    await button(page, '閉じる').click();
    await until(async () => (await dialog(page).count()) === 0, 'closed');
});

test('別紙2 14条 パスワードのない人は、パスキーで確認してから退会する', async () => {
    const person = await guardian();
    const { page, id } = person;
    await button(page, MAKE).click();
    await page.locator('.device strong', { hasText: 'のパスキー' }).waitFor();
    await age(id);
    await person.go('/account/leave');
    await page.getByLabel('元に戻せないことがわかりました').check();
    await button(page, '退会する').click();
    await button(page, 'パスキーで確認する').click();
    await page.getByRole('heading', { name: '退会しました' }).waitFor();
    assert.deepEqual(person.errors, []);
});
