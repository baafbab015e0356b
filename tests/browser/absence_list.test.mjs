// The list of reports, the day sheets, and the telephone by keyboard alone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { absence, places } from '../support/people.mjs';
import { cellsOf, recordsOf, unzip } from '../support/zip.mjs';
import { countPrints, openAs } from './staff.mjs';
import { DESK, openCity, PHONE, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, at, office, school, prints;
const reports = {};
const row = (page, id) => page.locator(`tr[data-absence="${id}"]`);
const choice = (page, name) => page.getByRole('combobox', { name, exact: true });
const shown = (page) => page.locator('tr[data-absence]').evaluateAll((rows) => rows.map((one) => Number(one.dataset.absence)));
const focusIn = (page, name) => page.locator(`input[name="${name}"]:focus`).waitFor();
const stored = (id) => city.city.one('select kind, note, cancelled_at, acknowledged_at, version, via from absences where id = $1', [id]);
const pages = (pdf) => [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    school = at.a.id;
    await city.city.query(`update absences set cancelled_at = now() - interval '40 days', cancelled_by = reported_by, version = version + 1
                           where school_id = $1 and cancelled_at is null`, [school]);
    const [one, two, three, four] = at.a.one.students;
    reports.absent = (await absence(city.city, one, { note: '=1+1' })).id;
    reports.late = (await absence(city.city, two, { kind: 'late', note: '病院に寄ります' })).id;
    reports.phone = (await absence(city.city, three, { via: 'school' })).id;
    reports.other = (await absence(city.city, at.a.two.students[0], { kind: 'leave_early' })).id;
    reports.fresh = four;
    office = await openAs(city, [{ role: 'office', school_id: school }], DESK);
    prints = await countPrints(office.page);
});

after(() => city.close());

test('5(2)オ-1 一覧を絞り込み、並べ、言葉で探せる。番地に残るのは日と番号だけ', async () => {
    const { page } = office;
    await office.go(`/school/${school}/absences`);
    await row(page, reports.absent).waitFor();
    assert.deepEqual(new Set(await shown(page)), new Set([reports.absent, reports.late, reports.phone, reports.other]));
    await choice(page, '種類').selectOption('late');
    await until(async () => (await shown(page)).join() === String(reports.late), 'the late one');
    await page.reload();
    await until(async () => (await shown(page)).join() === String(reports.late), 'the address keeps the filter');
    await page.getByRole('button', { name: '絞り込みを外す' }).click();
    await choice(page, '連絡した人').selectOption('school');
    await until(async () => (await shown(page)).join() === String(reports.phone), 'the one by telephone');
    await choice(page, '連絡した人').selectOption('');
    await choice(page, '学級').selectOption(String(at.a.two.id));
    await until(async () => (await shown(page)).join() === String(reports.other), 'the other class');
    await page.getByRole('button', { name: '絞り込みを外す' }).click();
    await page.locator('h1').press('/');
    await page.keyboard.type('ビョウインに');
    await page.keyboard.press('Escape');
    await page.getByLabel(/名前・かな/).fill('病院');
    await until(async () => (await shown(page)).join() === String(reports.late), 'what was typed');
    assert.ok(!decodeURIComponent(page.url()).includes('病院'));
    await page.getByLabel(/名前・かな/).fill('');
    await page.getByRole('button', { name: '今月' }).click();
    await page.waitForURL(/from=\d{4}-\d\d-01&to=/);
    await page.getByRole('button', { name: '今日' }).click();
    await choice(page, '並び順').selectOption('arrival');
    await until(async () => (await shown(page))[0] === reports.other, 'the newest first');
});

test('5(2)オ-2 開いているあいだに届いた連絡は「新着」として示し、変わった行はその場で変わる', async () => {
    const { page } = office;
    await office.go(`/school/${school}/absences`);
    await row(page, reports.absent).waitFor();
    const before = await shown(page);
    await city.city.query(`update absences set acknowledged_at = now(), acknowledged_by = reported_by, changed_via = 'school', version = version + 1 where id = $1`, [reports.other]);
    await row(page, reports.other).getByText('確認済').waitFor();
    const { id } = await absence(city.city, reports.fresh, { kind: 'absent' });
    await page.getByRole('button', { name: '新着 1件' }).waitFor();
    assert.deepEqual(await shown(page), before, 'nothing jumps');
    await page.getByRole('button', { name: '新着 1件' }).click();
    await row(page, id).waitFor();
});

