// The settings of a school as its vice-principal keeps them, and what guardians see of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { places } from '../support/people.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE } from './support.mjs';
import { assertUsable } from './usable.mjs';

/** To look at: with TODOKE_SHOTS a picture of each screen, on a desk and on a phone. */
async function shot({ page: screen }, name) {
    if (!process.env.TODOKE_SHOTS) return;
    for (const size of [PHONE, DESK]) {
        await screen.setViewportSize(size);
        await screen.screenshot({ path: `${process.env.TODOKE_SHOTS}/${name}-${size.width}.png`, fullPage: true });
    }
}

let city, at, office, page;
const told = (text) => page.getByRole('status').getByText(text).waitFor();
const form = () => page.locator('form.settings-form');
const section = async (name) => {
    await page.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name, exact: true }).click();
    await form().waitFor();
};

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    office = await openAs(city, [{ role: 'office', school_id: at.a.id }], DESK);
    ({ page } = office);
});

after(() => city.close());

test('5(2)ウ-1 5(2)ウ-2 受付時間: 入力しながら文と保護者の画面で確かめ、加え、直し、消して元に戻す', async () => {
    await office.go(`/school/${at.a.id}/settings`);
    await page.getByText('受け付けない時間はありません。').waitFor();
    await form().getByText('平日の8:30から15:00まで、当日の連絡は受け付けません。').waitFor();
    await form().getByRole('button', { name: '加える' }).click();
    await told('保護者に見せる文を入れてください。');
    await form().getByRole('checkbox', { name: '遅刻', exact: true }).uncheck({ force: true });
    await form().getByRole('checkbox', { name: '早退', exact: true }).uncheck({ force: true });
    await form().getByRole('checkbox', { name: '遅刻・早退', exact: true }).uncheck({ force: true });
    await form().getByLabel('保護者に見せる文').fill('お電話でお知らせください。');
    await form().getByText('平日の8:30から15:00まで、当日の欠席の連絡は受け付けません。').waitFor();
    await form().getByRole('button', { name: '加える' }).click();
    await told('保存しました。');
    const row = page.locator('.setting');
    await row.getByText('平日の8:30から15:00まで、当日の欠席の連絡は受け付けません。').waitFor();
    await row.getByRole('button', { name: /^直す/ }).click();
    await form().getByLabel('終了').fill('07:00');
    await form().getByText('平日の8:30から翌日の7:00まで、当日の欠席の連絡は受け付けません。').waitFor();
    await form().getByRole('button', { name: '保存する' }).click();
    await row.getByText('平日の8:30から翌日の7:00まで、当日の欠席の連絡は受け付けません。').waitFor();
    await row.getByRole('button', { name: /^消す/ }).click();
    await told(/を消しました/);
    await page.getByRole('button', { name: '元に戻す' }).click();
    await told('元に戻しました。');
    await row.getByText('翌日の7:00まで').waitFor();
    await assertUsable(office, '受付時間');
    await shot(office, '受付時間');
    await city.city.query('delete from intake_rules');
});

test('5(2)エ-1 5(2)エ-4 理由: 加え、市の標準をこの学校だけ変え、使わないことにし、並べかえる', async () => {
    await section('理由');
    await form().getByLabel('理由のことば').fill('校外学習の振替');
    await form().getByLabel('ひとことを必ず書いてもらう').check();
    await form().getByRole('button', { name: '加える' }).click();
    await told('保存しました。');
    const [citys] = (await office.api('GET', `/schools/${at.a.id}/reasons`)).body.rows.filter((row) => !row.school_id);
    await page.getByRole('button', { name: `この学校だけ変える（${citys.label}）` }).click();
    await form().getByLabel('理由のことば').fill('体の調子がわるい');
    await form().getByRole('button', { name: '保存する' }).click();
    await page.locator('.setting').getByText('体の調子がわるい').waitFor();
    const offered = async () => (await office.api('GET', `/reasons?school_id=${at.a.id}`)).body.rows.map((row) => row.label);
    assert.ok((await offered()).includes('体の調子がわるい') && !(await offered()).includes(citys.label));
    await page.getByRole('button', { name: '市の標準に戻す（体の調子がわるい）' }).click();
    await told('市の標準に戻しました。');
    assert.ok((await offered()).includes(citys.label));
    await page.getByRole('button', { name: `この学校では使わない（${citys.label}）` }).click();
    await told(/使わないことにしました/);
    assert.ok(!(await offered()).includes(citys.label));
    const own = (await offered())[0];
    if (own !== '校外学習の振替') {
        await page.getByRole('button', { name: '「校外学習の振替」を上へ' }).click();
        for (let i = 0; i < 50 && (await offered())[0] === own; i++) await page.waitForTimeout(50);
        assert.equal((await offered())[0], '校外学習の振替');
    }
    await assertUsable(office, '理由');
    await shot(office, '理由');
});

