// A school's list of registrants, as its administrator, the office, a homeroom teacher and the board see it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { account, places } from '../support/people.mjs';
import { unzip } from '../support/zip.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE, tabTo, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, at, administrator, mother, child;

const rowOf = (page, student) => page.locator(`tr[data-student="${student}"]`);
const shown = (page) => page.locator('tr[data-student]').evaluateAll((rows) => rows.map((row) => Number(row.dataset.student)));

/** What the database says of one class: children, and those with a guardian. */
const numbers = (class_id) => city.city.one(
    `select count(*)::int as children,
            (count(*) filter (where exists (select from guardianships g where g.student_id = s.id)))::int as registered
     from students s where s.class_id = $1 and s.left_on is null`, [class_id]);

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    [child] = at.a.one.students;
    await city.city.query('delete from guardianships where student_id = any($1)', [at.a.one.students.slice(0, 2)]);
    mother = await account(city.city, { children: [child] });
    administrator = await openAs(city, [{ role: 'administrator', school_id: at.a.id }], DESK);
});

after(() => city.close());

const go = async (person, query = '') => {
    await person.go(`/school/${at.a.id}/registrants${query}`);
    await person.page.locator('tr[data-student]').first().waitFor();
};

test('5(1)オ 学級ごとの登録人数が一覧に出て、学級を押すとその学級だけになる', async () => {
    const { page } = administrator;
    await go(administrator);
    for (const one of [at.a.one, at.a.two]) {
        const { children, registered } = await numbers(one.id);
        const cell = page.locator(`[data-class="${one.id}"]`);
        await cell.getByText(`${registered}/${children}`, { exact: true }).waitFor();
    }
    await page.locator(`[data-class="${at.a.one.id}"]`).click();
    await until(async () => (await shown(page)).length === at.a.one.students.length, 'the rows of one class');
    assert.deepEqual(await shown(page), at.a.one.students);
});

test('5(1)オ 未登録の子だけを表示し、そのまま案内を作りに進める', async () => {
    const { page } = administrator;
    await go(administrator, `?class=${at.a.one.id}`);
    await page.getByLabel('表示').selectOption('missing');
    const missing = at.a.one.students[1];
    await until(async () => (await shown(page)).join() === String(missing), 'the one without a guardian');
    await rowOf(page, missing).getByText('未登録').waitFor();
    await rowOf(page, missing).getByRole('link', { name: /案内を作る/ }).click();
    await page.waitForURL((url) => url.pathname.endsWith('/letters') && url.searchParams.get('student') === String(missing));
});

test('5(1)オ かなを打つたびに絞り込まれ、打った名前はアドレスに残らない', async () => {
    const { page } = administrator;
    await go(administrator);
    const { family_kana } = await city.city.one('select family_kana from students where id = $1', [child]);
    await page.keyboard.press('/');
    await page.keyboard.type(family_kana.slice(0, 2));
    await until(async () => {
        const kana = await page.locator('tr[data-student] th rt:first-of-type').evaluateAll((all) => all.map((one) => one.textContent));
        return kana.length > 0 && kana.some((one) => one === family_kana) && await rowOf(page, child).isVisible() && (await shown(page)).length < 40;
    }, 'the rows of the reading');
    assert.equal(new URL(page.url()).search, '');
});

test('5(1)エ 保護者の権利をその場で変えられ、元に戻せる', async () => {
    const { page } = administrator;
    await go(administrator, `?class=${at.a.one.id}`);
    const rights = () => city.city.one('select rights from guardianships where account_id = $1 and student_id = $2', [mother, child]).then((row) => row.rights);
    const choice = rowOf(page, child).locator(`[data-account="${mother}"]`).getByRole('combobox');
    await choice.selectOption('blocked');
    await page.getByRole('status').getByText(/「連絡できる」から「止めている」に変えました/).waitFor();
    assert.equal(await rights(), 'blocked');
    await page.getByRole('button', { name: '元に戻す' }).click();
    await page.getByText('元に戻しました。').waitFor();
    assert.equal(await rights(), 'report');
    assert.equal(await choice.inputValue(), 'report');
});

