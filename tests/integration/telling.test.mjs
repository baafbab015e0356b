// Who is told what: by Web Push and by mail, each as they chose, while push services and mail servers fail.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import { startCity, sleep } from '../support/city.mjs';
import { startGateway } from '../support/gateway.mjs';
import { absence, account, clear, day, places } from '../support/people.mjs';
import { error, startRelay } from '../support/relay.mjs';
import { statements } from '../support/statements.mjs';

const relay = await startRelay();
const gateway = await startGateway();
const city = await startCity({ workers: 2, args: gateway.options,
    mail: ['--mail-relay', `smtp://127.0.0.1:${relay.port}`, '--mail-from', '市立学校 <school@city.example.jp>', '--mail-rate', '1000'] });
after(() => Promise.all([relay.stop(), gateway.stop()]));
beforeEach(() => { relay.onRcpt = relay.onContent = () => undefined; gateway.onPush = () => undefined; });

const at = await places(city);
const children = at.a.one.students.slice(0, 4);
const today = await day(city);
let serial = 0;

/** A guardian: with an address, and devices that get pushes. */
async function guardian({ children: of = [children[0]], rights, mail = true, devices = 0 } = {}) {
    const id = await account(city, { children: of, rights });
    const email = mail ? `tell${++serial}@example.jp` : null;
    await city.query('update accounts set email = $2 where id = $1', [id, email]);
    const person = await city.as(id);
    const browsers = [];
    for (let n = 0; n < devices; n++) {
        const session = n === 0 ? person : await city.as(id);
        const browser = gateway.browser();
        assert.equal((await session.request('PUT', '/api/account/notifications/device', { body: browser.subscription })).status, 200);
        browsers.push(Object.assign(browser, { session }));
    }
    return Object.assign(person, { email, browsers, mails: () => relay.to(email).map(({ subject, text }) => ({ subject, text })) });
}
async function until(what, holds, tries = 1500) {
    for (; tries > 0; tries--, await sleep(20)) {
        const value = await holds();
        if (value) return value;
    }
    throw new Error(`never: ${what}`);
}
/** All is told: nothing waits, in the queue or in the outbox. */
const quiet = () => until('quiet', async () => {
    const { n } = await city.one(`select (select count(*) from tellings) + (select count(*) from outbox where state = 'waiting') as n`);
    return n === 0;
});
/** As if the back-offs were over; what has just been taken (a lease is three minutes) is left alone. */
const hurry = () => city.query(`with moved as (update outbox set due_at = now() where state = 'waiting' and attempts > 0
        and due_at not between now() + interval '175 seconds' and now() + interval '181 seconds' returning 1)
    select pg_notify('outbox', '') from (select count(*) from moved) m`);
const report = (who, student, more = {}) => who.post('/api/absences', { student_id: student, first_day: today, kind: 'absent', note: 'ひみつの症状', ...more });
const kinds = (browser) => browser.pushes.map(({ data }) => `${data.kind} ${data.who}`);
const name = async (student) => (await city.one('select given_name, family_name from students where id = $1', [student]));

for (const child of children) await clear(city, child);
await quiet();
const reporter = await guardian({ children, devices: 2 });
const other = await guardian({ children: [children[0]] });
const reader = await guardian({ rights: 'read', devices: 1 });
const contact = await guardian({ rights: 'contact', devices: 1 });
const homeroom = await city.as(await account(city, { roles: [{ role: 'homeroom', school_id: at.a.id, class_id: at.a.one.id }] }));
const office = await city.as(await account(city, { roles: [{ role: 'office', school_id: at.a.id }] }));

