// Mail over SMTP: to a server that works, one that refuses, one that breaks off, one that is away, one that is slow.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { startCity, sleep } from '../support/city.mjs';
import { error, startRelay } from '../support/relay.mjs';

const relay = await startRelay();
const from = '市立学校 連絡係 <school@city.example.jp>';
const city = await startCity({ workers: 2, mail: ['--mail-relay', `smtp://127.0.0.1:${relay.port}`, '--mail-from', from, '--mail-rate', '1000'] });
after(() => relay.stop());
beforeEach(() => { relay.onRcpt = relay.onMail = relay.onContent = () => undefined; });

const enqueue = async (address, { subject = 'お知らせ', body = '本文' } = {}) =>
    (await city.one('select mail_enqueue($1, $2, $3) as id', [address, subject, body])).id;
const row = (id) => city.one('select * from outbox where id = $1', [id]);
async function until(what, holds) {
    for (let tries = 0; tries < 1500; tries++, await sleep(20)) {
        const value = await holds();
        if (value) return value;
    }
    throw new Error(`never: ${what}`);
}
const done = (id) => until(`mail ${id} is done`, async () => { const found = await row(id); return found.state !== 'waiting' && found; });
const failedOnce = (id) => until(`mail ${id} failed once`, async () => { const found = await row(id); return found.error !== null && found; });
/** As if the back-off, or the lease, were over. */
const hurry = (id) => city.query(`with moved as (update outbox set due_at = now() where id = $1 returning 1) select pg_notify('outbox', '') from moved`, [id]);