test('5(1)オ 登録者の一覧を、CSVとExcelのファイルで受け取れる。学級・表示・検索で絞り込んだとおりになる', async () => {
    const { page } = administrator;
    await go(administrator, `?class=${at.a.one.id}`);
    const take = async (button) => {
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
        return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
    };
    const { family_name } = await city.city.one('select family_name from students where id = $1', [child]);
    const { name } = await city.city.one('select name from classes where id = $1', [at.a.one.id]);
    const csv = await take(/登録者一覧をCSVで受け取る/);
    assert.match(csv.name, /登録者一覧.*\.csv$/);
    const [heads, ...lines] = csv.bytes.toString('utf8').replace(/^\ufeff/, '').trim().split('\r\n');
    assert.match(heads, /^学年,学級,出席番号,児童生徒/);
    assert.ok(lines.length >= at.a.one.students.length);
    assert.ok(lines.every((line) => line.split(',')[1] === name), 'of the class that is chosen');
    assert.ok(lines.some((line) => line.includes(family_name)));
    const xlsx = await take(/登録者一覧をExcelで受け取る/);
    assert.match(xlsx.name, /登録者一覧.*\.xlsx$/);
    assert.equal(unzip(xlsx.bytes).get('xl/worksheets/sheet1.xml').toString().match(/<row /g).length, 1 + lines.length);

    await page.getByLabel('表示').selectOption('missing');
    await until(async () => (await shown(page)).join() === String(at.a.one.students[1]), 'the one without a guardian');
    const missing = await take(/（絞り込み中）の登録者一覧をCSVで受け取る/);
    assert.equal(missing.bytes.toString('utf8').trim().split('\r\n').length, 2);
    await page.getByLabel('表示').selectOption('');
    await page.getByRole('searchbox').fill(family_name);
    await until(async () => { const ids = await shown(page); return ids.includes(child) && ids.length < at.a.one.students.length; }, 'those of the name');
    const asked = [];
    page.on('request', (one) => asked.push(one.url()));
    const named = await take(/登録者一覧をCSVで受け取る/);
    assert.ok(named.bytes.toString('utf8').trim().split('\r\n').slice(1).every((line) => line.includes(family_name)));
    assert.ok(asked.length > 0 && asked.every((url) => !decodeURIComponent(url).includes(family_name)), 'no name in an address');
});

test('5(1)オ キーボードだけで、学級を選び、未登録の子の案内を作れる', async () => {
    const { page } = administrator;
    const missing = at.a.one.students[1];
    await go(administrator);
    await tabTo(page, page.locator(`[data-class="${at.a.one.id}"]`));
    await page.keyboard.press('Enter');
    await until(async () => (await shown(page)).join() === at.a.one.students.join(), 'the rows of one class');
    await tabTo(page, page.getByLabel('表示'));
    await page.keyboard.press('ArrowDown');
    await until(async () => (await shown(page)).join() === String(missing), 'the one without a guardian');
    await tabTo(page, rowOf(page, missing).getByRole('link', { name: /案内を作る/ }));
    await page.keyboard.press('Enter');
    const make = page.getByRole('button', { name: '案内を作って表示する' });
    await tabTo(page, make);
    await page.keyboard.press('Enter');
    await page.locator('.letter').first().waitFor();
});

test('5(1)オ 担任は自分の学級だけを見て、権利は変えられない', async () => {
    const homeroom = await openAs(city, [{ role: 'homeroom', school_id: at.a.id, class_id: at.a.one.id }], DESK);
    await go(homeroom);
    assert.deepEqual(await shown(homeroom.page), at.a.one.students);
    assert.equal(await rowOf(homeroom.page, child).getByRole('combobox').count(), 0);
    await homeroom.page.context().close();
});

test('5(1)オ ほかの学校の登録者は見られない', async () => {
    await administrator.go(`/school/${at.b.id}/registrants`);
    await administrator.page.getByRole('heading', { name: '表示できませんでした' }).waitFor();
});

test('5(1)オ 教育委員会は、学校を選んでその学校の登録のようすを見る', async () => {
    const board = await openAs(city, [{ role: 'board' }], DESK);
    await board.go('/city/roster');
    await board.page.getByLabel('管理する学校').selectOption(String(at.a.id));
    await board.page.getByRole('link', { name: '登録のようす' }).click();
    await board.page.locator('tr[data-student]').first().waitFor();
    await board.page.context().close();
});

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`5(1)オ 登録のようすは使える人を選ばない (${size})`, async () => {
        const person = await openAs(city, [{ role: 'administrator', school_id: at.a.id }], viewport);
        await go(person, `?class=${at.a.one.id}`);
        await assertUsable(person, 'registrants');
        await person.page.context().close();
    });
}
