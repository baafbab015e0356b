// The own account: names, address, children, inviting, own data, leaving.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { mailbox } from '../support/mailbox.mjs';
import { digitsFor, families, fromMail, heading, letterFor, newAddress, PASSWORD, password, press, register, signIn } from './guardians.mjs';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

const NEW = 'あおい ペンギン 五わ';
const SIZES = { phone: PHONE, desk: DESK };
let city, server, office, children;

before(async () => {
    city = await openCity({ own: true });
    server = city.city;
    ({ children, office } = await families(server, 10));
});

after(() => city.close());

/** Somebody new, with a child of her own, signed in. */
async function guardian(viewport = PHONE, options = {}) {
    const child = children.shift();
    const person = await city.nobody(viewport);
    Object.assign(person, await register(server, person, await letterFor(office, child), options), { child });
    return person;
}

for (const [size, viewport] of Object.entries(SIZES)) {
    test(`5(1)ア 自分の登録を見て、名前とアドレスを変えられる（${size}）`, async () => {
        const person = await guardian(viewport);
        const { page, mail, child } = person;
        await page.getByRole('link', { name: 'お子さんの画面へ' }).click();
        await page.getByRole('link', { name: /マイページ/ }).click();
        await heading(page, 'マイページ');
        await page.getByRole('heading', { level: 3, name: `${child.family_name} ${child.given_name}` }).waitFor();
        await page.getByText(person.login_id).waitFor();
        await assertUsable(person, 'マイページ');

        await page.getByRole('link', { name: /お名前/ }).click();
        await heading(page, 'お名前の変更');
        await page.getByLabel('せい（ふりがな）').fill('鈴木');
        await press(page, '保存する');
        await page.getByText('ふりがなは、ひらがなかカタカナで入れてください。').waitFor();
        await assertUsable(person, 'お名前: ふりがなでない');
        await page.getByLabel('姓', { exact: true }).fill('鈴木');
        await page.getByLabel('せい（ふりがな）').fill('スズキ');
        await press(page, '保存する');
        await heading(page, 'マイページ');
        await page.getByText('鈴木 花子（すずき はなこ）').waitFor();

        await page.getByRole('link', { name: /メールアドレス/ }).click();
        const fresh = newAddress();
        await page.getByLabel('新しいアドレス').fill(fresh);
        await password(page).fill('not-the-password');
        await press(page, '確認コードを送る');
        await page.getByText(/パスワードがちがいます/).waitFor();
        await assertUsable(person, 'メール: パスワードちがい');
        await password(page).fill(PASSWORD);
        await press(page, '確認コードを送る');
        await heading(page, '確認コード');
        await page.reload();
        await heading(page, '確認コード');
        await assertUsable(person, '確認コード');
        await page.getByLabel(`${fresh} に届いた確認コード`).fill(await digitsFor(server, fresh));
        await page.getByLabel(`${mail} に届いた確認コード`).fill(await digitsFor(server, mail));
        await press(page, 'このアドレスにする');
        await page.getByText(`メールアドレスを ${fresh} にしました。`).waitFor();
        await fromMail(server, mail, /変更されました/);
    });
}

test('5(1)ア パスワードを変えると、ほかの端末はログアウトする', async () => {
    const person = await guardian();
    const { page, mail } = person;
    const other = await city.nobody(DESK);
    await other.go('/signin');
    assert.ok(await signIn(other, mail));
    await person.go('/account/security');
    await press(page, 'パスワードを変える');
    await password(page, 'いまのパスワード').fill('not-the-password');
    await password(page, '新しいパスワード').fill(NEW);
    await press(page, '変える');
    await page.getByText('いまのパスワードがちがいます。').waitFor();
    await assertUsable(person, 'パスワード: ちがう');
    await password(page, 'いまのパスワード').fill(PASSWORD);
    await press(page, '変える');
    await other.page.waitForURL(/\/signin/);
    const again = await city.nobody(PHONE);
    await again.go('/signin');
    assert.ok(await signIn(again, mail, NEW));
});