test('5(2)イ-1 5(2)イ-2 everybody who reads of the child is told within seconds, by push or mail, also who did not report', async () => {
    const begun = reporter.browsers[0].pushes.length;
    const receipt = await report(reporter, children[0], { last_day: await day(city, 1) });
    await quiet();
    for (const browser of reporter.browsers) {
        const [{ data, headers }] = browser.pushes.slice(begun);
        assert.deepEqual({ ...data, tag: null }, { kind: 'absence_reported', who: 'you', url: '/home', tag: null });
        assert.match(data.tag, /^[\w-]{32}$/);
        assert.deepEqual([headers['content-encoding'], headers.urgency, headers.topic], ['aes128gcm', 'normal', data.tag]);
        assert.ok(Number(headers.ttl) > 40_000 && Number(headers.ttl) <= 43_200);
    }
    assert.deepEqual(kinds(reader.browsers[0]), ['absence_reported other']);
    assert.deepEqual([reporter.mails(), reader.mails(), contact.mails(), contact.browsers[0].pushes].map((all) => all.length), [0, 0, 0, 0], 'a push, so no mail; no reading, so nothing');
    const [mail] = other.mails();
    const { given_name, family_name } = await name(children[0]);
    assert.equal(mail.subject, '別の保護者から連絡がありました');
    assert.match(mail.text, /^お子さんについて、別の保護者から欠席の連絡がありました。/);
    assert.match(mail.text, new RegExp(`${given_name}さん　欠席　\\d+月\\d+日（.）〜\\d+月\\d+日（.）`));
    assert.doesNotMatch(mail.text, new RegExp(`${family_name}|ひみつ`));

    const { version } = await other.put(`/api/absences/${receipt.id}`, { version: 1, first_day: today, kind: 'late', arrive_at: '10:30' });
    await quiet();
    await homeroom.post(`/api/absences/${receipt.id}/acknowledge`);
    await office.post(`/api/absences/${receipt.id}/cancel`, { version: version + 1 });
    await quiet();
    assert.deepEqual(kinds(reporter.browsers[0]).slice(begun), ['absence_reported you', 'absence_corrected other', 'absence_cancelled school']);
    assert.deepEqual(other.mails().map(({ subject }) => subject), ['別の保護者から連絡がありました', '連絡の訂正を受け付けました', '学校が連絡を取り消しました']);
    assert.equal(new Set(reporter.browsers[0].pushes.slice(begun).map(({ data }) => data.tag)).size, 1, 'one takes the place of the other');
});

test('5(2)イ-1 5(2)カ-3 a telephone call that the school registered is told to the guardians too; siblings are one message', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const [pushes, mails] = [reporter.browsers[0].pushes.length, other.mails().length];
    await report(office, children[0]);
    await quiet();
    assert.deepEqual(kinds(reporter.browsers[0]).slice(pushes), ['absence_reported school']);
    assert.equal(other.mails()[mails].subject, '学校が連絡を登録しました');
    const both = await guardian({ children: [children[2], children[3]] });
    await city.query(`with asked as (select * from unnest($1::bigint[]) as s (id))
        insert into absences (school_id, student_id, first_day, last_day, kind, via, reported_by, changed_by, changed_via)
        select s.school_id, s.id, today(), today(), 'absent', 'guardian', $2, $2, 'guardian' from asked join students s using (id)`,
    [[children[2], children[3]], both.account]);
    await quiet();
    assert.equal(both.mails().length, 1);
    for (const child of [children[2], children[3]]) assert.match(both.mails()[0].text, new RegExp(`${(await name(child)).given_name}さん　欠席`));
});

test('5(2)イ-1 5(2)朝-1 each as they chose: both ways, neither, and when the school has seen it (the role, not the name)', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const chooser = await guardian({ children: [children[1]], devices: 1 });
    const choose = (topic, push, mail) => chooser.put('/api/account/notifications/topics', { topic, push, mail });
    await choose('reports', true, 'always');
    await choose('seen', false, 'always');
    const { id } = await report(chooser, children[1]);
    await quiet();
    await homeroom.post(`/api/absences/${id}/acknowledge`);
    await quiet();
    assert.deepEqual(kinds(chooser.browsers[0]), ['absence_reported you']);
    assert.deepEqual(chooser.mails().map(({ subject }) => subject), ['連絡を受け付けました', '学校が連絡を確認しました']);
    assert.match(chooser.mails()[1].text, /^担任が、次の連絡を確認しました。/);
    await choose('reports', false, 'never');
    await clear(city, children[1]);
    await quiet();
    assert.deepEqual([chooser.browsers[0].pushes.length, chooser.mails().length], [1, 2]);
    const refused = await chooser.request('PUT', '/api/account/notifications/topics', { body: { topic: 'urgent', push: false, mail: 'never' } });
    assert.equal(refused.status, 404, 'what is urgent can\'t be switched off');
    const { rows } = await chooser.get('/api/account/notifications/topics');
    assert.deepEqual(rows.map(({ topic }) => topic), ['reports', 'seen', 'requests', 'urgent']);
    assert.deepEqual((await office.get('/api/account/notifications/topics')).rows.map(({ topic }) => topic), ['unseen']);
});

