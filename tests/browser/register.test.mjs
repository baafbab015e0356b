// The register of a class: computed, put right by hand, given back; closures that the office makes and guardians read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { children, clear, dayAfter, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, guardian, teacher, office, child, today;

before(async () => {
    city = await openCity({ own: true });
    guardian = await city.open('guardian', PHONE);
    teacher = await city.open('teacher');
    office = await city.open('office');
    ({ child } = await children(guardian, teacher));
    today = (await guardian.api('GET', '/session')).body.today;
    await clear(child.student_id, guardian, office);
});
after(() => city.close());

test('5(2)朝-8 出席簿は連絡から計算され、日を押して直せ、計算どおりに戻せる。紙にも記号が出る', async () => {
    const { body } = await guardian.api('GET', `/reasons?school_id=${child.school_id}`);
    const fever = body.rows.find((one) => one.label === '発熱');
    assert.equal((await guardian.api('POST', '/absences', { student_id: child.student_id, first_day: today, kind: 'absent', reason_id: fever.id })).status, 201);
    await teacher.go(`/class/${child.class_id}`);
    await teacher.page.getByRole('link', { name: '出席簿' }).click();
    const line = teacher.page.locator(`tr[data-student="${child.student_id}"]`);
    const cell = line.locator(`[data-day="${today}"]`);
    const sum = (name) => line.locator(`[data-sum=${name}]`).innerText();
    await cell.getByText('／').waitFor();
    const absent = Number(await sum('absent'));
    await assertUsable(teacher, '出席簿');
    await teacher.page.emulateMedia({ media: 'print' });
    assert.ok(await cell.getByText('／').isVisible(), 'the marks are on the paper too');
    assert.ok(!(await teacher.page.getByRole('button', { name: '印刷する' }).isVisible()));
    await teacher.page.emulateMedia({ media: 'screen' });
    await cell.getByRole('button').click();
    await teacher.page.getByText('いま：病欠（連絡）').waitFor();
    await teacher.page.getByLabel('この日の出欠').selectOption('bereavement');
    await teacher.page.getByLabel('直したわけ（任意）').fill('電話で確認');
    await assertUsable(teacher, '出席簿を直す');
    await teacher.page.getByRole('button', { name: '保存する' }).click();
    await cell.getByText('キ').waitFor();
    assert.equal(Number(await sum('absent')), absent - 1);
    assert.equal(await sum('due'), String(Number(await sum('school_days')) - Number(await sum('suspended'))));
    await cell.getByRole('button').click();
    await teacher.page.getByText('これまでに直した記録').click();
    await teacher.page.getByText('電話で確認').waitFor();
    await teacher.page.getByLabel('この日の出欠').selectOption('automatic');
    await teacher.page.getByRole('button', { name: '保存する' }).click();
    await cell.getByText('／').waitFor();
    assert.equal(Number(await sum('absent')), absent);
});

test('5(2)朝-13 5(2)朝-7 職員室が学級閉鎖を登録すると、保護者の画面に出て、取り消せる', async () => {
    await office.go(`/school/${child.school_id}`);
    await office.page.getByRole('link', { name: '学級閉鎖など' }).click();
    await office.page.getByLabel('対象').selectOption(`class:${child.class_id}`);
    await office.page.getByLabel('最初の日').fill(today);
    await office.page.getByLabel('最後の日').fill(dayAfter(today, 2));
    await office.page.getByLabel('保護者への文（任意）').fill('手洗いをお願いします。');
    await assertUsable(office, '閉鎖');
    await office.page.getByRole('button', { name: '登録して保護者に知らせる' }).click();
    await office.page.getByRole('dialog').getByRole('button', { name: '登録して保護者に知らせる' }).click();
    await office.page.locator('[data-closure]').getByText('インフルエンザ').waitFor();
    await guardian.go('/home');
    await guardian.page.getByText(`${child.given_name}さんの学級は`).waitFor();
    await guardian.page.getByText('手洗いをお願いします。').waitFor();
    await guardian.go(`/report?child=${child.student_id}`);
    await guardian.page.getByRole('radio', { name: /^今日/ }).check({ force: true });
    await guardian.page.getByText(/は休業日です（学級閉鎖）。連絡はいりません。/).waitFor();
    await guardian.go('/home');
    await guardian.page.getByText(`${child.given_name}さんの学級は`).waitFor();
    await teacher.go(`/class/${child.class_id}/roll`);
    await teacher.page.getByText(/この学級は閉鎖中です/).waitFor();
    const cell = office.page.locator(`[data-class="${child.class_id}"]`);
    await office.go(`/school/${child.school_id}`);
    await cell.getByText('閉鎖').first().waitFor({ state: 'attached' });
    await office.page.getByRole('link', { name: '学級閉鎖など' }).click();
    await office.page.locator('[data-closure]').getByRole('button', { name: /取り消す$/ }).click();
    await office.page.getByRole('dialog').getByRole('button', { name: '取り消す' }).click();
    await office.page.locator('[data-closure]').waitFor({ state: 'detached' });
    await office.go(`/school/${child.school_id}`);
    await cell.waitFor();
    await cell.getByText('閉鎖').waitFor({ state: 'detached' });
    // Back on the telephone, where the screen was open all the time.
    await guardian.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await guardian.page.getByText(`${child.given_name}さんの学級は`).waitFor({ state: 'detached' });
});
