// Registration by the guardian, from the school's letter to the first report, as a guardian lives it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mailbox } from '../support/mailbox.mjs';
import {
    digitsFor, families, fromMail, giveNames, givePassword, heading, letterFor, newAddress, PASSWORD, password, press, register, signIn,
} from './guardians.mjs';
import { authenticator, DESK, openCity, PHONE, tabTo, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, server, office, children;
const code = () => letterFor(office, children[0]);
const address = (page) => page.evaluate(() => location.pathname + location.search + location.hash);
const stored = (page) => page.evaluate(() => JSON.stringify(sessionStorage) + JSON.stringify(localStorage));

/** A child whom nobody has yet. */
function nextChild() {
    const child = children.shift();
    if (!child) throw new Error('more children are needed');
    return child;
}

before(async () => {
    city = await openCity({ own: true });
    server = city.city;
    ({ children, office } = await families(server, 15));
});

after(() => city.close());

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`5(1)イ 手紙のQRから登録し、すぐに連絡できる画面になる（どの手順も使える人を選ばない: ${size}）`, async () => {
        const child = nextChild();
        const letter = await letterFor(office, child);
        const person = await city.nobody(viewport);
        const { page } = person;
        await person.go(`/join#${letter}`);
        await heading(page, 'お子さんを確かめてください');
        assert.equal(await address(page), '/join/child', 'the code left the address bar');
        await page.getByText(`${child.family_name} ${child.given_name}`).waitFor();
        await page.getByText(child.school_name).waitFor();
        await page.getByRole('button', { name: 'ちがうお子さんです' }).click();
        await page.getByRole('link', { name: new RegExp(child.phone) }).waitFor();
        await assertUsable(person, 'お子さん');
        await press(page, 'はい、つぎへ');

        await heading(page, 'メールアドレス');
        await press(page, '確認コードを送る');
        await page.getByText('メールアドレスを入れてください。').waitFor();
        await assertUsable(person, 'メール: 空');
        const mail = newAddress();
        await page.getByLabel('メールアドレス').fill(mail.toUpperCase());
        await press(page, '確認コードを送る');

        await heading(page, '確認コード');
        const digits = await digitsFor(server, mail);
        await page.getByLabel('確認コード（6けたの数字）').fill(digits === '000000' ? '000001' : '000000');
        await press(page, 'つぎへ');
        await page.getByText('確認コードがちがいます。あと4回入れられます。').waitFor();
        assert.equal(await page.evaluate(() => document.activeElement.name), 'mail_code', 'the field that is wrong has the focus');
        await page.getByText('メールが届かないとき').click();
        await assertUsable(person, '番号: ちがう');
        await page.getByLabel('確認コード（6けたの数字）').fill(digits.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))));
        await press(page, 'つぎへ');

        await heading(page, 'あなたのお名前');
        await press(page, 'つぎへ');
        await page.getByText('続柄を選んでください。').waitFor();
        await assertUsable(person, 'お名前: 空');
        await giveNames(page, { family: '𠮷田', familyKana: 'ﾖｼﾀﾞ' });

        await heading(page, 'パスワードを決める');
        await password(page).fill('password');
        await page.getByLabel(/同意します/).check();
        await press(page, '登録する');
        await page.getByText(/推測されやすいため使えません/).waitFor();
        await assertUsable(person, 'パスワード: 弱い');
        await press(page, '全文を読む');
        await page.getByRole('dialog').getByText(/版/).waitFor();
        await assertUsable(person, '利用のきまり');
        await press(page, '閉じる');
        await givePassword(page);

        await heading(page, '登録できました');
        await assertUsable(person, '登録できました');
        assert.match(await page.locator('.login-id strong').innerText(), /^[a-z]{4}\d{4}$/);
        assert.ok(!(await stored(page)).includes(PASSWORD), 'the password is kept nowhere');
        await page.getByRole('link', { name: 'お子さんの画面へ' }).click();
        await page.getByRole('heading', { level: 2, name: `${child.family_name} ${child.given_name}` }).waitFor();
        await page.getByRole('link', { name: '欠席・遅刻・早退を連絡' }).waitFor();
        const { family_kana } = await server.one('select family_kana from accounts where email = $1', [mail]);
        assert.equal(family_kana, 'よしだ');
        await page.context().close();
    });
}

