// The main job: a guardian reports, the teacher's screen shows it, the guardian sees that it was seen.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { children, clear, dayAfter, DESK, fill, openCity, PHONE, receiptId, send, tabTo } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, guardian, partner, teacher, child, sibling, today;

before(async () => {
    city = await openCity();
    // A telephone whose clock is in another zone, where it is still yesterday until the evening: the city's day counts.
    guardian = await city.open('guardian', PHONE, { zone: 'Pacific/Honolulu' });
    partner = await city.open('guardian', PHONE, { which: 1 });
    teacher = await city.open('teacher', DESK);
    ({ child, sibling } = await children(guardian, teacher));
    today = (await guardian.api('GET', '/session')).body.today;
});

const clearAll = async () => {
    await clear(child.student_id, guardian, teacher);
    await clear(sibling.student_id, guardian);
};
beforeEach(clearAll);
after(async () => {
    await clearAll();
    await city.close();
});

const row = () => teacher.page.locator(`[data-student="${child.student_id}"]`);

test('5(2)ア-1 5(2)朝-1 保護者がスマートフォンから欠席を連絡すると担任の画面に現れ、確認すると保護者に伝わる', async () => {
    await teacher.go(`/class/${child.class_id}`);
    await row().waitFor();
    const count = () => teacher.page.locator('[data-total="absent"] dd').innerText().then(Number);
    const absent = await count();

    await guardian.go('/home');
    await guardian.page.getByRole('link', { name: '欠席・遅刻・早退を連絡' }).click();
    await fill(guardian.page, { given: child.given_name, day: '今日', note: '38度2分あります。' });
    await send(guardian.page);
    await guardian.page.getByRole('heading', { name: '学校に届きました' }).waitFor();

    await row().getByText('欠席').waitFor();
    await row().getByText('新着').waitFor();
    assert.match(await row().innerText(), /発熱[\s\S]*38度2分/);
    assert.equal(await count(), absent + 1);

    await row().getByRole('button', { name: /確認/ }).click();
    await row().getByText('確認済').waitFor();
    await guardian.page.getByRole('heading', { name: '担任の先生が確認しました' }).waitFor();
    await guardian.page.getByRole('link', { name: 'お子さんの画面へ' }).click();
    await guardian.page.getByText(/今日は欠席の連絡をしています。担任の先生が確認しました（\d+:\d\d）。/).waitFor();
    assert.deepEqual([...guardian.errors, ...teacher.errors], []);
});

test('5(2)ア-1 5(2)誤-4 ふだんの連絡は三回押すだけで済む。電話がよその時間帯でも、日は市の日', async () => {
    await guardian.go('/home');
    const link = guardian.page.getByRole('link', { name: '欠席・遅刻・早退を連絡' });
    await link.waitFor();
    await link.click();
    await guardian.page.getByText('発熱', { exact: true }).click();
    await guardian.page.getByRole('group', { name: '症状' }).waitFor();
    await send(guardian.page);
    const { body } = await guardian.api('GET', `/absences/${await receiptId(guardian.page)}`);
    assert.ok([today, dayAfter(today, 1)].includes(body.first_day), `${body.first_day}: today, in the evening tomorrow`);
});

test('5(2)ア-2 5(2)ア-3 きょうだいを一度に、期間で連絡できる', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: [child.given_name, sibling.given_name], day: [dayAfter(today, 3), dayAfter(today, 5)], reason: '家庭の都合' });
    await send(guardian.page);
    await guardian.page.getByText('2人分の連絡').waitFor();
    await guardian.page.locator('[data-absence]').nth(1).waitFor();
    for (const one of [child, sibling]) {
        const { body } = await guardian.api('GET', `/children/${one.student_id}/absences`);
        const made = body.rows.find((each) => !each.cancelled_at && each.first_day === dayAfter(today, 3));
        assert.equal(made.last_day, dayAfter(today, 5));
    }
});

