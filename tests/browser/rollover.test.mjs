// The year roll-over, prepared and looked at by the board, corrected by a school, carried out and taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { places } from '../support/people.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, at, board, page;

const roster = () => city.city.query('select id, school_id, class_id, number, left_on from students order by id');
const state = () => city.city.one(`select state from roster_imports where kind = 'rollover' order by id desc limit 1`).then((row) => row.state);
const told = (text) => page.getByRole('status').getByText(text).waitFor({ timeout: 30_000 });

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    board = await openAs(city, [{ role: 'board' }], DESK);
    ({ page } = board);
});

after(() => city.close());

test('5(1)カ 教育委員会が進学先を決め、年次更新を準備する。まだ何も変わらない', async () => {
    const before = await roster();
    await board.go('/city/rollover');
    const { id, name } = await city.city.one(`select id, name from schools where kind = 'elementary' order by id limit 1`);
    const next = await city.city.one(`select id, name from schools where kind = 'junior_high' order by id limit 1`);
    await page.getByRole('combobox', { name: `${name}の進学先` }).selectOption(String(next.id));
    await told(`${name}の進学先を「${next.name}」にしました。`);
    assert.equal((await city.city.one('select next_school_id from schools where id = $1', [id])).next_school_id, next.id);
    await page.getByRole('button', { name: /^準備する/ }).click();
    await page.getByText(/進級 \d+人/).first().waitFor({ timeout: 30_000 });
    assert.equal(await state(), 'checked');
    assert.deepEqual(await roster(), before);
});

test('5(1)カ 学校ごとに来年度の学級を見て、一人の学級を直し、その修正を取り消せる', async () => {
    await board.go(`/city/rollover?school=${at.a.id}`);
    const row = page.locator('.places tbody tr').filter({ hasText: '自動' }).first();
    await row.waitFor();
    const student = await row.getAttribute('data-student');
    const same = page.locator(`tr[data-student="${student}"]`);
    await same.getByRole('button', { name: /を直す$/ }).click();
    await same.getByRole('combobox', { name: '来年度の学級' }).selectOption({ label: '市外・私立などへ（名簿から外す）' });
    await same.getByRole('button', { name: '保存する' }).click();
    await told(/来年度の学級を直しました/);
    await same.getByText('修正').waitFor();
    await same.getByText('転出・卒業').waitFor();
    await same.getByRole('button', { name: /を直す$/ }).click();
    await same.getByRole('button', { name: '修正を取り消す' }).click();
    await told(/修正を取り消しました/);
    await same.getByText('自動').waitFor();
});

test('5(1)カ 学校は、準備された来年度の自分の学級を確かめられる', async () => {
    const office = await openAs(city, [{ role: 'office', school_id: at.a.id }], DESK);
    await office.go(`/school/${at.a.id}/rollover`);
    await office.page.locator('.places tbody tr').first().waitFor();
    await office.go(`/school/${at.b.id}/rollover`);
    await office.page.locator('main').getByText(/該当する子はいません|権利がありません|見つかりません/).first().waitFor();
    assert.equal(await office.page.locator('.places tbody tr').count(), 0);
    await office.page.context().close();
});

test('5(1)カ 予約して、予約を取り消せる', async () => {
    await board.go('/city/rollover');
    await page.getByRole('button', { name: '最新の名簿で作りなおす' }).click();
    await told('最新の名簿で作りなおしました。');
    await page.getByRole('button', { name: 'この日に予約する' }).click();
    await page.getByText(/0時5分に行います/).waitFor();
    assert.equal(await state(), 'scheduled');
    await page.getByRole('button', { name: '予約を取り消す' }).click();
    await told('予約を取り消しました。');
    assert.equal(await state(), 'checked');
});

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`5(1)カ 年次更新の画面は使える人を選ばない (${size})`, async () => {
        const person = await openAs(city, [{ role: 'board' }], viewport);
        await person.go(`/city/rollover?school=${at.a.id}`);
        await person.page.locator('.places tbody tr').first().waitFor();
        await assertUsable(person, 'rollover');
        await person.page.context().close();
    });
}

test('5(1)カ 確かめてから行い、進級・卒業し、元に戻すと前と同じになる', async () => {
    const before = await roster();
    await board.go('/city/rollover');
    await page.getByRole('button', { name: 'この日に予約する' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'いま行う' }).count(), 0, 'not before its day');
    await city.city.query(`update roster_imports set on_day = today() where kind = 'rollover'`);
    await board.go('/city/rollover');
    await page.getByRole('button', { name: 'いま行う' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'いま行う' }).click();
    await told('年次更新を行いました。');
    assert.equal(await state(), 'applied');
    assert.notDeepEqual(await roster(), before);
    await page.getByRole('button', { name: '元に戻す' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '元に戻す' }).click();
    await until(async () => await state() === 'undone', 'the roll-over is undone', 30_000);
    assert.deepEqual(await roster(), before);
});