test('5(1)ア アドレスの変更は途中でやめられる', async () => {
    const { page } = await guardian();
    await page.goto(`${city.origin}/account/mail`);
    await page.getByLabel('新しいアドレス').fill(newAddress());
    await password(page).fill(PASSWORD);
    await press(page, '確認コードを送る');
    await press(page, '変更をやめる');
    await page.getByText('変更をやめました。').waitFor();
});

test('5(1)エ もう一人の保護者を招待し、相手が登録する。たがいの名前も連絡先も見えない', async () => {
    const first = await guardian(PHONE, { family: '遠山', given: '一郎' });
    const { page, child } = first;
    await page.goto(`${city.origin}/account`);
    await page.getByRole('link', { name: 'もう一人の保護者を招待する' }).click();
    await heading(page, 'もう一人の保護者を招待する');
    await assertUsable(first, '招待: はじめ');
    const partner = newAddress();
    await page.getByLabel(/相手のメールアドレス/).fill(partner);
    await press(page, '登録コードを作る');
    await page.getByText(`${partner} にも送りました。`).waitFor();
    const code = await page.locator('.code-shown [aria-hidden]').innerText();
    assert.match(code, /^([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}$/);
    await page.getByRole('img', { name: /QRコード/ }).waitFor();
    await assertUsable(first, '招待: コード');
    const { text } = await mailbox(server).next(partner);
    assert.ok(text.includes(code));
    assert.ok(!text.includes(first.mail), 'the mail tells nobody\'s address');

    const second = await city.nobody(DESK);
    await register(server, second, code, { family: '二人目', given: '次郎', relation: '父' });
    await second.go('/account');
    const shown = second.page.locator('.linked');
    await shown.getByText('あなた（父）').waitFor();
    await shown.getByText('母', { exact: true }).waitFor();
    for (const [one, other] of [[first, ['二人目', '次郎']], [second, ['遠山', '一郎', first.mail]]]) {
        await one.go('/account');
        await one.page.locator('.linked').first().waitFor();
        const html = await one.page.content();
        for (const secret of other) assert.ok(!html.includes(secret), `${secret} is shown`);
    }
    assert.equal(await first.page.locator('.linked').getByText(/登録している保護者 2人/).count(), 1);
    assert.ok(child);
});

test('5(1)エ 使われていない招待は取り消せ、取り消したコードは使えない', async () => {
    const { page } = await guardian();
    await page.goto(`${city.origin}/account`);
    await page.getByRole('link', { name: 'もう一人の保護者を招待する' }).click();
    await press(page, '登録コードを作る');
    const code = await page.locator('.code-shown [aria-hidden]').innerText();
    await press(page, '取り消す');
    await page.getByText('招待を取り消しました。').waitFor();
    await page.locator('.code-shown').waitFor({ state: 'detached' });
    const other = await city.nobody(PHONE);
    await other.go(`/join#${code}`);
    await other.page.getByRole('alert').getByText(/このコードは使えません/).waitFor();
});

test('別紙2 14条 自分の情報を見て受け取り、退会すると証明書が出て、もうログインできない', async () => {
    const person = await guardian();
    const { page, login_id, mail } = person;
    await page.goto(`${city.origin}/account/data`);
    await page.getByRole('heading', { name: 'ログインしている端末' }).waitFor();
    await page.getByText(mail).waitFor();
    await assertUsable(person, 'わたしの情報');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '全部をファイルで受け取る' }).click()]);
    assert.ok(JSON.parse(await readFile(await download.path(), 'utf8')).account.login_id === login_id);

    await page.getByRole('link', { name: '退会する' }).click();
    await heading(page, '退会する');
    await press(page, '退会する');
    await page.getByText('確かめて、印を付けてください。').waitFor();
    await assertUsable(person, '退会: 空');
    await page.getByLabel('元に戻せないことがわかりました').check();
    await password(page).fill('not-the-password');
    await press(page, '退会する');
    await page.getByText(/パスワードがちがいます/).waitFor();
    assert.match(page.url(), /\/account\/leave$/, 'still signed in');
    await password(page).fill(PASSWORD);
    await press(page, '退会する');
    await heading(page, '退会しました');
    await page.getByText('消去証明書').waitFor();
    await assertUsable(person, '退会しました');
    const again = await city.nobody(PHONE);
    await again.go('/signin');
    assert.equal(await signIn(again, login_id), false);
    assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes('account_id'));
});