test('5(2)イ-1 5(2)朝-4 5(2)ア-8 a child that nobody knows about, and a request that is declined: told at once, and the first both ways whatever was chosen', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const who = await guardian({ children: [children[3]], devices: 1 });
    await who.put('/api/account/notifications/topics', { topic: 'requests', push: true, mail: 'always' });
    await homeroom.put(`/api/students/${children[3]}/attendance`, { day: today, state: 'absent', seen_at: Date.now() });
    assert.equal((await office.request('POST', `/api/students/${children[3]}/inquiry`, { key: randomUUID() })).status, 200);
    await quiet();
    assert.deepEqual([kinds(who.browsers[0]), who.browsers[0].pushes[0].headers.urgency], [['child_unaccounted null'], 'high']);
    assert.equal(who.mails()[0].subject, '【至急】お子さんの登校を確認させてください');
    const { phone } = await city.one('select phone from schools where id = $1', [at.a.id]);
    assert.match(who.mails()[0].text, new RegExp(`電話：${phone}`));
    await homeroom.put(`/api/students/${children[3]}/attendance`, { day: today, state: 'late', arrived_at: '09:10', seen_at: Date.now() });
    await quiet();
    assert.deepEqual([kinds(who.browsers[0])[1], who.mails()[1].subject], ['child_found null', 'お子さんを確認できました'], 'and when it has come');
    assert.equal(who.browsers[0].pushes[1].headers.topic, who.browsers[0].pushes[0].headers.topic, 'in the place of the alarm');
    const { id } = await absence(city, children[3], { first: 1, by: who.account });
    await city.query(`insert into absence_requests (absence_id, school_id, student_id, action, seen_version, made_by) values ($1, $2, $3, 'cancel', 1, $4)`, [id, at.a.id, children[3], who.account]);
    await city.query(`update absence_requests set state = 'declined', decided_by = $2, decided_at = now(), answer = 'ひみつの返事', version = 2 where absence_id = $1`, [id, homeroom.account]);
    await quiet();
    assert.deepEqual(kinds(who.browsers[0]).sort(), ['absence_reported you', 'child_found null', 'child_unaccounted null', 'request_decided null'], 'the urgent ones may overtake');
    assert.equal(who.mails()[2].subject, '変更の申し出への返事があります');
    assert.doesNotMatch(who.mails()[2].text, /ひみつ/);
});

test('5(2)イ-1 5(2)誤-10 MEASURES 12: whose right was withdrawn, whose account is closed, whose link is over: none is told', async () => {
    for (const child of children) await clear(city, child);
    const [withdrawn, closed, over] = [await guardian(), await guardian(), await guardian()];
    await city.query(`update guardianships set rights = 'blocked' where account_id = $1`, [withdrawn.account]);
    await city.query('update accounts set closed_at = now() where id = $1', [closed.account]);
    await city.query('update guardianships set valid_from = today() - 2, valid_to = today() - 1 where account_id = $1', [over.account]);
    await report(reporter, children[0]);
    await quiet();
    assert.deepEqual([withdrawn, closed, over].map((who) => who.mails().length), [0, 0, 0]);
});

test('5(2)イ-1 5(2)誤-10 a mail that waits for its server is taken back when its reader may no longer read of the child', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const [withdrawn, over, stays] = [await guardian(), await guardian(), await guardian()];
    relay.onRcpt = () => error(451, 'busy');
    await report(reporter, children[0]);
    await until('they wait', async () => (await city.one(`select count(*)::int as n from outbox where account_id = any ($1) and error is not null and state = 'waiting'`,
        [[withdrawn.account, over.account, stays.account]])).n === 3);
    await city.query(`update guardianships set rights = 'blocked' where account_id = $1`, [withdrawn.account]);
    await city.query('update guardianships set valid_from = today() - 2, valid_to = today() - 1 where account_id = $1', [over.account]);
    relay.onRcpt = () => undefined;
    await until('all is over', async () => { await hurry(); return (await city.one(`select count(*)::int as n from outbox where state = 'waiting'`)).n === 0; });
    assert.deepEqual([withdrawn, over, stays].map((who) => who.mails().length), [0, 0, 1]);
});