test('5(1)ア キーボードだけで、登録からパスキーの登録、新しい利用のきまりへの同意までできる', async () => {
    const child = nextChild();
    const person = await city.nobody(DESK);
    const { page } = person;
    const device = await authenticator(person);
    const press = async (control, key = 'Enter') => {
        await tabTo(page, control);
        await page.keyboard.press(key);
    };
    const type = async (label, text) => {
        await tabTo(page, page.getByLabel(label, { exact: true }));
        await page.keyboard.insertText(text);
    };
    const button = (name) => page.getByRole('button', { name, exact: true });
    await person.go(`/join#${await letterFor(office, child)}`);
    await heading(page, 'お子さんを確かめてください');
    await press(button('はい、つぎへ'));
    await heading(page, 'メールアドレス');
    const mail = newAddress();
    await type('メールアドレス', mail);
    await page.keyboard.press('Enter');
    await heading(page, '確認コード');
    await type('確認コード（6けたの数字）', await digitsFor(server, mail));
    await page.keyboard.press('Enter');
    await heading(page, 'あなたのお名前');
    for (const [label, text] of [['姓', '鍵'], ['せい（ふりがな）', 'かぎ'], ['名', '盤子'], ['めい（ふりがな）', 'ばんこ']]) await type(label, text);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('radio', { name: '父', exact: true }).isChecked(), true);
    await press(button('つぎへ'));
    await heading(page, 'パスワードを決める');
    await type('パスワード', PASSWORD);
    await press(button('全文を読む'));
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await until(() => button('全文を読む').evaluate((one) => one === document.activeElement), 'the focus is back');
    await press(page.getByLabel(/同意します/), 'Space');
    await press(button('登録する'));

    await heading(page, '登録できました');
    await press(button('この端末で使えるようにする'));
    await page.getByText(/使えるようになりました/).waitFor();
    assert.equal((await device.credentials()).length, 1);
    await assertUsable(person, 'パスキーの登録');
    await server.query('update accounts set consent_version = null, consented_at = null where email = $1', [mail]);
    await press(page.getByRole('link', { name: 'お子さんの画面へ' }));
    await page.getByRole('heading', { level: 2, name: `${child.family_name} ${child.given_name}` }).waitFor();
    await page.reload();
    await press(page.getByRole('link', { name: '読む' }));
    await heading(page, '利用のきまりと個人情報の取り扱い');
    await assertUsable(person, '利用のきまりへの同意');
    await press(button('同意する'));
    await page.waitForURL((url) => url.pathname === '/home');
    const agreed = await server.one('select consent_version = terms_current() as current, (select relation from guardianships g where g.account_id = a.id) from accounts a where email = $1', [mail]);
    assert.deepEqual(agreed, { current: true, relation: 'father' });
    await page.getByRole('link', { name: '読む' }).waitFor({ state: 'detached' });
    await page.context().close();
});

test('5(1)ア 登録した人は、IDでもメールアドレスでもログインできる', async () => {
    const person = await city.nobody(PHONE);
    const { mail, login_id } = await register(server, person, await letterFor(office, nextChild()));
    for (const id of [login_id, mail, login_id.toUpperCase()]) {
        const again = await city.nobody(PHONE);
        await again.go('/signin');
        assert.ok(await signIn(again, id), id === mail ? 'by address' : 'by id');
        await again.page.context().close();
    }
});

test('5(1)イ メールを使わずに、コードを手で入れて登録し、IDの控えを印刷できる', async () => {
    const letter = await letterFor(office, nextChild());
    const person = await city.nobody(DESK);
    const { page } = person;
    await person.go('/join');
    const field = page.getByLabel('登録コード');
    await field.pressSequentially('2O3');
    await page.getByText(/「O」は、コードに使われない文字です/).waitFor();
    await field.fill('');
    const wrong = letter.at(-1) === '2' ? '3' : '2';
    await field.pressSequentially(letter.slice(0, -1).toLowerCase() + wrong);
    await page.getByText(/打ちまちがい/).first().waitFor();
    await press(page, 'つぎへ');
    await page.getByRole('alert').getByText(/打ちまちがい/).waitFor();
    await assertUsable(person, 'コード: 打ちまちがい');
    await field.fill('');
    await field.pressSequentially(letter.replaceAll('-', ''));
    assert.equal(await field.inputValue(), letter, 'grouped while it is typed');
    await page.getByText('コードの形は正しいです。').waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'お子さんを確かめてください');
    await press(page, 'はい、つぎへ');
    await press(page, 'メールを使わずに進む');
    await giveNames(page);
    await givePassword(page);
    await heading(page, '登録できました');
    await page.getByText('このIDは、ログインのときに必要です。').waitFor();
    const id = await page.locator('.login-id strong').innerText();
    const card = page.locator('.login-card');
    assert.equal(await card.isVisible(), false);
    await page.emulateMedia({ media: 'print' });
    await card.getByText(id).waitFor();
    assert.equal(await page.getByRole('link', { name: 'お子さんの画面へ' }).isVisible(), false);
});

