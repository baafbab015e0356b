// The noon sheet: what the office copies into the surveillance of infections, with its zeros, and the hint of a closure.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, office, phone, board, guardian, school, one, sick;

before(async () => {
    city = await openCity({ own: true, students: 3000 });
    office = await city.open('office', DESK);
    phone = await city.open('office', PHONE);
    board = await city.open('board', DESK);
    guardian = await city.open('guardian', PHONE);
    school = (await office.api('GET', '/session')).body.roles.find((role) => role.role === 'office').school_id;
    one = await city.city.one(
        `select c.id, array_agg(s.id order by s.number)::int8[] as students
         from classes c join students s on s.class_id = c.id and s.left_on is null
         where c.school_id = $1 and c.school_year = school_year() and c.kind = 'regular'
         group by c.id having count(*) between 7 and 25 order by c.id limit 1`, [school]);
    const students = one.students.map(Number);
    await city.city.query(`update absences set cancelled_at = now(), cancelled_by = reported_by, version = version + 1
                           where school_id = $1 and cancelled_at is null`, [school]);
    sick = students.slice(0, 5);
    await city.city.query(
        `insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, symptoms, via, reported_by, changed_by, changed_via)
         select s.school_id, s.id, today(), today(), 'absent', (select min(id) from reasons where school_id is null and mark = 'sick'), '{fever,nausea}',
                'school', a.id, a.id, 'school'
         from students s, (select min(id) as id from accounts) a where s.id = any ($1)`, [sick]);
    await city.city.query(
        `insert into illnesses (school_id, student_id, disease, onset_on, suspended_from, via, made_by, changed_by)
         select s.school_id, s.id, 'influenza', today() - 1, today() - 1, 'school', a.id, a.id
         from students s, (select min(id) as id from accounts) a where s.id = $1`, [students[5]]);
});
after(() => city.close());

test('5(2)朝-12 5(2)朝-15 正午の集計：学級ごとに、症状も出席停止も、ゼロも出る。閉鎖の目安を超えた学級を知らせる', async () => {
    const { page } = office;
    await office.go(`/school/${school}`);
    await page.getByRole('link', { name: '感染症の集計' }).click();
    const symptoms = page.getByRole('region', { name: '病欠と症状' }).locator(`tr[data-class="${one.id}"]`);
    await symptoms.waitFor();
    const counts = async (row) => Object.fromEntries(await row.locator('td[data-count]').evaluateAll((cells) => cells.map((cell) => [cell.dataset.count, Number(cell.textContent)])));
    assert.deepEqual(await counts(symptoms), { enrolled: one.students.length, absent: 5, fever: 5, headache: 0, respiratory: 0, diarrhea: 0,
        nausea: 5, rash: 0, flu_like: 0, other_symptom: 0, not_told: 0, suspended: 1 });
    const stops = await counts(page.getByRole('region', { name: '出席停止（病気ごと）' }).locator(`tr[data-class="${one.id}"]`));
    assert.deepEqual(Object.entries(stops).filter(([, n]) => n), [['suspended_influenza', 1]]);
    assert.equal(Object.keys(stops).length, 12);
    const rows = (await office.api('GET', `/schools/${school}/surveillance`)).body.rows;
    const all = page.getByRole('region', { name: '病欠と症状' }).locator('tr[data-class]');
    assert.deepEqual(await all.evaluateAll((lines) => lines.map((line) => Number(line.dataset.class))), rows.map((row) => row.class_id));
    assert.equal(await page.locator('[data-total=absent]').textContent(), '5');
    await page.locator(`[data-near="${one.id}"]`).getByText('学級閉鎖の検討の目安').waitFor();
    await page.getByText(`点呼がまだの学級が${rows.filter((row) => !row.called && row.enrolled > 0).length}あります`, { exact: false }).waitFor();
    await assertUsable(office, '感染症の集計');
    const file = await page.request.get(new URL(await page.getByText('Excel').getAttribute('href'), page.url()).href);
    assert.deepEqual([file.status(), (await file.body()).subarray(0, 2).toString()], [200, 'PK']);

    // The screen counts again by itself.
    await city.city.query(`update absences set cancelled_at = now(), cancelled_by = reported_by, version = version + 1
                           where student_id = $1 and cancelled_at is null`, [sick[0]]);
    await symptoms.locator('[data-count=absent]').filter({ hasText: /^4$/ }).waitFor();
});

