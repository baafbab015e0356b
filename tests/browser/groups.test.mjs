// A school's groups: made by a teacher, filled class by class, seen by others, ended by the office.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { places } from '../support/people.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, at, teacher, office;

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    teacher = await openAs(city, [{ role: 'teacher', school_id: at.a.id }], PHONE);
    office = await openAs(city, [{ role: 'office', school_id: at.a.id }], DESK);
});
after(() => city.close());

const told = (page, text) => page.locator('.told').getByText(text).waitFor();

test('groups: 先生がグループを作り、学級をこえて選び、まちがえたら元に戻せる。届く人数がその場で出る', async () => {
    const { page } = teacher;
    await teacher.go(`/school/${at.a.id}/groups`);
    await page.getByText('グループはまだありません。').waitFor();
    await page.getByRole('button', { name: 'グループを作る' }).click();
    await told(page, '名前を入れてください。');
    await page.getByLabel('名前').fill('吹奏楽部');
    await page.getByRole('button', { name: 'グループを作る' }).click();
    await told(page, '「吹奏楽部」を作りました');
    const ticks = page.getByRole('region', { name: '学級から選ぶ' });
    await ticks.getByRole('combobox', { name: '学級' }).selectOption(String(at.a.one.id));
    await ticks.getByRole('checkbox').nth(0).check();
    await ticks.getByRole('checkbox').nth(1).check();
    await ticks.getByRole('checkbox').nth(1).uncheck();
    await ticks.getByRole('combobox', { name: '学級' }).selectOption(String(at.a.two.id));
    await ticks.getByRole('button', { name: '全員を加える' }).click();
    const all = at.a.two.students.length + 1;
    await ticks.getByRole('button', { name: `選んだ子を保存する（加える ${all}人）` }).click();
    await told(page, `${all}人を加えました。`);
    const inside = page.getByRole('region', { name: '入っている児童生徒' });
    await inside.getByText(`${all}人`).waitFor();
    await page.getByText(new RegExp(`児童生徒${all}人の保護者\\d+人に届きます`)).waitFor();
    await page.getByRole('button', { name: '元に戻す' }).click();
    await told(page, '元に戻しました。');
    await inside.getByText('0人', { exact: true }).waitFor();
    await assertUsable(teacher);
});

test('groups: ほかの人のグループは見えるだけ、事務室は直して終えられる', async () => {
    const other = await openAs(city, [{ role: 'homeroom', school_id: at.a.id, class_id: at.a.one.id }], DESK);
    await other.go(`/school/${at.a.id}/groups`);
    await other.page.getByRole('button', { name: '吹奏楽部を開く' }).click();
    await other.page.getByText('作った人と事務室が変えられます').waitFor();
    assert.equal(await other.page.getByRole('checkbox').count(), 0);
    const { page } = office;
    await office.go(`/school/${at.a.id}/groups`);
    await page.getByRole('button', { name: '吹奏楽部を開く' }).click();
    await page.getByRole('form', { name: '名前と種類' }).getByLabel('名前').fill('吹奏楽団');
    await page.getByRole('button', { name: '保存する', exact: true }).click();
    await page.getByRole('heading', { name: '吹奏楽団' }).waitFor();
    await assertUsable(office);
    await page.getByRole('button', { name: '吹奏楽団を使わないことにする' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '使わないことにする' }).click();
    await told(page, '「吹奏楽団」を使わないことにしました。');
    await page.getByText('グループはまだありません。').waitFor();
});
