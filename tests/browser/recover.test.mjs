// Forgotten id or password, by the guardian alone: by mail, or with a code that the school's office printed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { digitsFor, families, fromMail, heading, letterFor, newAddress, PASSWORD, password, press, register, signIn } from './guardians.mjs';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

const NEW = 'あおい ペンギン 五わ';
const SIZES = { phone: PHONE, desk: DESK };
let city, server, office, children;

before(async () => {
    city = await openCity({ own: true });
    server = city.city;
    ({ children, office } = await families(server, 8));
});

after(() => city.close());

const registered = async (options) => register(server, await city.nobody(PHONE), await letterFor(office, children.shift()), options);

async function mayEnter(id, text) {
    const person = await city.nobody(PHONE);
    await person.go('/signin');
    const entered = await signIn(person, id, text);
    await person.page.context().close();
    return entered;
}

for (const [size, viewport] of Object.entries(SIZES)) {
    test(`5(1)ウ IDを知り、パスワードを自分で新しくできる（${size}）`, async () => {
        const { mail, login_id } = await registered();
        const person = await city.nobody(viewport);
        const { page } = person;
        await person.go('/recover');
        await heading(page, 'IDやパスワードを忘れたとき');
        await press(page, '確認コードを送る');
        await page.getByText('メールアドレスかログインIDを入れてください。').waitFor();
        await assertUsable(person, '忘れたとき: 空');
        await page.getByLabel('メールアドレスまたはログインID').fill(` ${mail.toUpperCase()} `);
        await press(page, '確認コードを送る');
        await heading(page, '確認コード');
        await page.getByText('メールが届かないとき').click();
        await assertUsable(person, '番号');
        await page.reload();
        await page.getByLabel('確認コード（6けたの数字）').fill(await digitsFor(server, mail));
        await press(page, 'つぎへ');
        await heading(page, '新しいパスワード');
        await page.getByText(login_id).waitFor();
        await password(page, '新しいパスワード').fill('1234567');
        await press(page, 'このパスワードにする');
        await page.getByText('パスワードは8文字以上にしてください。').waitFor();
        await assertUsable(person, '新しいパスワード: 短い');
        await password(page, '新しいパスワード').fill(NEW);
        await press(page, 'このパスワードにする');
        await heading(page, 'パスワードを新しくしました');
        await assertUsable(person, '新しくしました');
        await page.getByRole('link', { name: '最初の画面へ' }).click();
        await heading(page, 'お子さん');
        assert.equal(await mayEnter(login_id, PASSWORD), false, 'the old password');
        assert.equal(await mayEnter(login_id, NEW), true, 'the new one');
    });
}

test('5(1)ウ 登録のないアドレスでも、画面は一字もちがわない', async () => {
    const { mail } = await registered();
    const seen = [];
    for (const login of [mail, newAddress()]) {
        const person = await city.nobody(PHONE);
        const { page } = person;
        await person.go('/recover');
        await page.getByLabel('メールアドレスまたはログインID').fill(login);
        await press(page, '確認コードを送る');
        await heading(page, '確認コード');
        const texts = [await page.locator('main').innerText()];
        await page.getByLabel('確認コード（6けたの数字）').fill('000000');
        await press(page, 'つぎへ');
        await page.getByRole('alert').waitFor();
        texts.push(await page.locator('main').innerText());
        seen.push(texts.map((text) => text.replace(/\d+秒/, '秒')));
        await page.context().close();
    }
    assert.deepEqual(seen[1], seen[0]);
});

test('5(1)ウ メールのない人は、学校でもらった再設定コードで新しくできる', async () => {
    const child = children[0];
    const { login_id } = await registered({ mail: null });
    const { id } = await server.one('select id from accounts where login_id = $1', [login_id]);
    const { code } = await office.post(`/api/students/${child.id}/guardians/${id}/reset`);
    const person = await city.nobody(PHONE);
    const { page } = person;
    await person.go('/recover');
    await page.getByRole('link', { name: '学校で再設定コードを受け取った方' }).click();
    await heading(page, '再設定コード');
    await page.getByLabel('再設定コード').fill('2345');
    await press(page, 'つぎへ');
    await page.getByText('コードは12文字です。続きを入れてください。').waitFor();
    await assertUsable(person, '再設定コード: 短い');
    await page.getByLabel('再設定コード').fill(code.toLowerCase());
    await press(page, 'つぎへ');
    await heading(page, '新しいパスワード');
    await password(page, '新しいパスワード').fill(NEW);
    await press(page, 'このパスワードにする');
    await heading(page, 'パスワードを新しくしました');
    await page.getByText(login_id).waitFor();
    assert.equal(await mayEnter(login_id, NEW), true);

    // A code from the office in the wrong place leads to the right one.
    const { code: again } = await office.post(`/api/students/${child.id}/guardians/${id}/reset`);
    const other = await city.nobody(PHONE);
    await other.go(`/join#${again}`);
    await other.page.getByText('これは、パスワードの再設定コードです。').waitFor();
    await other.page.getByRole('link', { name: '再設定の画面へ進む' }).click();
    await heading(other.page, '再設定コード');
});

test('5(1)ウ 身に覚えのないアドレスの変更は、お知らせのコードで取り消せる', async () => {
    const { mail } = await registered();
    const thief = await city.nobody(DESK);
    const { page } = thief;
    await thief.go('/signin');
    assert.ok(await signIn(thief, mail));
    const taken = newAddress();
    await thief.go('/account/mail');
    await page.getByLabel('新しいアドレス').fill(taken);
    await password(page).fill(PASSWORD);
    await press(page, '確認コードを送る');
    await page.getByLabel(`${taken} に届いた確認コード`).fill(await digitsFor(server, taken));
    await page.getByLabel(`${mail} に届いた確認コード`).fill(await digitsFor(server, mail));
    await press(page, 'このアドレスにする');
    await page.getByText(`メールアドレスを ${taken} にしました。`).waitFor();

    const code = await fromMail(server, mail, /([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}/);
    const owner = await city.nobody(PHONE);
    await owner.go('/recover');
    await owner.page.getByRole('link', { name: 'メールアドレスの変更を取り消す' }).click();
    await heading(owner.page, 'メールアドレスの変更を取り消す');
    await assertUsable(owner, '変更を取り消す');
    await owner.page.getByLabel('取り消しコード').fill(code);
    await press(owner.page, '変更を取り消す');
    await heading(owner.page, '取り消しました');
    await assertUsable(owner, '取り消しました');
    await page.reload();
    await page.waitForURL(/\/signin/);
    assert.equal(await mayEnter(mail, PASSWORD), false, 'the password that somebody knew is gone');
    const { email } = await server.one('select email from accounts where email = any ($1)', [[mail, taken]]);
    assert.equal(email, mail);
});