test('5(2)朝-2 reports that nobody has seen reach the office’s device at the school’s time, without a name, and only this school’s', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const browser = gateway.browser();
    const elsewhere = await city.as(await account(city, { roles: [{ role: 'office', school_id: at.b.id }] }));
    const others = gateway.browser();
    for (const [person, { subscription }] of [[office, browser], [elsewhere, others]]) {
        assert.equal((await person.request('PUT', '/api/account/notifications/device', { body: subscription })).status, 200);
    }
    await city.query(`insert into calendar_entries (school_id, kind, first_day, last_day, label) values ($1, 'school_day', today(), today(), '授業日')`, [at.a.id]);
    await report(reporter, children[0]);
    await city.query(`update schools set escalate_at = greatest(localtime_here() - interval '1 minute', time '00:00') where id in ($1, $2)`, [at.a.id, at.b.id]);
    await city.query(statements.reports_escalate.text);
    await quiet();
    assert.deepEqual(browser.pushes.map(({ data }) => [data.kind, data.url]), [['reports_unseen', `/school/${at.a.id}`]]);
    const { family_name, given_name } = await name(children[0]);
    for (const text of [family_name, given_name, 'ひみつ']) assert.ok(!JSON.stringify(browser.pushes[0].data).includes(text));
    assert.deepEqual(others.pushes, []);
    await city.query(`update schools set escalate_at = '23:59:59'`);
});

test('5(2)イ-4 MEASURES 15: services that fail in any order: each is told each thing exactly once, by push and by mail', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const family = [await guardian({ children, devices: 1 }), await guardian({ children, devices: 2 }), await guardian({ children }), await guardian({ children })];
    const browsers = family.flatMap((who) => who.browsers);
    // A seeded generator: what fails when is different for each try, and the same in each run.
    let seed = 20261125;
    const dice = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
    const bad = [503, 500, { status: 429, headers: { 'retry-after': '1' } }, 'cut', { status: 503, headers: { 'retry-after': '1' } }, 403];
    gateway.onPush = () => (dice(2) ? bad[dice(bad.length)] : undefined);
    relay.onRcpt = () => (dice(3) ? undefined : error(451, '4.3.0 later'));
    relay.onContent = () => (dice(3) ? undefined : error(452, '4.2.2 full'));
    const made = [];
    for (let day_ = 1; day_ <= 3; day_++) {
        for (const child of children) made.push(absence(city, child, { first: day_, by: family[0].account }));
        if (day_ === 2) {
            // Nothing is taken that is not answered, or it would rightly come again.
            const [refuses, misbehaves] = [relay.onRcpt, gateway.onPush];
            relay.onRcpt = () => error(451, '4.3.0 going down');
            gateway.onPush = () => 503;
            await sleep(200);
            await Promise.all([gateway.stop(), relay.stop()]);
            [relay.onRcpt, gateway.onPush] = [refuses, misbehaves];
            await Promise.all(made);
            await sleep(300);
            await Promise.all([gateway.restart(), relay.restart()]);
        }
    }
    await Promise.all(made);
    const told = (who) => who.mails().reduce((n, { text }) => n + (text.match(/さん　欠席/g) ?? []).length, 0);
    const over = async () => (await city.one(`select (select count(*) from tellings) + (select count(*) from outbox where state = 'waiting') as n`)).n === 0;
    for (let tries = 0; tries < 400 && !(await over()); tries++) {
        await hurry();
        await sleep(100);
        if (tries === 30) { gateway.onPush = () => undefined; relay.onRcpt = relay.onContent = () => undefined; }
    }
    assert.ok(await over(), 'in the end all is done');
    const { failed } = await city.one(`select count(*)::int as failed from outbox where state <> 'sent' and account_id = any ($1)`, [family.map((who) => who.account)]);
    assert.equal(failed, 0);
    for (const who of family) {
        // Siblings may be one message: what counts is that each report was told once.
        const rows = await city.one(`select count(*)::int as n from outbox where account_id = $1 and state = 'sent'`, [who.account]);
        const got = who.browsers.length ? who.browsers.reduce((n, browser) => n + browser.pushes.length, 0) : who.mails().length;
        assert.equal(got, rows.n, 'nothing twice, nothing lost');
        if (!who.browsers.length) assert.equal(told(who), 12);
    }
    assert.ok(browsers.every((browser) => browser.pushes.length > 0));
    assert.ok(gateway.tries > gateway.claims.length + 3, 'it did fail');
});