test('5(2)ア-1 5(2)ア-4 5(2)ア-6 遅刻と早退には時刻をつける。足りないものはその場で言い、書いたものは残る', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: child.given_name, kind: '遅刻', reason: '通院', note: '歯医者に寄ります' });
    await send(guardian.page);
    await guardian.page.getByText('登校する時刻を選んでください。').waitFor();
    assert.equal(await guardian.page.getByLabel('学校に伝えたいこと').inputValue(), '歯医者に寄ります');
    await guardian.page.getByText('10:00', { exact: true }).click();
    await guardian.page.getByLabel('早退もする').check();
    await guardian.page.getByText('13:30', { exact: true }).click();
    assert.equal(await guardian.page.getByRole('group', { name: '症状' }).count(), 0, 'only where the reason asks');
    assert.equal(await guardian.page.getByText('時刻はまだわかりません').count(), 0);
    await guardian.page.getByText('腹痛', { exact: true }).click();
    await guardian.page.getByText('下痢・腹痛').click();
    await guardian.page.getByText('せき・鼻水など（急性呼吸器症状）').click();
    await guardian.page.getByText('ほかの人が迎えに行きます').click();
    await send(guardian.page);
    await guardian.page.getByText('どなたが迎えに行くか、書いてください。').waitFor();
    await guardian.page.getByLabel('どなたが迎えに行きますか').fill('祖母');
    await assertUsable(guardian, '保護者: 連絡、症状と迎え');
    await send(guardian.page);
    const id = await receiptId(guardian.page);
    const { body } = await guardian.api('GET', `/absences/${id}`);
    assert.deepEqual([body.kind, body.arrive_at, body.leave_at, body.symptoms, body.pick_up, body.pick_up_note],
        ['late_and_leave_early', '10:00', '13:30', ['respiratory', 'diarrhea'], 'other_person', '祖母']);
    await guardian.page.getByText('ほかの人が迎えに行きます（祖母）').waitFor();
    await teacher.go(`/class/${child.class_id}?day=tomorrow`);
    await row().getByText('迎え：祖母').waitFor();
    await row().getByText('症状：せき・鼻水、下痢・腹痛').waitFor();

    // A time that nobody knows yet, where the reason allows it.
    await guardian.page.getByRole('link', { name: '訂正する' }).click();
    await guardian.page.getByRole('group', { name: '理由' }).getByText('その他', { exact: true }).click();
    for (const unknown of await guardian.page.getByText('時刻はまだわかりません').all()) await unknown.click();
    await guardian.page.getByRole('button', { name: 'この内容に訂正する' }).click();
    await row().getByText('登校時刻未定　早退時刻未定').waitFor();
    assert.equal(await row().getByText('せき・鼻水').count(), 0, 'no symptoms with a reason that does not ask');
    await guardian.go(`/children/${child.student_id}/history`);
    const entry = guardian.page.locator('.entry', { hasText: '登校の時刻は未定' }).first();
    await entry.getByText('変更の記録').click();
    await entry.getByText(/10:00ごろ登校.*せき・鼻水など（急性呼吸器症状）、下痢・腹痛.*祖母/).waitFor();
});

test('5(2)ア-8 5(2)ア-9 締め切りのあとは学校に頼める。二人の保護者が見ていて、認める・見送るの返事もその場で届く', async () => {
    const { body: { id } } = await teacher.api('POST', '/absences', { student_id: child.student_id, first_day: dayAfter(today, -1), last_day: today, kind: 'absent', reason_id: await reasonId() });
    await guardian.go(`/sent/${id}`);
    await guardian.page.getByRole('link', { name: '学校に訂正・取り消しを頼む' }).click();
    const ask = guardian.page.getByRole('button', { name: '学校に頼む' });
    await ask.click();
    await guardian.page.getByText('変えるところを直してから、押してください。').waitFor();
    await guardian.page.getByRole('radio', { name: '遅刻' }).check({ force: true });
    await guardian.page.getByText('10:30', { exact: true }).click();
    await assertUsable(guardian, '保護者: 学校への依頼');
    await ask.click();
    const asked = guardian.page.locator('[data-request]');
    await asked.getByText('学校に訂正を頼んでいます').waitFor();
    await asked.getByText('10:30ごろ登校').waitFor();
    assert.equal(await guardian.page.getByRole('link', { name: '学校に訂正・取り消しを頼む' }).count(), 0, 'one at a time');
    await assertUsable(guardian, '保護者: 受付、依頼中');

    await teacher.go(`/class/${child.class_id}`);
    await row().getByText('訂正の依頼').waitFor();
    assert.match(await row().innerText(), /種類\s*欠席\s*→.*遅刻/s);
    assert.equal(await teacher.page.locator('[data-total="requests"] dd').innerText(), '1');
    await assertUsable(teacher, '担任: 学級、依頼');
    // By keyboard, with an answer.
    await partner.go(`/sent/${id}`);
    await tabTo(teacher.page, row().getByRole('button', { name: /依頼を見送る/ }));
    await teacher.page.keyboard.press('Enter');
    await teacher.page.keyboard.type('朝の会のあとは保健室で受け付けます');
    await teacher.page.keyboard.press('Enter');
    for (const { page } of [guardian, partner]) {
        await page.getByText('学校は訂正を見送りました').waitFor();
        await page.getByText('学校から：朝の会のあとは保健室で受け付けます').waitFor();
    }
    await row().locator('.request-line').waitFor({ state: 'detached' });

    // The other guardian asks, the first one takes it back; then it is accepted.
    for (const state of ['withdrawn', 'accepted']) {
        await partner.page.getByRole('link', { name: '学校に訂正・取り消しを頼む' }).click();
        await partner.page.getByText('取り消し', { exact: true }).click();
        await partner.page.getByLabel('取り消す理由').fill('熱が下がりました');
        await partner.page.getByRole('button', { name: '学校に頼む' }).click();
        await row().getByText('取り消しの依頼').waitFor();
        await row().getByText('理由：熱が下がりました').waitFor();
        if (state === 'withdrawn') {
            await guardian.page.getByRole('button', { name: '取り下げる' }).click();
            await partner.page.getByText('取り消しの依頼を取り下げました').waitFor();
        } else await row().getByRole('button', { name: /依頼を認める/ }).click();
        await row().locator('.request-line').waitFor({ state: 'detached' });
    }
    for (const { page } of [guardian, partner]) {
        await page.getByRole('heading', { name: '連絡を取り消しました' }).waitFor();
        await page.getByText('学校が取り消しました').waitFor();
    }
    assert.deepEqual([...guardian.errors, ...partner.errors, ...teacher.errors], []);
});

