// The demonstration's mails: from the sign-in page, without being signed in, as they come.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DESK, openCity, PHONE } from './support.mjs';

const city = await openCity();
after(() => city.close());

const send = (subject, body) => city.city.query('select mail_enqueue($1, $2, $3)', ['tanaka@example.jp', subject, body]);

test('実演: ログインの画面から、届いたメールを開ける。新しいメールは自動で現れ、リンクを押せる', { skip: !city.city }, async () => {
    const person = await city.nobody(PHONE);
    const { page } = person;
    await person.go('/signin');
    await page.getByRole('main').getByRole('link', { name: '届いたメールを見る' }).click();
    await page.getByRole('heading', { name: '届いたメール', level: 1 }).waitFor();
    await page.getByText('まだメールはありません。').waitFor();
    await page.getByText('実演用の市です').waitFor();
    await send('確認コードのお知らせ', `確認コードは 123456 です。\n${city.origin}/signin?from=mail を開いてください。`);
    const mail = page.getByRole('article', { name: '確認コードのお知らせ' });
    await mail.getByText('確認コードは 123456 です。').waitFor();
    await mail.getByText('tanaka@example.jp').waitFor();
    await send('<b>二通目</b>', '本文');
    await page.getByRole('article', { name: '<b>二通目</b>' }).waitFor();
    assert.deepEqual(await page.getByRole('heading', { level: 2 }).allInnerTexts(), ['<b>二通目</b>', '確認コードのお知らせ']);
    await mail.getByRole('link').click();
    await page.waitForURL((url) => url.pathname === '/signin');
    assert.deepEqual(person.errors, []);
});

test('実演: どの画面からも、帯のリンクで開ける', { skip: !city.city }, async () => {
    const { page } = await city.open('guardian', DESK);
    await page.getByRole('link', { name: '届いたメールを見る' }).click();
    await page.getByRole('heading', { name: '届いたメール', level: 1 }).waitFor();
    await page.getByRole('link', { name: '戻る' }).click();
    await page.waitForURL((url) => url.pathname === '/home');
});

test('実演: つながらないときは、そう言い、つながれば元に戻る', { skip: !city.city }, async () => {
    const person = await city.open('guardian', PHONE, { wire: true });
    await person.go('/demo/mails');
    await person.page.getByRole('heading', { name: '届いたメール', level: 1 }).waitFor();
    await person.page.locator('.mail').first().waitFor();
    await person.offline(true);
    await person.page.getByText('最新の状態を確かめられません').waitFor();
    assert.ok(await person.page.locator('.mail').count() > 0);
    await person.offline(false);
    await person.page.getByText('最新の状態を確かめられません').waitFor({ state: 'detached' });
});