/** As if a minute had passed for what waits; what has just been taken (a lease is three minutes) is left alone, as in hurry. */
const minute = () => city.query(`with moved as (
        update outbox set due_at = due_at - interval '1 minute', expires_at = expires_at - interval '1 minute', made_at = made_at - interval '1 minute'
        where state = 'waiting' and due_at not between now() + interval '175 seconds' and now() + interval '181 seconds' returning 1)
    select pg_notify('outbox', '') from (select count(*) from moved) m`);

test('5(2)イ-4 MEASURES 15: an hour without push service and mail server, minute by minute: all is kept, tried ever more seldom, and told once afterwards', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const family = [await guardian({ children, devices: 1 }), await guardian({ children, devices: 2 }), await guardian({ children })];
    const ids = family.map((who) => who.account);
    const waiting = async () => (await city.one(`select count(*)::int as n from outbox where state = 'waiting' and account_id = any ($1)`, [ids])).n;
    const tries = gateway.tries;
    await Promise.all([gateway.stop(), relay.stop()]);
    for (let at = 0; at < 60; at++) {
        // Nobody at all for half of it, then servers that answer, and take nothing.
        if (at === 30) {
            gateway.onPush = () => [503, 'cut', 500][gateway.tries % 3];
            relay.onRcpt = () => error(451, '4.3.0 later');
            await Promise.all([gateway.restart(), relay.restart()]);
        }
        if (at % 15 === 0) await report(family[0], children[at / 15]);
        await minute();
        await sleep(150);
    }
    const reports = 4;
    assert.equal(await city.one('select count(*)::int as n from tellings').then(({ n }) => n), 0, 'the queue of what is to be told does not wait for the servers');
    assert.equal(await waiting(), reports * 4, 'all is kept');
    assert.ok(gateway.tries > tries, 'the service was tried');
    const { most } = await city.one('select max(attempts) as most from outbox where account_id = any ($1)', [ids]);
    assert.ok(most >= 2 && most <= 20, `${most} tries in an hour`);
    gateway.onPush = relay.onRcpt = () => undefined;
    // The sender of mail has its own pause after an outage, of at most a minute.
    await until('all is told', async () => { await minute(); await sleep(200); return (await city.one(`select count(*)::int as n from outbox where state = 'waiting'`)).n === 0; }, 600);
    assert.deepEqual(await city.query(`select state, count(*)::int as n from outbox where account_id = any ($1) group by 1`, [ids]), [{ state: 'sent', n: reports * 4 }]);
    for (const { pushes } of family.flatMap((who) => who.browsers)) assert.equal(pushes.length, reports, 'each device was told of each report once');
    assert.equal(family[2].mails().length, reports);
    for (const child of children) {
        const { given_name } = await name(child);
        assert.equal(family[2].mails().filter(({ text }) => text.includes(`${given_name}さん　欠席`)).length, 1);
    }
});

test('5(2)イ-3 5(2)イ-4 MEASURES 15: a subscription that is over goes, and its pushes with it; too big fails; an answer that was lost comes again', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const who = await guardian({ children: [children[1]], devices: 3 });
    const [gone, big, lost] = who.browsers;
    let losses = 1;
    gateway.onPush = (browser) => (browser === gone ? 410 : browser === big ? 413 : browser === lost && losses-- > 0 ? 'lose' : undefined);
    await report(who, children[1]);
    await until('they were tried', async () => { await hurry(); return (await city.one(`select count(*)::int as n from outbox where account_id = $1 and state <> 'waiting'`, [who.account])).n === 3; });
    const rows = await city.query(`select state, error, body from outbox where account_id = $1 and kind = 'push' order by error nulls first`, [who.account]);
    assert.deepEqual(rows, [{ state: 'sent', error: null, body: null }, { state: 'failed', error: 'push 410', body: null }, { state: 'failed', error: 'push 413', body: null }]);
    assert.equal(lost.pushes.length, 2, 'the service had taken it');
    assert.equal((await who.get('/api/account/notifications/devices')).rows.length, 2);
});

