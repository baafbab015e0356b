// To and from other systems: the register's file by a saved mapping, the calendar out of a file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { places } from '../support/people.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, at, office, page;
const told = (text) => page.getByRole('status').getByText(text).waitFor();
const form = () => page.locator('form.settings-form');

/** To look at: with TODOKE_SHOTS a picture of each screen, on a desk and on a phone. */
async function shot(name) {
    if (!process.env.TODOKE_SHOTS) return;
    for (const size of [PHONE, DESK]) {
        await page.setViewportSize(size);
        await page.screenshot({ path: `${process.env.TODOKE_SHOTS}/${name}-${size.width}.png`, fullPage: true });
    }
}

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    office = await openAs(city, [{ role: 'office', school_id: at.a.id }], DESK);
    ({ page } = office);
});

after(() => city.close());

test('5(2)朝-9 スズキ校務への出力: 列を決めて初めの行を見る、保存する、コードのない子を知る、ファイルにする', async () => {
    const [child] = at.a.one.students;
    await city.city.query('update students set code = null where id = $1', [child]);
    await city.city.query(`update students set code = 'S' || id where school_id = $1 and id <> $2`, [at.a.id, child]);
    await office.go(`/school/${at.a.id}/settings/exports`);
    await page.getByText('出力の設定は、まだありません').first().waitFor();
    await page.locator('.export-table tbody tr').first().waitFor();
    await form().getByLabel('10列目の内容').selectOption({ label: '決まった文字' });
    await form().getByLabel('10列目の入れる文字').fill('月末');
    await form().getByLabel('10列目の見出し').fill('区分');
    await form().getByRole('button', { name: '10列目を前へ' }).click();
    await page.locator('.export-table thead th:nth-child(9)', { hasText: '区分' }).waitFor();
    await page.locator('.export-table tbody tr:first-child td:nth-child(9)', { hasText: '月末' }).waitFor();
    assert.ok(await page.locator('.export-table tbody tr').count() <= 5);
    await form().getByRole('button', { name: '設定を保存する' }).click();
    await told('名前を入れてください。');
    await form().getByLabel('設定の名前').fill('スズキ校務');
    await form().getByLabel('文字コード').selectOption({ label: 'Shift_JIS（CP932）' });
    await form().getByRole('button', { name: '設定を保存する' }).click();
    await told('保存しました。');
    await page.getByText('この出力では、1人の児童生徒にコードがありません。').waitFor();
    await page.getByText('一覧を見る').click();
    const { number } = await city.city.one('select number from students where id = $1', [child]);
    await page.getByRole('listitem').filter({ hasText: `${number}番` }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'ダウンロードする' }).click()]);
    const lines = new TextDecoder('shift_jis').decode(readFileSync(await download.path())).split('\r\n');
    assert.ok(lines[0].startsWith('児童生徒コード,出席番号,氏名,授業日数') && lines[0].endsWith(',区分,遅刻の回数'), lines[0]);
    assert.ok(lines[1].split(',')[8] === '月末');
    await assertUsable(office, '出力');
    await shot('exports');
    await page.setViewportSize(PHONE);
    await assertUsable(office, '出力、電話');
    await page.setViewportSize(DESK);
    await page.getByRole('button', { name: '消す（スズキ校務）' }).click();
    await told(/を消しました/);
});

test('5(2)ウ-4 年間行事: ファイルを調べて問題の行と列を知り、直して、見たとおりに取り込む', async () => {
    const { y: year } = await city.city.one('select school_year() as y');
    await office.go(`/school/${at.a.id}/settings/calendar`);
    const file = page.getByLabel('CSVファイル');
    const choose = (lines) => file.setInputFiles({ name: '行事.csv', mimeType: 'text/csv', buffer: Buffer.from(['日付,終了日,種類,学年,名称', ...lines].join('\r\n')) });
    const result = page.getByRole('region', { name: '調べた結果' });
    await choose([`${year}-04-31,,休業日,,ない日`, `${year}-10-02,,休業日,,開校記念日`]);
    await result.getByText('2行目・1列目（日付）').waitFor();
    assert.equal(await result.getByRole('button', { name: /取り込む/ }).count(), 0);
    await assertUsable(office, '年間行事の問題');
    await shot('calendar-problems');
    await page.setViewportSize(DESK);
    await choose([`${year}/10/2,,休業日,,開校記念日`, `${year}-12-26,${year + 1}-01-07,長期休業,1・2,冬休み`]);
    await result.getByRole('button', { name: '2件を取り込む' }).waitFor();
    assert.equal(await result.locator('tr[data-action=added]').count(), 2);
    const count = async () => (await city.city.one('select count(*)::int as n from calendar_entries where school_id = $1', [at.a.id])).n;
    assert.equal(await count(), 0, 'a look stores nothing');
    await page.setViewportSize(PHONE);
    await assertUsable(office, '年間行事の取り込み、電話');
    await shot('calendar-changes');
    await page.setViewportSize(DESK);
    await result.getByRole('button', { name: '2件を取り込む' }).click();
    await told('取り込みました（加えた2件、置きかえた0件、消した0件）。');
    assert.equal(await count(), 2);
    await page.getByRole('listitem').filter({ hasText: '冬休み' }).waitFor();
});