test('5(1) a mail reaches the mail server with its envelope, its headers and its text', async () => {
    const subject = '【重要】明日の遠足について（持ち物・集合時刻・雨天のときの連絡のしかたをご確認ください）𠮷野先生より';
    const text = `${'本日は、'.repeat(200)}\n.\n..行頭の点\nさようなら😀\n`;
    const id = await enqueue('sato@example.jp', { subject, body: text });
    const { state, attempts } = await done(id);
    assert.deepEqual({ state, attempts }, { state: 'sent', attempts: 1 });
    const [mail] = relay.to('sato@example.jp');
    assert.equal(mail.from, 'school@city.example.jp');
    assert.equal(mail.subject, subject);
    assert.equal(mail.text, text);
    assert.equal(mail.headers.from, '市立学校 連絡係 <school@city.example.jp>');
    assert.equal(mail.headers['auto-submitted'], 'auto-generated');
    assert.match(mail.headers['message-id'], /^<[0-9a-f-]{36}@city\.example\.jp>$/);
    assert.match(mail.headers.date, /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d+ [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0900$/);
    assert.ok(Math.abs(Date.parse(mail.headers.date) - Date.now()) < 120_000);
    assert.ok(mail.raw.split('\r\n').every((line) => line.length <= 78 && /^[\x20-\x7e\t]*$/.test(line)));
});

test('two workers send a crowd of mails, each once, over few connections', async () => {
    const before = relay.connections;
    await city.query(`insert into outbox (address, subject, body) select 'many' || n || '@example.jp', '件名', '本文' from generate_series(1, 300) n`);
    await until('all are sent', async () => (await city.one(`select count(*)::int as n from outbox where state = 'waiting'`)).n === 0);
    const to = relay.mails.map((mail) => mail.to).filter((each) => each.startsWith('many'));
    assert.equal(to.length, 300);
    assert.equal(new Set(to).size, 300);
    assert.ok(relay.connections - before <= 8, `${relay.connections - before} connections`);
});

test('the urgent first: a code does not wait behind mass mail', async () => {
    relay.onContent = () => sleep(20);
    await city.query(`insert into outbox (address, subject, body, priority) select 'mass' || n || '@example.jp', '件名', '本文', 9 from generate_series(1, 100) n`);
    await city.query(`select mail_enqueue('code@example.jp', '確認コード', '123456', null, 1, interval '30 minutes')`);
    await until('the code is there', () => relay.to('code@example.jp').length === 1);
    assert.ok(relay.mails.filter((mail) => mail.to.startsWith('mass')).length < 60);
    await until('the others too', () => relay.mails.filter((mail) => mail.to.startsWith('mass')).length === 100);
});

test('5(1)オ 5(2)イ-4 an address that is refused for good is remembered, until a mail is taken again', async () => {
    relay.onRcpt = (address) => (address === 'gone@example.jp' ? error(550, '5.1.1 unknown user gone@example.jp') : undefined);
    const { state, error: why, body } = await done(await enqueue('gone@example.jp'));
    assert.deepEqual({ state, why, body }, { state: 'failed', why: 'rcpt 550 5.1.1', body: null });
    const known = async () => (await city.one(`select undeliverable_since('Gone@example.jp') is not null as known`)).known;
    assert.equal(await known(), true);
    relay.onRcpt = () => undefined;
    assert.equal((await done(await enqueue('gone@example.jp'))).state, 'sent');
    assert.equal(await known(), false);
});

test('a mail whose content is refused fails; its address is not to blame', async () => {
    relay.onContent = () => error(554, '5.6.0 no');
    const { state, error: why } = await done(await enqueue('picky@example.jp'));
    assert.deepEqual({ state, why }, { state: 'failed', why: 'content 554 5.6.0' });
    assert.equal((await city.one(`select undeliverable_since('picky@example.jp') as since`)).since, null);
});

test('"not now" is tried again later, under the same Message-ID', async () => {
    const ids = [];
    relay.onContent = (mail) => { ids.push(mail.headers['message-id']); return ids.length === 1 ? error(451, '4.7.1 greylisted') : undefined; };
    const id = await enqueue('grey@example.jp');
    const { state, error: why, due_at, attempts } = await failedOnce(id);
    assert.deepEqual({ state, why, attempts }, { state: 'waiting', why: 'content 451 4.7.1', attempts: 1 });
    assert.ok(due_at > new Date(), 'not at once');
    await hurry(id);
    assert.deepEqual([(await done(id)).state, relay.to('grey@example.jp').length], ['sent', 1]);
    assert.equal(ids[0], ids[1]);
});

test('a mail that was often handed back untried waits no longer after its first failure than another', async () => {
    relay.onContent = () => error(451, '4.7.1 greylisted');
    const { id } = await city.one(`insert into outbox (address, subject, body, attempts) values ('back@example.jp', '件名', '本文', 12) returning id`);
    const { attempts, failures } = await failedOnce(id);
    assert.deepEqual({ attempts, failures }, { attempts: 13, failures: 1 });
    const { soon } = await city.one(`select due_at < now() + interval '10 seconds' as soon from outbox where id = $1`, [id]);
    assert.ok(soon, 'seconds, not a quarter of an hour');
    relay.onContent = () => undefined;
    await hurry(id);
    assert.equal((await done(id)).state, 'sent');
});

test('an answer that is lost: the mail goes out again, recognisable', async () => {
    const seen = [];
    relay.onContent = (mail, session) => {
        seen.push(mail.headers['message-id']);
        if (seen.length > 1) return undefined;
        relay.cut(session);
        return 'silence';
    };
    const id = await enqueue('lost@example.jp');
    assert.equal((await failedOnce(id)).error, 'content');
    await hurry(id);
    assert.equal((await done(id)).state, 'sent');
    assert.deepEqual([seen.length, new Set(seen).size], [2, 1]);
});

test('5(2)イ-4 a mail server that is away, then refuses everybody, then works: none lost, none doubled, none failed', async () => {
    await relay.stop();
    const before = relay.mails.length;
    await city.query(`insert into outbox (address, subject, body) select 'storm' || n || '@example.jp', '件名', '本文' from generate_series(1, 40) n`);
    await until('it was tried in vain', async () => (await city.one(`select count(*)::int as n from outbox where state = 'waiting' and error = 'connect'`)).n > 0);
    relay.onMail = () => error(550, '5.7.1 this sender may not');
    await relay.restart();
    await until('it was refused', async () => (await city.one(`select count(*)::int as n from outbox where state = 'waiting' and error = 'mail 550 5.7.1'`)).n > 0);
    relay.onMail = () => undefined;
    await until('all are sent', async () => (await city.one(`select count(*)::int as n from outbox where state = 'waiting'`)).n === 0);
    const to = relay.mails.slice(before).map((mail) => mail.to);
    assert.deepEqual([to.length, new Set(to).size], [40, 40]);
    assert.equal((await city.one(`select count(*)::int as n from outbox where state = 'failed' and error like 'mail%'`)).n, 0);
});

test('a slow mail server holds up nobody: neither requests, nor the end of its own conversation', async () => {
    let free;
    const held = new Promise((resolve) => { free = resolve; });
    relay.onContent = (mail) => (mail.to.startsWith('slow') ? held.then(() => undefined) : undefined);
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await enqueue(`slow${n}@example.jp`));
    await until('they are held', async () => (await city.one(`select count(*)::int as n from outbox where id = any ($1) and attempts = 1`, [ids])).n === 3);
    for (let n = 0; n < 20; n++) assert.equal((await city.client().request('GET', '/readyz')).status, 200);
    assert.equal((await done(await enqueue('quick@example.jp'))).state, 'sent');
    free();
    for (const id of ids) assert.equal((await done(id)).state, 'sent');
});

test('no address and no text of a mail is in the log', () => {
    assert.doesNotMatch(city.log(), /example\.jp|お知らせ|本文|unknown user|123456/);
    assert.match(city.log(), /"event":"mail.unsent".*"error":"rcpt 550 5.1.1"/);
    assert.match(city.log(), /"event":"mail.trouble"/);
});

test('the metrics count them', async () => {
    const { body } = await city.client().request('GET', '/metrics');
    const metric = (name) => Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\d+)$`, 'm').exec(body)?.[1]);
    assert.ok(metric('mail_total{outcome="sent"}') >= 440, body.match(/^mail.*$/gm).join('\n'));
    assert.ok(metric('mail_total{outcome="failed"}') >= 2);
    assert.ok(metric('mail_total{outcome="retried"}') >= 2);
});