test('5(2)ウ-4 5(2)朝-2 年間行事: 暦を押して期間にし、学年の土曜授業を加え、消して元に戻す。締め切りを変える', async () => {
    await section('年間行事');
    const year = page.getByRole('heading', { name: /年度$/ });
    await page.getByRole('button', { name: '次の年度' }).click();
    await page.getByRole('button', { name: '次の年度' }).click();
    const [april] = (await year.textContent()).match(/\d+/);
    const may = page.getByRole('region', { name: `${april}年5月` });
    await may.getByRole('button', { name: /^5月17日/ }).click();
    await may.getByRole('button', { name: /^5月19日/ }).click();
    assert.equal(await form().getByLabel('最終日').inputValue(), `${april}-05-19`);
    await form().getByLabel('名称').fill('開校記念日');
    await form().getByRole('button', { name: '加える' }).click();
    await may.getByRole('button', { name: /^5月18日.* 休業日 開校記念日$/ }).waitFor();
    await form().getByLabel('初日').fill(`${april}-05-20`);
    await form().getByLabel('最終日').fill(`${april}-05-20`);
    await form().getByRole('radio', { name: '授業日' }).check({ force: true });
    await form().getByLabel('名称').fill('学年行事');
    await form().getByRole('checkbox', { name: '1年' }).check({ force: true });
    await form().getByRole('button', { name: '加える' }).click();
    await page.locator('.entries li').filter({ hasText: '学年行事' }).getByText('1年').waitFor();
    const entries = async () => (await office.api('GET', `/schools/${at.a.id}/calendar`)).body.rows.filter((row) => row.school_id).map((row) => row.label);
    await page.getByRole('button', { name: '消す（開校記念日）' }).click();
    await told('「開校記念日」を消しました。');
    assert.deepEqual(await entries(), ['学年行事']);
    await page.getByRole('button', { name: '元に戻す' }).click();
    await told('元に戻しました。');
    assert.deepEqual((await entries()).sort(), ['学年行事', '開校記念日'].sort());
    await assertUsable(office, '年間行事');
    await shot(office, '年間行事');
    await section('締め切り');
    await form().getByLabel('未確認の連絡を職員室に知らせる時刻').fill('08:15');
    await form().getByLabel('もう一度知らせる時刻').fill('08:10');
    await form().getByRole('button', { name: '保存する' }).click();
    await told('もう一度知らせる時刻は、一度目より後にしてください。');
    await form().getByLabel('もう一度知らせる時刻').fill('08:35');
    await form().getByRole('button', { name: '保存する' }).click();
    await told('保存しました。');
    const { body: stored } = await office.api('GET', `/schools/${at.a.id}/times`);
    assert.deepEqual([stored.escalate_at, stored.escalate_again_at], ['08:15', '08:35']);
    await shot(office, '締め切り');
});

test('5(2)エ-3 5(2)エ-4 教育委員会は、市の標準と出席簿の記号を直す', async () => {
    const board = await openAs(city, [{ role: 'board' }], DESK);
    await board.go('/city/settings/marks');
    await board.page.getByRole('button', { name: '直す（病欠）' }).click();
    await board.page.getByLabel('スズキ校務のコード').fill('K1');
    await board.page.getByRole('button', { name: '保存する' }).click();
    await board.page.getByRole('cell', { name: 'K1' }).waitFor();
    await assertUsable(board, '出席簿の記号');
    await shot(board, '出席簿の記号');
    await board.page.getByRole('link', { name: '受付時間' }).click();
    await board.page.getByText('受け付けない時間はありません。').waitFor();
    assert.deepEqual(board.errors.concat(office.errors), []);
});

test('5(2)ウ-2 5(2)ウ-3 保護者: 受付時間の外だと、書きはじめる前にわかり、開いていた画面も入力を失わない。休業日もわかる', async () => {
    const guardian = await city.open('guardian', PHONE);
    const { rows } = (await guardian.api('GET', '/children')).body;
    const [child] = rows;
    const shut = async (from, to) => city.city.query(
        `insert into intake_rules (school_id, days, from_time, to_time, kinds, about, message)
         select $1, 'every', (here(now()) + $2::interval)::time, (here(now()) + $3::interval)::time, '{absent}', 'any', 'お電話でお知らせください。'`, [child.school_id, from, to]);
    const { day: tomorrow, weekend } = await city.city.one(`select (today() + 1)::text as day, extract(isodow from today() + 1) > 5 as weekend`);
    await city.city.query(`insert into calendar_entries (school_id, first_day, last_day, kind, label) select s, $1, $1, 'closed', '台風' from unnest($2::int[]) s`, [tomorrow, rows.map((row) => row.school_id)]);
    await guardian.go('/report');
    const screen = guardian.page;
    await screen.getByRole('radio', { name: /明日.*休業日/ }).waitFor();
    await screen.getByRole('radio', { name: /明日/ }).check({ force: true });
    await screen.getByText(weekend ? /は休業日です。/ : /は休業日です（台風）。/).waitFor();
    const send = screen.getByRole('button', { name: '連絡する' });
    await send.click();
    await screen.getByText('選んだ日は、授業がありません。').waitFor();
    await screen.getByRole('radio', { name: /今日/ }).check({ force: true });
    await screen.getByLabel('学校に伝えたいこと').fill('夜から熱があります');
    await screen.locator('#field-reason').getByRole('radio').first().check({ force: true });
    await city.city.query(`delete from absences where student_id = any ($1)`, [rows.map((row) => row.student_id)]).catch(() => undefined);
    await shut('-20 minutes', '30 minutes'); // began before the form was opened: no grace
    await send.click();
    await screen.getByText('お電話でお知らせください。').waitFor();
    assert.equal(await screen.getByLabel('学校に伝えたいこと').inputValue(), '夜から熱があります');
    assert.ok(await screen.locator('a[href^="tel:"]').count() > 0);
    await shot(guardian, '連絡の画面');
    await guardian.go('/home');
    await screen.getByText('いまは、欠席の連絡を受け付けていません。').first().waitFor();
    await screen.getByText('お電話でお知らせください。').first().waitFor();
    await assertUsable(guardian, '保護者の画面（受付時間の外）');
    await shot(guardian, '保護者の画面（受付時間の外）');
    assert.deepEqual(guardian.errors, []);
});