test('5(2)ア-8 5(2)誤-3 訂正を書いているあいだに締め切りを過ぎたら、書いた内容のまま学校に頼める', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: child.given_name });
    await send(guardian.page);
    const id = await receiptId(guardian.page);
    await guardian.page.getByRole('link', { name: '訂正する' }).click();
    await guardian.page.getByText('腹痛', { exact: true }).click();
    // The school moves the report to a day whose time is over, as if this one's were.
    const { body } = await teacher.api('GET', `/absences/${id}`);
    const moved = await teacher.api('PUT', `/absences/${id}`, { version: body.version, first_day: dayAfter(today, -1), last_day: dayAfter(today, 1), kind: 'absent', reason_id: body.reason_id });
    assert.equal(moved.status, 200);
    const press = guardian.page.getByRole('button', { name: /この内容に訂正する|学校に頼む/ });
    await press.click();
    await guardian.page.getByText('ほかの人がこの連絡を変えました').waitFor();
    await press.click();
    await guardian.page.getByText(/まだ変わっていません。もう一度押すと/).waitFor();
    await press.click();
    await guardian.page.getByText('学校に訂正を頼んでいます').waitFor();
    const { body: { rows: [request] } } = await guardian.api('GET', `/absences/${id}/requests`);
    assert.deepEqual([request.reason, request.first_day], ['腹痛', dayAfter(today, 1)]);
    await guardian.page.getByRole('button', { name: '取り下げる' }).click();
    await guardian.page.getByText('訂正の依頼を取り下げました').waitFor();
});

test('5(2)ア-5 長期に休んでいる子は、登校する日だけ連絡する。学級では印がつき、別に数える', async () => {
    const { body: { id } } = await teacher.api('POST', `/students/${child.student_id}/standing`, { first_day: today, note: '入院しています' });
    try {
        await teacher.go(`/class/${child.class_id}`);
        await row().getByText('長期欠席').waitFor();
        const figure = () => teacher.page.locator('[data-total="standing"] dd').innerText().then(Number);
        const before = await figure();
        await guardian.go('/home');
        await guardian.page.getByText('長期のお休みとして届けています。登校する日だけ連絡してください。').waitFor();
        await guardian.page.getByText('入院しています').waitFor();
        await assertUsable(guardian, '保護者: お子さん、長期欠席');
        await guardian.page.getByRole('link', { name: '登校する日を連絡する' }).click();
        await guardian.page.getByRole('radio', { name: /今日/ }).check({ force: true });
        assert.deepEqual(await guardian.page.getByRole('group', { name: 'どうしますか' }).getByRole('radio').evaluateAll((all) => all.map((one) => one.closest('label').innerText.trim())), ['登校', '遅刻', '早退']);
        await assertUsable(guardian, '保護者: 連絡、登校する日');
        await send(guardian.page);
        await receiptId(guardian.page);
        await row().getByText('登校', { exact: true }).waitFor();
        await row().getByText('長期欠席').waitFor();
        assert.equal(await figure(), before - 1);
        await assertUsable(teacher, '担任: 学級、長期欠席');
        await guardian.go('/home');
        await guardian.page.getByText(/今日は登校の連絡をしています/).waitFor();
    } finally {
        await teacher.api('PUT', `/standing/${id}`, { version: 1, first_day: today, last_day: today, ended: true });
    }
});

