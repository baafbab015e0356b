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

test('5(2) スズキ校務への出力: 列を決めて初めの行を見る、保存する、コードのない子を知る、ファイルにする', async () => {
    const [child] = at.a.one.students;
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