test('5(2)朝-12 正午の集計は、電話の画面でも読める', async () => {
    await phone.go(`/school/${school}/surveillance`);
    await phone.page.getByRole('heading', { name: '病欠と症状' }).waitFor();
    await assertUsable(phone, '感染症の集計（電話）');
});

const tell = (student, symptoms) => city.city.query(
    `insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, symptoms, via, reported_by, changed_by, changed_via)
     select school_id, id, today(), today(), 'absent', (select min(id) from reasons where school_id is null and mark = 'sick'), $2, 'school', 1, 1, 'school'
     from students where id = $1`, [student, symptoms]);

test('5(2)朝-14 教育委員会の地図：症状を選び、学校のふだんとくらべ、学級まで見る。届けばその場で変わる', async () => {
    const { page } = board;
    await board.go('/city');
    await page.getByRole('link', { name: '症状', exact: true }).click();
    await page.getByRole('heading', { name: '市内の症状 今日のようす' }).waitFor();
    const tile = page.locator(`[data-school="${school}"]`);
    const shows = (n) => tile.locator('.tile-rate', { hasText: new RegExp(`^${n}人$`) }).waitFor();
    await shows(5);
    await tile.locator('[data-count=near]').getByText('閉鎖の目安 1学級').waitFor();
    assert.match(await tile.locator('.for-readers').textContent(), /病気で休む子5人 ふだん.+ 閉鎖の目安 1学級/);
    await assertUsable(board, '症状の地図');

    await page.getByText('吐き気・嘔吐', { exact: true }).click();
    await shows(4);
    assert.match(page.url(), /symptom=nausea/);
    await tell(sick[0], ['nausea']);
    await shows(5);
    await tile.getByText('急増').or(tile.getByText('多め')).first().waitFor();

    await tile.click();
    const row = page.locator(`tr[data-class="${one.id}"]`);
    await row.locator('[data-count=nausea].chosen', { hasText: '5' }).waitFor();
    await row.getByText('閉鎖の目安').waitFor();
    await assertUsable(board, '症状の地図：学級');
    await page.setViewportSize(PHONE);
    await assertUsable(board, '症状の地図：学級（電話）');
    await page.goBack();
    await page.getByRole('radio', { name: '吐き気・嘔吐' }).waitFor();
    await assertUsable(board, '症状の地図（電話）');
    await page.setViewportSize(DESK);
});

test('5(2)朝-15 市が閉鎖の目安を変えると、職員室の画面の知らせもそれに従う', async () => {
    await office.go(`/school/${school}`);
    const notice = office.page.locator(`[data-near="${one.id}"]`);
    await notice.getByText('病気で休む子が市の目安をこえました', { exact: false }).waitFor();
    const { page } = board;
    await board.go('/city/settings/health');
    const field = page.getByLabel('かつ、何人から');
    await field.fill('1');
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('目安を確かめてください。', { exact: false }).waitFor();
    await field.fill('30');
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('保存しました', { exact: false }).waitFor();
    await assertUsable(board, '設定：感染症');
    await office.go(`/school/${school}`);
    await office.page.locator('[data-state=fresh]').first().waitFor();
    await notice.waitFor({ state: 'detached' });
});

test('5(2)朝-16 学校が見せると決めたときだけ、保護者に学年ごとの人数が見え、5人未満は伏せられる', async () => {
    const { page } = guardian;
    const [child] = (await guardian.api('GET', '/children')).body.rows.filter((row) => row.school_id === school);
    await guardian.go('/home');
    const card = page.locator('article', { hasText: child.given_name });
    await card.getByRole('link', { name: 'これまでの連絡' }).waitFor();
    assert.equal(await card.getByRole('link', { name: '学校のようす' }).count(), 0);
    await office.go(`/school/${school}/settings/health`);
    await office.page.getByRole('checkbox', { name: '保護者に見せる' }).check();
    await office.page.getByRole('button', { name: '保存する' }).click();
    await office.page.getByText('保存しました', { exact: false }).waitFor();
    await assertUsable(office, '設定：感染症（学校）');
    await guardian.go('/home');
    await card.getByRole('link', { name: '学校のようす' }).click();
    const { grade } = await city.city.one('select grade from classes where id = $1', [one.id]);
    await page.locator(`[data-grade="${grade}"]`).getByText('6人').waitFor();
    const other = page.locator('[data-grade]:not([data-grade=all])').filter({ hasText: '5人未満' });
    assert.ok((await other.count()) > 0);
    assert.equal(await page.locator('[data-grade=all] dd').textContent(), '出しません', 'the others would follow from the total: all are none');
    await assertUsable(guardian, '学校のようす');
});