test('5(1)エ きょうだいの手紙は、ログインしている人なら一度で追加できる。もう一度読んでも困らない', async () => {
    const person = await city.nobody(PHONE);
    const { page } = person;
    await register(server, person, await letterFor(office, nextChild()));
    const sibling = nextChild();
    const letter = await letterFor(office, sibling);
    await person.go(`/join#${letter}`);
    await heading(page, 'お子さんを確かめてください');
    await press(page, '追加する');
    await page.getByText('続柄を選んでください。').waitFor();
    await assertUsable(person, '追加: 空');
    await page.getByRole('radio', { name: '母', exact: true }).check({ force: true });
    await press(page, '追加する');
    await heading(page, '追加しました');
    await assertUsable(person, '追加しました');
    await page.getByRole('link', { name: 'お子さんの画面へ' }).click();
    await page.getByRole('heading', { level: 2, name: `${sibling.family_name} ${sibling.given_name}` }).waitFor();

    await person.go(`/join#${await letterFor(office, sibling, 2)}`);
    await page.getByRole('radio', { name: '母', exact: true }).check({ force: true });
    await press(page, '追加する');
    await heading(page, 'もう登録されています');
});

test('5(1)エ すでに登録している人は、コードからログインへ進み、コードに戻って追加できる', async () => {
    const first = await city.nobody(PHONE);
    const { mail } = await register(server, first, await letterFor(office, nextChild()));
    const sibling = nextChild();
    const person = await city.nobody(PHONE);
    const { page } = person;
    await person.go(`/join#${await letterFor(office, sibling)}`);
    await heading(page, 'お子さんを確かめてください');
    await page.getByRole('link', { name: '戻る' }).click();
    await page.getByRole('link', { name: 'ログインして追加する' }).click();
    assert.ok(await signIn(person, mail));
    await heading(page, 'お子さんを追加する');
    await press(page, 'つぎへ');
    await page.getByRole('radio', { name: '父', exact: true }).check({ force: true });
    await press(page, '追加する');
    await heading(page, '追加しました');
});

test('5(1)イ 知られているアドレスでも画面は同じで、メールだけが「登録済み」と知らせる', async () => {
    const known = await city.nobody(PHONE);
    const { mail } = await register(server, known, await letterFor(office, nextChild()));
    const person = await city.nobody(PHONE);
    const { page } = person;
    await person.go(`/join#${await code()}`);
    await press(page, 'はい、つぎへ');
    await page.getByLabel('メールアドレス').fill(mail);
    await press(page, '確認コードを送る');
    await heading(page, '確認コード');
    const text = await fromMail(server, mail, /^.*すでに登録されています.*$/s);
    assert.doesNotMatch(text, /(?<!\d)\d{6}(?!\d)/);
    await page.getByRole('link', { name: /すでに登録している方/ }).click();
    await page.waitForURL(/\/signin/);
});

test('5(1)イ 使えないコードは、次にすることを言う。使い終わったコードは、だれのものだったかを言わない', async () => {
    const child = nextChild();
    const letter = await letterFor(office, child);
    await register(server, await city.nobody(PHONE), letter);
    const person = await city.nobody(PHONE);
    const { page } = person;
    await person.go(`/join#${letter}`);
    await page.getByRole('alert').getByText(/このコードは使えません/).waitFor();
    await page.getByText(/学校へお電話ください/).first().waitFor();
    await assertUsable(person, 'コード: 使えない');
    assert.ok(!(await page.content()).includes(child.given_name));
    assert.equal(await page.getByLabel('登録コード').inputValue(), letter, 'what was typed stays');
});

test('5(1)エ 登録できる人数に達していたら、学校の電話を示す', async () => {
    const child = nextChild();
    await server.query('update schools set guardians_max = 1 where id = $1', [child.school_id]);
    try {
        await register(server, await city.nobody(PHONE), await letterFor(office, child));
        const person = await city.nobody(PHONE);
        await person.go(`/join#${await letterFor(office, child, 2)}`);
        await person.page.getByText(/もう1人の保護者が登録しています/).waitFor();
        await person.page.getByRole('link', { name: new RegExp(child.phone) }).waitFor();
        await assertUsable(person, '人数');
    } finally {
        await server.query('update schools set guardians_max = default where id = $1', [child.school_id]);
    }
});