test('5(2)イ-4 whose last device is over is told by mail that there is something to see; who has another, or wants no mail, is not', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const [last, two, none] = [await guardian({ devices: 1 }), await guardian({ devices: 2 }), await guardian({ devices: 1 })];
    await none.put('/api/account/notifications/topics', { topic: 'reports', push: true, mail: 'never' });
    const over = [last, two, none].map((who) => who.browsers[0]);
    gateway.onPush = (browser) => (over.includes(browser) ? 410 : undefined);
    await report(reporter, children[0]);
    await quiet();
    assert.deepEqual([last, two, none].map((who) => who.mails().map((mail) => mail.subject)), [['通知を届けられませんでした'], [], []]);
    const { given_name } = await name(children[0]);
    for (const text of [given_name, 'ひみつ', '欠席']) assert.ok(!last.mails()[0].text.includes(text));
    await clear(city, children[0]);
    await report(reporter, children[0]);
    await quiet();
    assert.match(last.mails().at(-1).text, /欠席/, 'and from then on by mail');
});

test('5(2)イ-1 what can’t be told for a moment is told seconds later, once, and holds up nobody', async () => {
    for (const child of children) await clear(city, child);
    await quiet();
    const both = await guardian({ children });
    await city.query(`create function nothing_goes_out() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
        create trigger nothing_goes_out before insert on outbox for each row when (new.student_ids @> array[${children[0]}::bigint]) execute function nothing_goes_out()`);
    const told = () => children.slice(0, 2).map((child) => both.mails().filter(({ text }) => text.includes(`${names.get(child)}さん　欠席`)).length);
    const names = new Map(await Promise.all(children.map(async (child) => [child, (await name(child)).given_name])));
    await city.query(`insert into tellings (kind, school_id, student_id, made_at) values ('child_unaccounted', ${at.a.id}, ${children[0]}, now() - interval '1 hour')`);
    await report(reporter, children[0]);
    await report(reporter, children[1]);
    await until('the other child’s is told', () => told()[1] === 1);
    const waits = await until('both were tried', async () => {
        const rows = await city.query(`select id, extract(epoch from due_at - now()) as s from tellings order by made_at`);
        return rows.length === 2 && rows.every(({ s }) => s > 0) && rows.map(({ s }) => Number(s));
    });
    assert.ok(waits[0] > 500 && waits[0] <= 600, `an hour old: in ten minutes at most, not in ${waits[0]} s`);
    assert.ok(waits[1] <= 30, `just made: within seconds, not in ${waits[1]} s`);
    await city.query(`drop function nothing_goes_out cascade; delete from tellings where kind = 'child_unaccounted'`);
    await quiet();
    assert.deepEqual(told(), [1, 1]);
});

test('5(2)イ-1 5(2)朝-4 5(2)朝-13 of siblings at two schools each is told with its own school’s telephone number and days', async () => {
    const [here, there] = [children[2], at.b.one.students[0]];
    for (const child of [here, there]) await clear(city, child);
    await quiet();
    const who = await guardian({ children: [here, there] });
    await city.query(`insert into inquiries (school_id, student_id, day, asked_by) select school_id, id, today(), 1 from students where id = any ($1)`, [[here, there]]);
    await city.query(`with seen as materialized (select set_config('todoke.schools', '*', true))
        insert into closures (school_id, class_id, grade, first_day, last_day, cause, made_by, changed_by)
        select c.school_id, c.id, null, today() + n, today() + n, 'other', 1, 1
        from (values ($1::bigint, 40), ($2::bigint, 41)) as x (student, n) join students s on s.id = x.student join classes c on c.id = s.class_id join seen on true`, [here, there]);
    await quiet();
    const alarms = who.mails().filter(({ subject }) => subject.startsWith('【至急】')), closures = who.mails().filter(({ subject }) => subject.includes('閉鎖'));
    assert.deepEqual([alarms.length, closures.length], [2, 2]);
    for (const [student, n] of [[here, 40], [there, 41]]) {
        const { given_name, phone, days } = await city.one(`select s.given_name, c.phone, day_text(today() + $2::int) as days from students s join schools c on c.id = s.school_id where s.id = $1`, [student, n]);
        assert.ok(alarms.some(({ text }) => text.includes(`${given_name}さん`) && text.includes(`電話：${phone}`)), phone);
        assert.ok(closures.some(({ text }) => text.includes(`${given_name}さん`) && text.includes(days)), days);
    }
});