test('5(2)オ-3 一覧のファイルは、絞り込んだとおりで、内容を名乗る', async () => {
    const { page } = office;
    await office.go(`/school/${school}/absences?class=${at.a.one.id}&kind=absent`);
    await row(page, reports.absent).waitFor();
    const count = (await shown(page)).length;
    const take = async (name) => {
        const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
        return readFile(await file.path());
    };
    const records = recordsOf((await take('この一覧をCSVで受け取る')).subarray(3).toString());
    assert.equal(records.findIndex((record) => record.length === 1) - 1, count);
    assert.ok(records.some((record) => record.includes("'=1+1")));
    assert.deepEqual(records.at(-1), ['件数', String(count)]);
    const book = unzip(await take('この一覧をExcelで受け取る'));
    assert.equal(cellsOf(book, 1).length - 1, count);
    assert.ok(cellsOf(book, 1).flat().includes('=1+1'));
    await page.getByRole('button', { name: '印刷', exact: true }).click();
    assert.equal(await prints(), 1);
    await page.emulateMedia({ media: 'print' });
    await page.getByText(`${count}件`).last().waitFor();
    await page.emulateMedia({ media: null });
});

test('5(2)カ-2 5(2)朝-1 一覧の行を、キーボードだけで確認・訂正・取り消しできる', async () => {
    const { page } = office;
    await office.go(`/school/${school}/absences?class=${at.a.one.id}&sort=class`);
    await row(page, reports.phone).waitFor();
    await row(page, reports.absent).focus();
    await page.keyboard.press('k');
    await until(async () => (await stored(reports.absent)).acknowledged_at !== null, 'acknowledged');
    await page.keyboard.press('ArrowDown');
    await row(page, reports.late).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('e');
    await page.getByRole('dialog').getByRole('radio', { name: '遅刻', exact: true }).focus();
    await page.keyboard.press('1');
    await focusIn(page, 'entry-reason');
    await page.keyboard.press('2');
    await page.keyboard.press('Enter');
    await until(async () => (await stored(reports.late)).kind === 'absent', 'corrected');
    await row(page, reports.late).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByRole('button', { name: '取り消し', exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await until(async () => (await stored(reports.phone)).cancelled_at !== null, 'cancelled');
    await row(page, reports.phone).getByText('取り消し').first().waitFor();
});

test('5(2)カ-1 電話の登録は、N・かな・Enter・数字だけで終わる', async () => {
    const { page } = office;
    const student = at.a.two.students[1];
    const child = await city.city.one('select family_kana, given_kana from students where id = $1', [student]);
    await office.go(`/school/${school}`);
    await page.locator('[data-state="fresh"]').waitFor();
    await page.evaluate(() => {
        window.strokes = 0;
        addEventListener('keydown', () => { window.strokes += 1; }, true);
        addEventListener('pointerdown', () => { window.strokes += 1000; }, true);
    });
    await page.keyboard.press('n');
    await page.getByRole('combobox', { name: /お子さんの名前/ }).and(page.locator(':focus')).waitFor();
    const typed = child.family_kana + child.given_kana.slice(0, 1);
    for (const kana of typed) await page.keyboard.insertText(kana); // as a kana keyboard gives it
    const found = page.locator('#found-students').getByRole('option');
    await page.locator(`#found-${student}`).waitFor();
    const ids = await found.evaluateAll((all) => all.map((one) => one.id));
    for (let steps = ids.indexOf(`found-${student}`); steps > 0; steps -= 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: '欠席', exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('1');
    await focusIn(page, 'entry-reason');
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const strokes = await page.evaluate(() => window.strokes);
    assert.ok(strokes <= ids.indexOf(`found-${student}`) + 6, `${strokes} keys beside the name`);
    const made = await city.city.one('select id, via, kind, reason_id from absences where student_id = $1 and cancelled_at is null', [student]);
    assert.deepEqual([made.via, made.kind, made.reason_id !== null], ['school', 'absent', true]);
    // In the stream: from the row's own keys.
    const line = page.locator(`.stream-row[data-absence="${made.id}"]`);
    await line.getByText('電話').waitFor();
    await line.focus();
    await page.keyboard.press('e');
    await page.getByRole('dialog').getByRole('radio', { name: '欠席', exact: true }).focus();
    await page.keyboard.press('4');
    await page.getByLabel('登校する時刻').fill('10:00');
    await page.getByLabel('早退する時刻').fill('13:00');
    await page.getByRole('button', { name: '訂正する' }).press('Enter');
    await until(async () => (await stored(made.id)).kind === 'late_and_leave_early', 'corrected in the stream');
    await line.getByText('10:00').waitFor();
    await line.focus();
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await line.waitFor({ state: 'detached' });
    assert.notEqual((await stored(made.id)).cancelled_at, null);
});

test('5(2)オ-4 一日の表は、学級ごとにA4一枚で、全員が番号順に並ぶ', async () => {
    const { page } = office;
    await office.go(`/school/${school}/day-sheets`);
    const sheets = page.locator('[data-sheet]');
    await sheets.first().waitFor();
    const classes = await city.city.query(
        `select c.id from classes c where c.school_id = $1 and c.school_year = school_year()
         and exists (select from students s where (s.class_id = c.id or s.exchange_class_id = c.id) and s.left_on is null) order by c.sort, c.id`, [school]);
    assert.deepEqual(await sheets.evaluateAll((all) => all.map((one) => Number(one.dataset.sheet))), classes.map((one) => one.id));
    if (process.env.TODOKE_LOOK) await page.pdf({ path: `${process.env.TODOKE_LOOK}/all.pdf`, preferCSSPageSize: true });
    assert.equal(pages(await page.pdf({ preferCSSPageSize: true })), classes.length);
    await choice(page, '学級').selectOption(String(at.a.one.id));
    const own = sheets.locator('tbody tr');
    await until(async () => (await sheets.count()) === 1, 'one class');
    const ids = await own.evaluateAll((rows) => rows.map((one) => Number(one.dataset.student)));
    assert.deepEqual(ids.slice(0, at.a.one.students.length), at.a.one.students);
    await sheets.locator(`tr[data-student="${at.a.one.students[0]}"]`).getByText('=1+1').waitFor();
    assert.equal(pages(await page.pdf({ preferCSSPageSize: true })), 1);
});

test('5(2)オ 担任は自分の学級の一覧を開ける', async () => {
    const homeroom = await openAs(city, [{ role: 'homeroom', school_id: school, class_id: at.a.one.id }], PHONE);
    await homeroom.go(`/class/${at.a.one.id}`);
    await homeroom.page.getByRole('link', { name: '連絡の一覧' }).click();
    await row(homeroom.page, reports.absent).waitFor();
    assert.ok(!(await shown(homeroom.page)).includes(reports.other));
    await office.go(`/school/${school}/absences`);
    await row(office.page, reports.absent).waitFor();
    if (process.env.TODOKE_LOOK) {
        const look = (page, name) => page.screenshot({ path: `${process.env.TODOKE_LOOK}/${name}.png` });
        await look(homeroom.page, 'list-phone');
        await look(office.page, 'list-desk');
        for (const [person, name] of [[homeroom, 'phone'], [office, 'desk']]) {
            await person.go(`/school/${school}/day-sheets?class=${at.a.one.id}`);
            await person.page.locator('[data-sheet]').waitFor();
            await look(person.page, `sheet-${name}`);
        }
        await office.page.pdf({ path: `${process.env.TODOKE_LOOK}/sheet.pdf`, preferCSSPageSize: true });
        await office.go(`/school/${school}`);
        await office.page.locator('.stream-row').first().waitFor();
        await look(office.page, 'office');
        await office.page.keyboard.press('n');
        await look(office.page, 'entry');
    }
    await homeroom.go(`/class/${at.a.one.id}/absences`);
    await row(homeroom.page, reports.absent).waitFor();
    await assertUsable(homeroom, 'the list on a phone');
    await office.go(`/school/${school}/absences`);
    await row(office.page, reports.absent).waitFor();
    await assertUsable(office, 'the list on a desk');
    assert.deepEqual([...office.errors, ...homeroom.errors], []);
});

test('5(2)オ-3 教育委員会は、市全体を名前なしのファイルで受け取る', async () => {
    const board = await openAs(city, [{ role: 'board' }], DESK);
    await board.go('/city');
    await board.page.getByRole('link', { name: 'ファイルで受け取る' }).click();
    await board.page.getByRole('link', { name: 'CSVで受け取る', exact: true }).waitFor();
    await assertUsable(board, 'the file of the city');
    if (process.env.TODOKE_LOOK) await board.page.screenshot({ path: `${process.env.TODOKE_LOOK}/city-file.png` });
    const [file] = await Promise.all([board.page.waitForEvent('download'), board.page.getByRole('link', { name: 'CSVで受け取る', exact: true }).click()]);
    const records = recordsOf((await readFile(await file.path())).subarray(3).toString());
    assert.ok(records[0].includes('学級') && !records[0].includes('氏名'));
    assert.equal(records.at(-1)[0], '件数');
    assert.ok(Number(records.at(-1)[1]) >= 4);
    assert.deepEqual(board.errors, []);
});