test('5(2)エ-2 5(2)エ-5 学校が決めた理由を選び、自由に書ける。理由によっては、ひとこと要る', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: child.given_name, reason: 'その他' });
    await send(guardian.page);
    const needed = guardian.page.getByText('この理由のときは、ひとこと書いてください。');
    const sent = guardian.page.locator('[data-absence]').first();
    await needed.or(sent).waitFor();
    if (await needed.isVisible()) {
        await guardian.page.getByLabel('学校に伝えたいこと').fill('引っ越しの手伝い');
        await send(guardian.page);
    }
    await receiptId(guardian.page);
});

test('5(2)ア-7 5(2)ア-9 連絡を訂正できる。担任の画面も変わる', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: child.given_name });
    await send(guardian.page);
    const id = await receiptId(guardian.page);
    await teacher.go(`/class/${child.class_id}?day=tomorrow`);
    await row().getByText('発熱').waitFor();

    await guardian.page.getByRole('link', { name: '訂正する' }).click();
    await guardian.page.getByRole('heading', { name: '連絡の訂正' }).waitFor();
    await guardian.page.getByText('腹痛', { exact: true }).click();
    await guardian.page.getByRole('button', { name: 'この内容に訂正する' }).click();
    await guardian.page.locator('[data-version="2"]').waitFor();
    assert.equal(await receiptId(guardian.page), id);
    await row().getByText('腹痛').waitFor();

    await guardian.go(`/children/${child.student_id}/history`);
    const entry = guardian.page.locator('.entry', { hasText: '腹痛' }).first();
    await entry.getByText('変更の記録').click();
    await entry.getByText(/訂正（あなた）/).waitFor();
});

test('5(2)ア-7 連絡を取り消せる。元に戻すこともできる', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: child.given_name });
    await send(guardian.page);
    const id = await receiptId(guardian.page);
    await teacher.go(`/class/${child.class_id}?day=tomorrow`);
    await row().getByText('欠席').waitFor();

    await guardian.page.getByRole('button', { name: '取り消す' }).click();
    await guardian.page.getByRole('heading', { name: '連絡を取り消しました' }).waitFor();
    await row().getByText('欠席').waitFor({ state: 'detached' });

    await guardian.page.getByRole('button', { name: '元に戻す' }).click();
    await guardian.page.getByRole('heading', { name: '学校に届きました' }).waitFor();
    assert.notEqual(await receiptId(guardian.page), id);
    await row().getByText('欠席').waitFor();
});

test('5(1)エ 5(2)誤-2 もう一人の保護者が同じ日を連絡すると、届いている連絡を示し、二つにはならない', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: child.given_name });
    await send(guardian.page);
    const id = await receiptId(guardian.page);

    await partner.go('/report');
    await fill(partner.page, { given: child.given_name, reason: '頭痛', note: '頭が痛いそうです' });
    await send(partner.page);
    await partner.page.getByText(/この日の連絡がもう届いています/).waitFor();
    assert.equal(await partner.page.getByLabel('学校に伝えたいこと').inputValue(), '頭が痛いそうです');
    await partner.page.getByRole('alert').getByRole('link', { name: /届いている連絡を見る/ }).click();
    assert.equal(await receiptId(partner.page), id);

    const { body } = await guardian.api('GET', `/children/${child.student_id}/absences`);
    assert.equal(body.rows.filter((one) => !one.cancelled_at && one.first_day === dayAfter(today, 1)).length, 1);
});

test('5(2)ア-2 きょうだいの一人だけ連絡済みなら、届いた分と届かなかった分をそれぞれ示す', async () => {
    await partner.api('POST', '/absences', { student_id: child.student_id, first_day: dayAfter(today, 1), kind: 'absent', reason_id: await reasonId() });
    await guardian.go('/report');
    await fill(guardian.page, { given: [child.given_name, sibling.given_name] });
    await send(guardian.page);
    await guardian.page.getByText(`${sibling.given_name}さんの連絡は届きました。`).waitFor();
    await guardian.page.getByText(`${child.given_name}さんは、この日の連絡がもう届いています`).waitFor();
});

async function reasonId() {
    const { body } = await guardian.api('GET', `/reasons?school_id=${child.school_id}`);
    return body.rows[0].id;
}