test('5(2)イ devices: only of this session, gone with it, moved with their endpoint; none where others use the device', async () => {
    const who = await guardian({ devices: 2 });
    const [first, second] = who.browsers;
    const show = () => second.session.get('/api/account/notifications');
    assert.deepEqual(await show().then(({ push_key, ...rest }) => ({ ...rest, this_device: rest.this_device > 0, key: push_key.length })),
        { mail: 'ok', shared: false, devices: 2, this_device: true, key: 87 });
    await who.delete('/api/session');
    assert.equal((await show()).devices, 1, 'who signs out there gets no pushes there');
    const thief = await guardian();
    assert.equal((await thief.request('PUT', '/api/account/notifications/device', { body: second.subscription })).status, 200);
    assert.equal((await show()).devices, 0, 'the browser is another account\'s now');
    const { rows: [{ id }] } = await thief.get('/api/account/notifications/devices');
    assert.equal((await who.browsers[1].session.request('DELETE', `/api/account/notifications/devices/${id}`)).status, 404);
    assert.equal((await thief.request('DELETE', `/api/account/notifications/devices/${id}`)).status, 200);
    await city.query(`update sessions set shared = true where account_id = $1`, [thief.account]);
    const answer = await thief.request('PUT', '/api/account/notifications/device', { body: first.subscription });
    assert.deepEqual([answer.status, answer.body.type], [409, '/problems/shared_device']);
});

test('5(2)イ an endpoint leads to a push service that we know, and nowhere else', async () => {
    const who = await guardian();
    const { p256dh, auth } = gateway.browser().subscription;
    const put = async (body) => (await who.request('PUT', '/api/account/notifications/device', { body })).status;
    for (const endpoint of [`http://localhost:${gateway.port}/push/a`, 'https://127.0.0.1/push', `https://localhost:${gateway.port + 1}/push`, 'https://example.jp/push',
        `https://localhost:${gateway.port}@evil.example/push`, `https://evil.example#localhost:${gateway.port}/`, `https://push.example.jp.evil.example/`, `https://PUSH.example.jp/a`,
        `https://push.example.jp/${'a'.repeat(1000)}`, 'https://push.example.jp', 'https://push.example.jp/あ', 'https://[::1]/a', 'https://push.example.jp./a']) {
        assert.equal(await put({ endpoint, p256dh, auth }), endpoint.length > 1000 ? 400 : 422, endpoint);
    }
    assert.equal(await put({ endpoint: 'https://push.example.jp/a', p256dh: p256dh.slice(1), auth }), 422);
    assert.equal(await put({ endpoint: 'https://push.example.jp/a', p256dh, auth: 'AAAA' }), 422);
    assert.equal(await put({ endpoint: 'https://push.example.jp/a', p256dh, auth }), 200);
});

test('5(2)イ a test notification: to the own devices, else by mail, once for a key, and not too often', async () => {
    const who = await guardian({ devices: 1 });
    const key = randomUUID();
    for (let n = 0; n < 2; n++) assert.deepEqual(await who.post('/api/account/notifications/test', undefined, key), { devices: 1, mail: false });
    await quiet();
    assert.deepEqual(who.browsers[0].pushes.map(({ data }) => data), [{ kind: 'test', tag: 'test', url: '/account/notifications' }]);
    const alone = await guardian();
    assert.deepEqual(await alone.post('/api/account/notifications/test'), { devices: 0, mail: true });
    await quiet();
    assert.deepEqual(alone.mails().map(({ subject }) => subject), ['テスト通知']);
    for (let n = 0; n < 4; n++) await alone.post('/api/account/notifications/test');
    assert.equal((await alone.request('POST', '/api/account/notifications/test', { key: randomUUID() })).status, 429);
});

