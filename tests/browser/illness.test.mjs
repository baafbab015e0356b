// From a diagnosis to the register: the guardian tells it, the child is suspended, the roll call expects it away, the return form ends it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { children, clear, DESK, openCity, PHONE, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, guardian, teacher, office, child, today;
const plus = (date, n) => new Date(Date.parse(date) + n * 86_400_000).toISOString().slice(0, 10);
const spoken = (date) => `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日`;
const stored = () => city.city.one('select * from illnesses where student_id = $1 and withdrawn_at is null order by id desc', [child.student_id]);

before(async () => {
    city = await openCity({ own: true });
    guardian = await city.open('guardian', PHONE);
    teacher = await city.open('teacher', PHONE);
    office = await city.open('office', DESK);
    ({ child } = await children(guardian, teacher));
    await clear(child.student_id, guardian, office);
    await city.city.query('update illnesses set withdrawn_at = now(), version = version + 1 where student_id = $1 and withdrawn_at is null', [child.student_id]);
    await city.city.query('delete from attendance where student_id = $1', [child.student_id]);
    today = (await city.city.one('select today()::text as day')).day;
});
after(() => city.close());

test('5(2)朝-10 保護者が診断を知らせると、その場で出席停止になり、登校できる日と数え方が出る', async () => {
    const { page } = guardian;
    await guardian.go('/home');
    const card = page.locator('article', { hasText: child.given_name });
    await card.getByRole('link', { name: '診断を受けたことを知らせる' }).click();
    await page.getByLabel('病気').selectOption({ label: 'インフルエンザ' });
    await page.getByText('発症の翌日から5日、かつ解熱の翌日から2日がたつまで、お休みです。').waitFor();
    await page.getByLabel('発症した日').fill(plus(today, -4));
    await page.getByLabel(/^医療機関/).fill('試験こどもクリニック');
    await assertUsable(guardian, '診断を知らせる');
    await page.getByRole('button', { name: '知らせる' }).click();
    await card.getByRole('heading', { name: '出席停止（インフルエンザ）' }).waitFor();
    await card.getByText(`登校できるのは、早くても${spoken(plus(today, 3))}`, { exact: false }).waitFor();
    await assertUsable(guardian, 'ホーム: 出席停止');
    assert.equal((await stored()).institution, '試験こどもクリニック');
});

test('5(2)朝-10 5(2)朝-3 点呼では「出席停止」で、だれもたずねない。学級の一覧にも出て、職員室の一覧では登校を待っている', async () => {
    await teacher.go(`/class/${child.class_id}/roll`);
    const row = teacher.page.locator(`.roll-row[data-student="${child.student_id}"]`);
    await row.getByText('出席停止').waitFor();
    assert.equal(await row.getAttribute('data-shown'), 'absent');
    await row.getByText('出席', { exact: true }).click();
    await row.getByText('出席停止中ですが、来ています').waitFor();
    await row.getByText('欠席', { exact: true }).click();
    await row.getByText('出席停止中ですが、来ています').waitFor({ state: 'detached' });
    await teacher.page.getByRole('button', { name: '点呼を終える' }).click();
    await teacher.page.locator('[data-called=true]').waitFor();
    assert.equal(await teacher.page.locator(`[data-missing="${child.student_id}"]`).count(), 0);
    await teacher.go(`/class/${child.class_id}`);
    await teacher.page.locator(`.roster-row[data-student="${child.student_id}"]`).getByText('出席停止').waitFor();
    await office.go(`/school/${child.school_id}`);
    await office.page.getByRole('link', { name: '病気・出席停止' }).click();
    const line = office.page.locator('[data-list=now]').getByRole('row', { name: new RegExp(child.given_name) });
    await line.getByText('症状の終わりを待っています').waitFor();
    await assertUsable(office, '病気・出席停止の一覧');
    await line.getByRole('link').click();
    const section = office.page.locator('[data-section=illness]');
    await section.getByText('試験こどもクリニック', { exact: false }).first().waitFor();
    await section.getByText('変更の記録').first().click();
    await section.locator('.versions').getByText('登録（保護者）').waitFor();
    await section.getByText('病気を登録する').click();
    await assertUsable(office, '児童生徒: 病気');
});

test('5(2)カ-1 5(2)朝-10 電話の画面は、選んだ子がもう出席停止であることを、すぐに言う。数字は重ねて数えない', async () => {
    const { page } = office;
    await office.go(`/school/${child.school_id}`);
    await page.locator('[data-total=suspended]').getByText('1', { exact: true }).waitFor();
    await page.keyboard.press('n');
    const dialog = page.locator('dialog.entry');
    await dialog.locator('input').first().fill(child.family_kana);
    await dialog.getByRole('option', { name: new RegExp(child.given_name) }).first().click();
    await dialog.getByRole('status').filter({ hasText: '出席停止' }).getByText('登校できる日は、まだ決まっていません。', { exact: false }).waitFor();
    await assertUsable(office, '電話の登録: 出席停止');
    await page.keyboard.press('Escape');
    await office.go(`/school/${child.school_id}/day-sheets?class=${child.class_id}`);
    await page.locator(`tr[data-student="${child.student_id}"]`).getByText('出席停止（登校日は未定）').waitFor();
    await office.go(`/school/${child.school_id}/students/${child.student_id}`);
    await page.locator('[data-section=illness]').waitFor();
});

test('5(2)朝-11 5(2)朝-8 登校届：早すぎる日は登校できる日を言って断り、出すと出席簿は登校の前日まで出席停止になる', async () => {
    const { page } = guardian;
    await guardian.go('/home');
    await page.getByRole('link', { name: '登校届を書く' }).first().click();
    await page.getByLabel('熱が下がった日').fill(plus(today, -1));
    await page.getByLabel('登校を始める日').fill(today);
    await page.getByRole('button', { name: '登校届を出す' }).click();
    await page.getByRole('alert').getByText('お子さんの様子を確かめて、印をつけてください。').waitFor();
    await page.getByLabel(/保護者が確かめました/).check();
    await page.getByRole('button', { name: '登校届を出す' }).click();
    await page.getByRole('alert').getByText(`登校できるのは、最も早くて${spoken(plus(today, 2))}`, { exact: false }).waitFor();
    await assertUsable(guardian, '登校届');
    await page.getByLabel('登校を始める日').fill(plus(today, 2));
    await page.getByRole('button', { name: '登校届を出す' }).click();
    await page.getByText(`${spoken(plus(today, 2))}`, { exact: false }).first().waitFor();
    await until(async () => (await stored()).return_stated_at !== null, 'stated');
    const { mark, source } = await city.city.one('select mark, source from register_of((select class_id from students where id = $1), today(), today()) where student_id = $1', [child.student_id]);
    assert.deepEqual([mark, source], ['suspended', 'illness']);
    await office.page.locator('[data-section=illness]').getByText('登校届あり').waitFor();
    await teacher.go(`/class/${child.class_id}/register`);
    await teacher.page.locator(`.register-cell.away[data-day="${today}"]`).first().waitFor();
});
