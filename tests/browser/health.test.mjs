// The noon sheet: what the office copies into the surveillance of infections, with its zeros, and the hint of a closure.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, office, phone, school, one, sick;

before(async () => {
    city = await openCity({ own: true, students: 3000 });
    office = await city.open('office', DESK);
    phone = await city.open('office', PHONE);
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

    // The screen counts again when it is asked to.
    await city.city.query(`update absences set cancelled_at = now(), cancelled_by = reported_by, version = version + 1
                           where student_id = $1 and cancelled_at is null`, [sick[0]]);
    await page.getByRole('button', { name: '数え直す' }).click();
    await symptoms.locator('[data-count=absent]').filter({ hasText: /^4$/ }).waitFor();
});

test('5(2)朝-12 正午の集計は、電話の画面でも読める', async () => {
    await phone.go(`/school/${school}/surveillance`);
    await phone.page.getByRole('heading', { name: '病欠と症状' }).waitFor();
    await assertUsable(phone, '感染症の集計（電話）');
});
