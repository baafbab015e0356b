// Without a network: the report stays on the device, says so, and is sent once when the network returns.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { children, clear, dayAfter, fill, openCity, PHONE, receiptId, send, until } from './support.mjs';

let city, guardian, teacher, child, today;

before(async () => {
    city = await openCity();
    guardian = await city.open('guardian', PHONE, { wire: true });
    teacher = await city.open('teacher');
    ({ child } = await children(guardian, teacher));
    today = (await guardian.api('GET', '/session')).body.today;
});

const clearAll = () => clear(child.student_id, guardian, teacher);
beforeEach(async () => {
    await guardian.offline(false);
    await clearAll();
});
after(async () => {
    await clearAll();
    await city.close();
});

const standing = async () => {
    const { body } = await guardian.api('GET', `/children/${child.student_id}/absences`);
    return body.rows.filter((row) => !row.cancelled_at && row.first_day > today);
};

test('5(2)ア-10 電波のないところで連絡すると預かり、戻りしだい一度だけ送る', async () => {
    const { page } = guardian;
    await guardian.go('/report');
    await fill(page, { given: child.given_name });
    const keys = [];
    page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/api/absences')) keys.push(request.headers()['idempotency-key']);
    });
    await guardian.offline(true);
    await page.getByText(/電波が届いていません。押すと連絡を預かり/).waitFor();
    await send(page);
    await page.getByRole('heading', { name: '連絡を預かりました' }).waitFor();
    await page.getByText('電波が戻りしだい送信します', { exact: false }).first().waitFor();

    await guardian.offline(false);
    await page.getByRole('heading', { name: '学校に届きました' }).waitFor();
    assert.equal((await standing()).length, 1);
    assert.equal(new Set(keys).size, 1, 'one key, however often it was tried');
});

test('5(2)ア-10 答えだけが失われても、同じ連絡は一つしか残らない', async () => {
    const { page } = guardian;
    await guardian.go('/report');
    await fill(page, { given: child.given_name });
    let lost = 0;
    await page.route('**/api/absences', async (route) => {
        if (route.request().method() !== 'POST' || lost > 0) return route.continue();
        lost += 1;
        await route.fetch();
        await route.abort();
    });
    await send(page);
    await until(() => lost === 1, 'the answer is lost');
    // The service worker may be quicker than the page to try again.
    await page.locator('[data-report], [data-absence]').first().waitFor();
    assert.equal((await standing()).length, 1, 'the server has it');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.getByRole('heading', { name: '学校に届きました' }).waitFor();
    const [row, ...more] = await standing();
    assert.equal(more.length, 0);
    assert.equal(await receiptId(page), row.id);
    await page.unroute('**/api/absences');
});

test('5(2)ア-10 画面を閉じ、電波のないまま開きなおしても、預かった連絡は残り、あとで送る', async () => {
    const { page } = guardian;
    await guardian.go('/home');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await until(() => page.evaluate(async () => (await caches.keys()).length > 0), 'the shell is kept');
    const kept = await page.evaluate(async () => (await (await caches.open((await caches.keys())[0])).keys()).map(({ url }) => new URL(url).pathname));
    assert.ok(kept.some((name) => /\/guardian-.*\.js$/.test(name)), kept.join(' '));
    assert.deepEqual(kept.filter((name) => /\/(office|teacher|board|letters|members|roster|registrants|rollover|audit|student)-/.test(name)), [], 'nothing of the staff');
    await guardian.go('/report');
    await fill(page, { given: child.given_name });
    await guardian.offline(true);
    await send(page);
    await page.getByRole('heading', { name: '連絡を預かりました' }).waitFor();

    await page.goto('about:blank');
    await guardian.go('/home');
    await page.getByText('欠席の連絡を預かっています。電波が戻りしだい送信します。').waitFor();
    await page.getByRole('link', { name: '欠席・遅刻・早退を連絡' }).click();
    const [, month, day] = today.split('-').map(Number);
    await page.getByRole('radio', { name: new RegExp(`今日.*${month}/${day}`) }).waitFor();
    await page.goBack();
    await guardian.offline(false);
    await until(async () => (await standing()).length === 1, 'it arrives');
    await page.getByText('欠席の連絡を預かっています。').waitFor({ state: 'detached' });
});

test('5(2)ア-10 5(2)誤-2 預かっているあいだに、もう一人の保護者が連絡していたら、そのことを示す', async () => {
    const { page } = guardian;
    await guardian.go('/report');
    await fill(page, { given: child.given_name });
    await guardian.offline(true);
    await send(page);
    await page.getByRole('heading', { name: '連絡を預かりました' }).waitFor();

    const partner = await city.open('guardian', PHONE, { which: 1 });
    const { status } = await partner.api('POST', '/absences', { student_id: child.student_id, first_day: dayAfter(today, 1), kind: 'late', arrive_at: '10:00' });
    assert.equal(status, 201);
    await guardian.offline(false);
    await page.getByRole('heading', { name: '送れませんでした' }).waitFor();
    assert.equal((await standing()).length, 1);
    await page.getByRole('button', { name: 'この連絡をやめる' }).click();
    await page.getByRole('heading', { name: 'お子さん' }).waitFor();
});
