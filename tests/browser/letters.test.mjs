// The letters: what is on the screen is what is printed, one child a page, in every language, with a QR that says the code.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsqr from 'jsqr';
import { places } from '../support/people.mjs';
import { countPrints, openAs } from './staff.mjs';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

const LANGUAGES = ['日本語', 'やさしい日本語', 'English', '简体中文', '한국어', 'Tiếng Việt', 'Português', 'Español', 'Filipino'];
const CODE = /[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/;

let city, at, office, page, prints, missing;

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    missing = at.a.one.students.slice(0, 3);
    await city.city.query('delete from guardianships where student_id = any($1)', [missing]);
    office = await openAs(city, [{ role: 'office', school_id: at.a.id }], DESK);
    ({ page } = office);
    prints = await countPrints(page);
    await office.go(`/school/${at.a.id}/letters?class=${at.a.one.id}`);
    await page.getByRole('button', { name: '案内を作って表示する' }).click();
    await page.locator('.letter').first().waitFor();
});

after(() => city.close());

const letters = () => page.locator('.letter');
const texts = () => letters().evaluateAll((all) => all.map((one) => one.innerText.replace(/\s+/g, ' ').trim()));
const open = () => city.city.query(
    `select student_id from invitations where kind = 'link' and used_at is null and revoked_at is null and student_id = any($1) order by id`, [at.a.one.students]);

/** The modules of the drawn path as a picture, read by a reader that isn't ours. */
async function read(letter) {
    const { path, size } = await letter.locator('svg.qr').evaluate((svg) => ({ path: svg.querySelector('path').getAttribute('d'), size: svg.viewBox.baseVal.width }));
    const scale = 4, width = size * scale, pixels = new Uint8ClampedArray(width * width * 4).fill(255);
    for (const [, x, y, w] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
        for (let i = 0; i < w * scale; i += 1) for (let j = 0; j < scale; j += 1) pixels.fill(0, ((y * scale + j) * width + x * scale + i) * 4, ((y * scale + j) * width + x * scale + i) * 4 + 3);
    }
    return jsqr(pixels, width, width)?.data;
}

const pages = (pdf) => [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;

test('5(1)イ 未登録の子の案内を学級分まとめて作り、番号順に一人一枚で表示する', async () => {
    assert.equal(await letters().count(), missing.length);
    assert.deepEqual((await open()).map((row) => Number(row.student_id)).sort((a, b) => a - b), [...missing].sort((a, b) => a - b));
    const { name, phone } = await city.city.one('select name, phone from schools where id = $1', [at.a.id]);
    const rows = await city.city.query('select family_name, given_name, number from students where id = any($1) order by number', [missing]);
    for (const [i, text] of (await texts()).entries()) {
        assert.match(text, CODE);
        assert.ok(text.includes(`${rows[i].number}番`) && text.includes(`${rows[i].family_name} ${rows[i].given_name}`), text);
        assert.ok(text.includes(name) && text.includes(phone), 'the school and its telephone');
    }
});

test('5(1)イ 案内のQRコードは、登録の画面とその案内のコードを表す', async () => {
    for (const letter of await letters().all()) {
        const [code] = CODE.exec(await letter.innerText());
        assert.equal(await read(letter), `${city.origin}/join#${code}`);
    }
});

test('5(1)イ 印刷されるものは画面の見本と同じで、一人一枚になる', async () => {
    const screen = await texts();
    await page.emulateMedia({ media: 'print' });
    assert.deepEqual(await texts(), screen);
    const all = await page.evaluate(() => document.body.innerText.replace(/\s+/g, ' ').trim());
    assert.equal(all, screen.join(' '), 'nothing else is printed');
    await page.emulateMedia({ media: null });
    assert.equal(pages(await page.pdf({ preferCSSPageSize: true })), screen.length);
});

test('5(1)イ 案内は九つの言語で印刷でき、どれも一枚に収まる', async () => {
    const codes = (await texts()).map((text) => CODE.exec(text)[0]);
    const titles = new Set();
    for (const language of LANGUAGES) {
        await page.getByLabel('案内の言語').selectOption({ label: language });
        titles.add(await letters().first().getByRole('heading').innerText());
        assert.deepEqual((await texts()).map((text) => CODE.exec(text)[0]), codes, language);
        assert.equal(pages(await page.pdf({ preferCSSPageSize: true })), codes.length, language);
    }
    assert.equal(titles.size, LANGUAGES.length);
    await page.getByLabel('案内の言語').selectOption({ label: '日本語' });
    await page.getByLabel('ふりがなを付ける').check();
    assert.ok(await letters().first().locator('rt').count() > 20);
    assert.equal(pages(await page.pdf({ preferCSSPageSize: true })), codes.length, 'with readings');
    await page.getByLabel('ふりがなを付ける').uncheck();
});

test('5(1)イ 表示のあとで使えなくなったコードは印刷せず、知らせる', async () => {
    const student = missing[0];
    await office.api('POST', `/schools/${at.a.id}/letters/revoke`, { student_id: student });
    await page.getByRole('button', { name: /^印刷する/ }).click();
    await page.getByText(/使われた・変わった案内がありました/).waitFor();
    assert.equal(await prints(), 0);
    assert.equal(await letters().count(), missing.length - 1);
    await page.getByRole('button', { name: /^印刷する/ }).click();
    await page.waitForFunction(() => window.prints === 1);
});

test('5(1)イ 作り直すと前のコードは使えなくなり、確かめてから行う', async () => {
    const [before] = CODE.exec((await texts())[0]);
    await page.getByRole('button', { name: '作り直す' }).click();
    await page.getByRole('dialog').getByText(/元に戻せません/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '作り直す' }).click();
    await page.getByText(/前のコード\d+件は使えなくなりました/).waitFor();
    assert.ok(!(await texts()).some((text) => text.includes(before)));
    assert.equal((await office.api('POST', '/invitations/look', { code: before })).status, 404);
});

test('5(1)イ キーボードだけで、案内を作って印刷まで進める', async () => {
    await office.go(`/school/${at.a.id}/letters?class=${at.a.two.id}`);
    await page.getByLabel('作る相手').focus();
    await page.keyboard.press('ArrowDown');
    const make = page.getByRole('button', { name: '案内を作って表示する' });
    for (let i = 0; i < 6 && !(await make.evaluate((button) => button === document.activeElement)); i += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await letters().first().waitFor();
    assert.equal(await letters().count(), at.a.two.students.length);
});

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`5(1)イ 案内の画面は使える人を選ばない (${size})`, async () => {
        const person = await openAs(city, [{ role: 'office', school_id: at.a.id }], viewport);
        await person.go(`/school/${at.a.id}/letters?class=${at.a.one.id}`);
        await person.page.getByRole('button', { name: '渡し中の案内を表示する' }).click();
        await person.page.locator('.letter').first().waitFor();
        await assertUsable(person, 'letters');
        await person.page.context().close();
    });
}
