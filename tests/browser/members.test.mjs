// The staff of a school, as its administrator keeps them: invited, given roles, ended, given back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { account, places } from '../support/people.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, at, administrator, page, colleague;

const told = (text) => page.getByRole('status').getByText(text).waitFor();
const roles = async () => (await administrator.api('GET', `/schools/${at.a.id}/staff`)).body.rows
    .filter((row) => row.account_id === colleague).map((row) => row.role);

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    colleague = await account(city.city, { roles: [{ role: 'office', school_id: at.a.id }, { role: 'nurse', school_id: at.a.id }] });
    administrator = await openAs(city, [{ role: 'administrator', school_id: at.a.id }], DESK);
    ({ page } = administrator);
});

after(() => city.close());

const go = async (to = colleague) => {
    await administrator.go(`/school/${at.a.id}/staff`);
    await page.locator(`tr[data-account="${to}"]`).waitFor();
};

test('7 学校管理者が教職員を招待し、紙で渡すコードの控えが出て、招待を取り消せる', async () => {
    await go();
    for (const [label, text] of [['姓', '山口'], ['名', '新'], ['姓のよみがな', 'やまぐち'], ['名のよみがな', 'あらた']]) await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByRole('combobox', { name: '役割' }).selectOption('homeroom');
    await page.getByRole('button', { name: '招待する' }).click();
    await page.getByText('担任の学級を選んでください。').waitFor();
    await page.getByRole('combobox', { name: '学級' }).selectOption(String(at.a.one.id));
    await page.getByRole('button', { name: '招待する' }).click();
    await told('山口 新さんを招待しました。');
    await page.locator('.letter').getByText(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/).waitFor();
    await page.getByRole('button', { name: '山口 新さんの招待を取り消す' }).click();
    await told('山口 新さんの招待を取り消しました。');
});

test('7 役割を終えると終わり、元に戻せる。最後の役割は、確かめてから終える', async () => {
    await go();
    const row = page.locator(`tr[data-account="${colleague}"]`);
    assert.deepEqual((await roles()).sort(), ['nurse', 'office']);
    await row.getByRole('button', { name: /^役割を終える.*事務/ }).click();
    await told(/「事務」を終えました/);
    assert.deepEqual(await roles(), ['nurse']);
    await page.getByRole('button', { name: '元に戻す' }).click();
    await told(/「事務」を元に戻しました/);
    assert.deepEqual((await roles()).sort(), ['nurse', 'office']);
    for (const role of ['事務', '養護教諭']) {
        const end = row.locator('.member-role').filter({ hasText: role }).getByRole('button', { name: /^役割を終える/ });
        await end.click(); // waits until it can be pressed: the list, which says what the last role is, has been read again then
        if (role === '養護教諭') await page.getByRole('dialog').getByRole('button', { name: '役割を終える' }).click();
        await told(new RegExp(`「${role}」を終えました`));
    }
    assert.deepEqual(await roles(), []);
});

test('7 事務は教職員の画面を開けない', async () => {
    const office = await openAs(city, [{ role: 'office', school_id: at.a.id }], DESK);
    await office.go(`/school/${at.a.id}/staff`);
    await office.page.getByRole('heading', { name: '表示できませんでした' }).waitFor();
    await office.page.context().close();
});

test('7 携帯電話をなくした方の二段階認証を、名前を確かめてからリセットする', async () => {
    const lost = await account(city.city, { roles: [{ role: 'nurse', school_id: at.a.id }] });
    await city.city.query(`insert into totp (account_id, sealed, confirmed_at) values ($1, '\\x00', now())`, [lost]);
    await go(lost);
    const row = page.locator(`tr[data-account="${lost}"]`);
    const reset = row.getByRole('button', { name: '試験 花子さんの二段階認証をリセット' });
    await reset.click();
    const dialog = page.getByRole('dialog', { name: /試験 花子さんの二段階認証をリセットしますか/ });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal((await city.city.query('select 1 from totp where account_id = $1', [lost])).length, 1, 'nothing yet');
    await page.keyboard.press('Enter'); // the button has the focus again
    await dialog.getByRole('button', { name: '二段階認証をリセット' }).click();
    await told(/二段階認証をリセットしました/);
    assert.equal((await city.city.query('select 1 from totp where account_id = $1', [lost])).length, 0);
    await row.getByText('まだ', { exact: true }).waitFor();
});

test('7 教育委員会は、市の教職員の画面で役割を終え、元に戻せる', async () => {
    const board = await openAs(city, [{ role: 'board' }], DESK);
    const second = await account(city.city, { roles: [{ role: 'board' }, { role: 'operator' }] });
    await board.go('/city/staff');
    const row = board.page.locator(`tr[data-account="${second}"]`);
    await row.getByRole('button', { name: /^役割を終える.*運用担当/ }).click();
    await board.page.getByText(/「運用担当」を終えました/).waitFor();
    await board.page.getByRole('button', { name: '元に戻す' }).click();
    await board.page.getByText(/「運用担当」を元に戻しました/).waitFor();
    const { body } = await board.api('GET', '/city/staff');
    assert.deepEqual(body.rows.filter((one) => one.account_id === second).map((one) => one.role).sort(), ['board', 'operator']);
    await assertUsable(board, 'staff of the city');
    await board.page.setViewportSize(PHONE);
    await assertUsable(board, 'staff of the city on a phone');
    await board.page.context().close();
});

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`7 教職員の画面は使える人を選ばない (${size})`, async () => {
        const person = await openAs(city, [{ role: 'administrator', school_id: at.a.id }], viewport);
        await person.go(`/school/${at.a.id}/staff`);
        await person.page.locator('tr[data-account]').first().waitFor();
        await assertUsable(person, 'staff');
        await person.page.context().close();
    });
}