test('5(1)イ 戻っても、読み込みなおしても、入れたものは残り、アドレスには何も出ない', async () => {
    const person = await city.nobody(PHONE);
    const { page } = person;
    const mail = newAddress();
    await person.go(`/join#${await code()}`);
    await press(page, 'はい、つぎへ');
    await page.getByLabel('メールアドレス').fill(mail);
    await page.reload();
    await heading(page, 'メールアドレス');
    assert.equal(await page.getByLabel('メールアドレス').inputValue(), mail);
    await press(page, '確認コードを送る');
    await heading(page, '確認コード');
    await page.reload();
    await heading(page, '確認コード');
    // The mail may be read on another device: only the digits matter.
    const digits = await digitsFor(server, mail);
    await page.getByLabel('確認コード（6けたの数字）').fill(digits);
    await press(page, 'つぎへ');
    await heading(page, 'あなたのお名前');
    await page.getByLabel('姓', { exact: true }).fill('試験');
    await page.goBack();
    await heading(page, '確認コード');
    await page.goBack();
    await heading(page, 'メールアドレス');
    assert.equal(await page.getByLabel('メールアドレス').inputValue(), mail);
    await press(page, '確認コードを送る');
    await heading(page, '確認コード');
    await press(page, 'つぎへ');
    await heading(page, 'あなたのお名前');
    assert.equal(await page.getByLabel('姓', { exact: true }).inputValue(), '試験');
    assert.equal(mailbox(server).all(mail).length, 1, 'the same address is not written to again');
    await page.reload();
    assert.equal(await page.getByLabel('姓', { exact: true }).inputValue(), '試験');
    await giveNames(page);
    await heading(page, 'パスワードを決める');
    assert.equal(await address(page), '/join/password');
    const history = await page.evaluate(() => JSON.stringify(window.history.state));
    assert.equal(history, 'null');

    // A second tab starts at the code; the first is not disturbed.
    const second = await page.context().newPage();
    await second.goto(`${city.origin}/join/password`);
    await heading(second, 'はじめての登録');
    await second.close();
    await givePassword(page);
    await heading(page, '登録できました');
    await page.goBack();
    await heading(page, '登録できました');
});

test('5(1)イ 途中で電波が切れても、入れたものは残り、つながれば続けられる', async () => {
    const person = await city.nobody(PHONE, { wire: true });
    const { page } = person;
    const mail = newAddress();
    await person.go(`/join#${await letterFor(office, nextChild())}`);
    await press(page, 'はい、つぎへ');
    await until(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).active?.state === 'activated')), 'the service worker');
    await page.getByLabel('メールアドレス').fill(mail);
    await person.offline(true);
    await page.getByText('電波が届いていません。入れた内容は、このまま残っています。').waitFor();
    await press(page, '確認コードを送る');
    await page.getByRole('alert').getByText(/つながる場所で、もう一度押してください/).waitFor();
    await assertUsable(person, 'メール: 電波なし');
    await page.reload();
    await heading(page, 'メールアドレス');
    assert.equal(await page.getByLabel('メールアドレス').inputValue(), mail);
    await person.offline(false);
    await page.getByText('電波が届いていません。入れた内容は、このまま残っています。').waitFor({ state: 'hidden' });
    await press(page, '確認コードを送る');
    await heading(page, '確認コード');
    await page.getByLabel('確認コード（6けたの数字）').fill(await digitsFor(server, mail));
    await press(page, 'つぎへ');
    await giveNames(page);
    await person.offline(true);
    await password(page).fill(PASSWORD);
    await page.getByLabel(/同意します/).check();
    await press(page, '登録する');
    await page.getByRole('alert').getByText(/もう一度押してください/).waitFor();
    assert.equal(await password(page).inputValue(), PASSWORD);
    await person.offline(false);
    await press(page, '登録する');
    await heading(page, '登録できました');
});

// The last of this file: terms are never taken back.
test('別紙2 登録のあいだに利用のきまりが変わると、新しいきまりが出て、入れた内容は残る', async () => {
    const person = await city.nobody(PHONE);
    const { page } = person;
    await person.go(`/join#${await letterFor(office, nextChild())}`);
    await press(page, 'はい、つぎへ');
    await press(page, 'メールを使わずに進む');
    await giveNames(page);
    await heading(page, 'パスワードを決める');
    await press(page, '全文を読む');
    await page.getByRole('dialog').getByText(/版/).waitFor();
    await press(page, '閉じる');
    await server.query(`insert into terms (version, changes, body) values ('2099-01', '保存の年数を変えました。', E'# 新しいきまり\n\nあたらしい本文です。')`);
    await givePassword(page);
    await page.getByText('利用のきまりが、いま新しくなりました。もう一度お読みください。').waitFor();
    await page.getByText('あたらしい本文です。').waitFor();
    await page.getByText('保存の年数を変えました。').waitFor();
    assert.equal(await page.getByLabel(/同意します/).isChecked(), false, 'agreeing to the old one is not agreeing to the new one');
    assert.equal(await password(page).inputValue(), PASSWORD, 'what was typed is there');
    await assertUsable(person, 'きまりが変わった');
    await page.getByLabel(/同意します/).check();
    await press(page, '登録する');
    await heading(page, '登録できました');
    const id = await page.locator('.login-id strong').innerText();
    assert.deepEqual(await server.query('select consent_version, given_name from accounts where login_id = $1', [id]), [{ consent_version: '2099-01', given_name: '花子' }]);
});
