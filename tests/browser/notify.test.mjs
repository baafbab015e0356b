// Notifications in a real browser: the invitation after the first report, the page, and what its service worker shows of a
// message that went the whole way: server, push service, npm http_ece. The push service of Chromium can't be had in a test, so
// its subscription is one of ours; everything after that is the browser's own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGateway } from '../support/gateway.mjs';
import { children, clear, fill, openCity, PHONE, send, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, gateway, guardian, teacher, child, today;

before(async () => {
    gateway = await startGateway();
    city = await openCity({ own: true, args: gateway.options });
    guardian = await city.open('guardian', PHONE);
    teacher = await city.open('teacher');
    ({ child } = await children(guardian, teacher));
    today = (await guardian.api('GET', '/session')).body.today;
    await clear(child.student_id, guardian, teacher);
});
after(async () => {
    await city.close();
    await gateway.stop();
});

/** The browser's subscription leads to our push service. */
async function subscribesTo(page, { endpoint, p256dh, auth }) {
    await page.addInitScript(([where, keys]) => {
        let there = null;
        const make = (key) => ({ endpoint: where, options: { applicationServerKey: key }, toJSON: () => ({ endpoint: where, keys }), unsubscribe: async () => { there = null; return true; } });
        PushManager.prototype.getSubscription = async () => there;
        PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
            if (!userVisibleOnly || applicationServerKey.length !== 65) throw new TypeError('not so');
            return (there = make(applicationServerKey.buffer));
        };
        Notification.requestPermission = async () => { window.asked = (window.asked ?? 0) + 1; return 'granted'; };
    }, [endpoint, { p256dh, auth }]);
}

/** What the service worker shows from now on: headless Chromium grants nobody the right to show it for real. */
async function showsOf(page) {
    const [worker] = page.context().serviceWorkers();
    await worker.evaluate(() => {
        self.shown = [];
        ServiceWorkerRegistration.prototype.showNotification = async (title, { body, tag, data, lang }) => { self.shown.push({ title, body, tag, data, lang }); };
    });
    return () => worker.evaluate(() => self.shown);
}

/** As the push service would: into the real service worker. */
async function deliver(page, data) {
    const cdp = await page.context().newCDPSession(page);
    const versions = [];
    cdp.on('ServiceWorker.workerVersionUpdated', ({ versions: all }) => versions.push(...all));
    await cdp.send('ServiceWorker.enable');
    const { registrationId } = await until(() => versions.find(({ status }) => status === 'activated'));
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: city.origin, registrationId, data });
    await cdp.detach();
}

test('5(2)イ-1 after the first report the home screen offers notifications; nothing asks by itself; the page switches them on', async () => {
    const { page } = guardian;
    const browser = gateway.browser();
    await page.addInitScript(() => { Object.defineProperty(Notification, 'permission', { get: () => (window.asked ? 'granted' : 'default'), configurable: true }); });
    await subscribesTo(page, browser.subscription);
    await guardian.go('/home');
    await page.locator('.child-card').first().waitFor();
    assert.equal(await page.getByRole('link', { name: '通知の設定へ' }).count(), 0, 'not before there was a report');
    await guardian.go('/report');
    await fill(page, { given: child.given_name });
    await send(page);
    await page.getByRole('heading', { name: '学校に届きました' }).waitFor();
    await guardian.go('/home');
    await page.getByRole('link', { name: '通知の設定へ' }).click();
    await page.getByText('この端末では、まだ通知を受け取っていません。').waitFor();
    assert.equal(await page.evaluate(() => window.asked ?? 0), 0);
    await assertUsable(guardian, '通知');
    await page.getByRole('button', { name: '通知を受け取る' }).click();
    await page.getByText('この端末で通知を受け取ります。', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'テスト通知を送る' }).click();
    await page.getByText('1台の端末に送りました。数秒で届きます。').waitFor();
    await until(() => browser.pushes.some(({ data }) => data.kind === 'test'));
    await page.getByLabel('学校の確認を端末に通知する').check();
    await until(async () => (await guardian.api('GET', '/account/notifications/topics')).body.rows.find(({ topic }) => topic === 'seen').push);
    await page.getByRole('button', { name: 'この端末の通知をやめる' }).click();
    await page.getByText('この端末では、まだ通知を受け取っていません。').waitFor();
    assert.equal((await guardian.api('GET', '/account/notifications')).body.devices, 0);
    assert.deepEqual(guardian.errors, []);
});

test('5(2)イ-3 what was pushed becomes a notification that names nobody; what can\'t be read a neutral one', async () => {
    const { page } = await city.open('guardian', PHONE);
    const browser = gateway.browser();
    const answer = await page.evaluate(async (body) => (await fetch('/api/account/notifications/device', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).status, browser.subscription);
    assert.equal(answer, 200);
    await clear(child.student_id, guardian, teacher);
    await guardian.api('POST', '/absences', { student_id: child.student_id, first_day: today, kind: 'absent', note: 'ひみつ' });
    const { data } = await until(() => browser.pushes.find(({ data: { kind } }) => kind === 'absence_reported'));
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const shows = await showsOf(page);
    await deliver(page, JSON.stringify(data));
    await until(async () => (await shows()).length === 1, 'the notification');
    await deliver(page, 'not ours');
    const shown = await until(async () => { const all = await shows(); return all.length === 2 && all; }, 'the neutral one');
    const words = shown.map(({ title, body, lang }) => ({ title, body, lang }));
    assert.deepEqual(words.find(({ body }) => /受け付け/.test(body)), { title: 'todoke', body: '欠席などの連絡を受け付けました。', lang: 'ja' });
    assert.deepEqual(words.find(({ body }) => /お知らせ/.test(body)), { title: 'todoke', body: '新しいお知らせがあります。', lang: 'ja' });
    assert.doesNotMatch(JSON.stringify(shown), new RegExp(`${child.given_name}|${child.family_name}|ひみつ`));
    assert.deepEqual(shown.find(({ tag }) => tag)?.data, { url: '/home' });
});