test('5(1)オ 5(2)イ-4 the school sees whom nothing reaches, and why', async () => {
    const child = at.a.two.students[3];
    await city.query('delete from guardianships where student_id = $1', [child]);
    const [fine, deaf, dead] = [await guardian({ children: [child], mail: false, devices: 1 }), await guardian({ children: [child], mail: false }), await guardian({ children: [child] })];
    await city.query(`insert into undeliverable (address_sha256, error) values (mail_address_hash($1), 'rcpt 550 5.1.1')`, [dead.email]);
    const administrator = await city.as(await account(city, { roles: [{ role: 'administrator', school_id: at.a.id }] }));
    const search = { class_id: at.a.two.id, state: 'unreached' };
    const { rows } = await administrator.post(`/api/schools/${at.a.id}/registrants/search`, search);
    const found = rows.find((row) => row.student_id === child).guardians;
    assert.deepEqual(Object.fromEntries(found.map(({ account_id, unreached }) => [account_id, unreached])), { [fine.account]: null, [deaf.account]: 'no_address', [dead.account]: 'undeliverable' });
    const { rows: list } = await administrator.post(`/api/schools/${at.a.id}/registrants/list`, search);
    assert.deepEqual(list.filter((row) => row.student_id === child).map(({ unreached }) => unreached ?? '').sort(), ['', 'no_address', 'undeliverable']);
    const { rows: guardians } = await administrator.get(`/api/students/${child}/guardians`);
    assert.deepEqual(guardians.map(({ unreached }) => unreached ?? '').sort(), ['', 'no_address', 'undeliverable']);
});

test('5(2)イ-3 thousands of pushes to one service, which ends a connection on which too much was reset: each arrives once, at the first try', async () => {
    const { account: id, browsers: [browser] } = await guardian({ mail: false, devices: 1 });
    const tries = gateway.tries;
    await city.query(`insert into outbox (kind, account_id, subscription_id, body)
        select 'push', account_id, id, jsonb_build_object('n', n) from push_subscriptions cross join generate_series(1, 4000) n where account_id = $1`, [id]);
    await quiet();
    assert.deepEqual(browser.pushes.map(({ data }) => data.n).sort((a, b) => a - b), Array.from({ length: 4000 }, (_, n) => n + 1));
    assert.equal(gateway.tries - tries, 4000);
});

test('5(2)イ-3 what waits for later is not read for what goes out now, whatever PostgreSQL believed of the queue', async () => {
    const { account: id, browsers: [browser] } = await guardian({ mail: false, devices: 1 });
    const queue = (many, due) => city.query(`insert into outbox (kind, account_id, subscription_id, body, due_at)
        select 'push', account_id, id, jsonb_build_object('n', n), now() + $3::interval from push_subscriptions cross join generate_series(1, $2::int) n
        where account_id = $1`, [id, many, due]);
    const read = async () => Number((await city.one(`select seq_tup_read + idx_tup_fetch as n from pg_stat_user_tables where relname = 'outbox'`)).n);
    const figures = () => sleep(1500); // sessions tell theirs once in a second
    await city.query('analyze outbox');
    await queue(8000, '1 hour');
    await figures();
    const before = await read();
    await queue(2000, '0');
    await until('they are out', () => browser.pushes.length === 2000);
    await figures();
    const rows = (await read()) - before;
    await city.query(`delete from outbox where account_id = $1 and state = 'waiting'`, [id]);
    assert.ok(rows < 100_000, `${rows} rows were read for 2,000 pushes`);
});

test('5(2)イ-3 pushes are signed for the service, over few connections, and nothing of them is in the log', () => {
    const keys = new Set(gateway.claims.map(({ key }) => key));
    assert.equal(keys.size, 1);
    for (const { head, aud, sub, exp } of gateway.claims) {
        assert.deepEqual([head.alg, aud, sub], ['ES256', gateway.origin, 'mailto:school@city.example.jp']);
        assert.ok(exp > Date.now() / 1000 && exp <= Date.now() / 1000 + 86_400);
    }
    const lengths = new Set([...gateway.browsers.values()].flatMap((browser) => browser.pushes.map(({ bytes }) => bytes)));
    assert.equal(lengths.size, 1, 'their length says nothing');
    assert.doesNotMatch(city.log(), /push\/[\w-]{20}|ひみつ|nothing that anybody|example\.jp|vapid t=/);
    assert.match(city.log(), /"event":"push.trouble"/);
});
