// The main job: a guardian reports, the teacher's screen shows it, the guardian sees that it was seen.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { children, clear, dayAfter, DESK, fill, openCity, PHONE, receiptId, send } from './support.mjs';

let city, guardian, partner, teacher, child, sibling, today;

before(async () => {
    city = await openCity();
    guardian = await city.open('guardian', PHONE);
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

test('5(2)ア 保護者がスマートフォンから欠席を連絡すると担任の画面に現れ、確認すると保護者に伝わる', async () => {
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
    await guardian.page.getByRole('heading', { name: '先生が確認しました' }).waitFor();
    await guardian.page.getByRole('link', { name: 'お子さんの画面へ' }).click();
    await guardian.page.getByText(/今日は欠席の連絡をしています。先生が確認しました（\d+:\d\d）。/).waitFor();
    assert.deepEqual([...guardian.errors, ...teacher.errors], []);
});

test('5(2)ア ふだんの連絡は三回押すだけで済む', async () => {
    await guardian.go('/home');
    const link = guardian.page.getByRole('link', { name: '欠席・遅刻・早退を連絡' });
    await link.waitFor();
    await link.click();
    await guardian.page.getByText('発熱', { exact: true }).click();
    await send(guardian.page);
    await receiptId(guardian.page);
});

test('5(2)ア きょうだいを一度に、期間で連絡できる', async () => {
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

test('5(2)ア 遅刻と早退には時刻をつける。足りないものはその場で言い、書いたものは残る', async () => {
    await guardian.go('/report');
    await fill(guardian.page, { given: child.given_name, kind: '遅刻', reason: '通院', note: '歯医者に寄ります' });
    await send(guardian.page);
    await guardian.page.getByText('登校する時刻を選んでください。').waitFor();
    assert.equal(await guardian.page.getByLabel('学校に伝えたいこと').inputValue(), '歯医者に寄ります');
    await guardian.page.getByText('10:00', { exact: true }).click();
    await guardian.page.getByLabel('早退もする').check();
    await guardian.page.getByText('13:30', { exact: true }).click();
    await send(guardian.page);
    const id = await receiptId(guardian.page);
    const { body } = await guardian.api('GET', `/absences/${id}`);
    assert.equal(body.kind, 'late_and_leave_early');
    assert.match(body.arrive_at, /^10:00/);
    assert.match(body.leave_at, /^13:30/);
});

test('5(2)エ 学校が決めた理由を選び、自由に書ける。理由によっては、ひとこと要る', async () => {
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

test('5(2)ア 連絡を訂正できる。担任の画面も変わる', async () => {
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

test('5(2)ア 連絡を取り消せる。元に戻すこともできる', async () => {
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

test('5(1)エ もう一人の保護者が同じ日を連絡すると、届いている連絡を示し、二つにはならない', async () => {
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

test('5(2)ア きょうだいの一人だけ連絡済みなら、届いた分と届かなかった分をそれぞれ示す', async () => {
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
