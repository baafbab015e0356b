// Confirmations that really leave: half of the guardians have a device (Web Push), the others get mail (SMTP), and both
// arrive at a sink (peers/sinks). Who should have heard of what is asked of the tables, not of the program's own functions.
import { createECDH, createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binary, peers, place } from './place.mjs';
import { execute, freePort, sleep } from './process.mjs';
import { startPeer } from './server.mjs';

const browser = createECDH('prime256v1');
browser.generateKeys();

/** A device for each second guardian's session, and no address that is known to be dead. Once for a city. */
const devices = (port) => `
    delete from undeliverable;
    delete from push_subscriptions;
    insert into push_subscriptions (account_id, session_id, endpoint, gateway, p256dh, auth)
    select s.account_id, s.id, 'https://localhost:${port}/push/' || s.id, 'localhost:${port}', '\\x${browser.getPublicKey('hex')}',
           substr(sha256(convert_to('device ' || s.id, 'UTF8')), 1, 16)
    from sessions s
    where s.account_id % 2 = 0 and s.ended_at is null and exists (select from guardianships g where g.account_id = s.account_id)`;

/** Reports are told of, or not at all: not a row of the queue is written. */
export const telling = (city, on) => city.sql(`alter table absences ${on ? 'enable' : 'disable'} trigger told_new`);

async function pushKey() {
    const key = join(place, 'push.pem');
    if (!existsSync(key)) await execute(binary('todoke'), ['push-key', key]);
    return key;
}

/** Each report with each guardian who reads of the child and can be reached, as it should be told. */
const EXPECTED = `
    select g.account_id, a.id, s.given_name, (extract(epoch from a.reported_at) * 1000)::bigint,
           coalesce((select string_agg(p.session_id::text, ' ') from push_subscriptions p where p.account_id = g.account_id), ''), coalesce(c.email, '')
    from absences a
    join students s on s.id = a.student_id
    join guardianships g on g.student_id = a.student_id and g.rights in ('report', 'read') and g.valid_from <= today() and (g.valid_to is null or g.valid_to >= today())
    join accounts c on c.id = g.account_id and c.closed_at is null
    where c.email is not null or exists (select from push_subscriptions p where p.account_id = g.account_id)`;

function* orders(all, chosen = []) {
    if (chosen.length) yield chosen;
    for (const one of all) if (!chosen.includes(one)) yield* orders(all, [...chosen, one]);
}

/** A push names its reports by a digest alone: which of this person's reports it is made of. */
function reportsOf({ tag }, account, reports) {
    const digest = (ids) => createHash('sha256').update(`${account} absence ${ids.join(',')}`).digest('base64url').slice(0, 32);
    return [...orders(reports)].find((some) => digest(some.map(({ id }) => id)) === tag) ?? [];
}

/** A mail names the child. Of a person's children with one name, it is one that is reported by now: the least heard of, then the first. */
function childrenOf(text, reports, to, at) {
    const heard = (one) => one.heard.get(to) ?? 0;
    const left = reports.filter((one) => one.at <= at).sort((a, b) => heard(a) - heard(b) || a.at - b.at);
    return [...text.matchAll(/^(.+)さん　欠席　/gm)].flatMap(([, name]) => {
        const at = left.findIndex((one) => one.name === name);
        return at < 0 ? [] : left.splice(at, 1);
    });
}

/** What arrived against what should have. -> { guardians, expected, told, lost, doubled, strays, delays } */
export function judge(rows, messages) {
    const people = new Map(), ways = new Map();
    for (const [account, id, name, at, sessions, email] of rows) {
        if (!people.has(account)) people.set(account, { account, reports: [], ways: sessions ? sessions.split(' ') : [email] });
        people.get(account).reports.push({ id, name, at: Number(at), heard: new Map() });
    }
    for (const person of people.values()) for (const way of person.ways) ways.set(way, person);
    const delays = [], last = Math.max(...rows.map(([, , , at]) => Number(at)));
    let strays = 0;
    for (const { way, to, at, data } of messages) {
        const person = ways.get(to);
        const reports = !person ? [] : way === 'push' ? reportsOf(data, person.account, person.reports) : childrenOf(data, person.reports, to, at);
        if (!reports.length) strays++;
        for (const report of reports) {
            report.heard.set(to, (report.heard.get(to) ?? 0) + 1);
            delays.push(at - report.at);
        }
    }
    const counts = [...people.values()].flatMap((person) => person.reports.flatMap(({ heard }) => person.ways.map((way) => heard.get(way) ?? 0)));
    return {
        guardians: people.size, expected: counts.length, told: counts.filter((n) => n > 0).length, strays,
        lost: counts.filter((n) => n === 0).length, doubled: counts.filter((n) => n > 1).length, delays: delays.sort((a, b) => a - b),
        messages: messages.length, meanwhile: messages.filter(({ at }) => at <= last).length, pushes: messages.filter(({ way }) => way === 'push').length,
    };
}

/** Starts the sinks for a city. `args` are for the server; `settled()` waits until nothing waits; `end()` counts. */
export async function startSinks(city, { core = null } = {}) {
    city.sinkPorts ??= [await freePort(), await freePort()];
    const [smtp, push] = city.sinkPorts;
    if (!city.devices) await city.sql(devices(push));
    city.devices = true;
    const out = join(place, `told-${city.database}.jsonl`), tls = join(place, 'tls'), cert = join(tls, 'cert.pem');
    rmSync(out, { force: true });
    const sink = await startPeer({
        name: 'sinks', core, argv: ['nice', '-n', '10', process.execPath, join(peers, 'sinks/server.mjs')], ready: /ready/,
        env: { SMTP_PORT: String(smtp), PUSH_PORT: String(push), TLS_CERT: cert, TLS_KEY: join(tls, 'key.pem'), OUT: out, PUSH_PRIVATE: browser.getPrivateKey('hex') },
    });
    const waiting = async () => Number(await city.sql(`select (select count(*) from tellings) + (select count(*) from outbox where state = 'waiting')`));
    return {
        stop: () => sink.stop({ seconds: 120 }),
        args: ['--mail-relay', `smtp://127.0.0.1:${smtp}`, '--mail-from', 'school <school@example.jp>', '--mail-rate', '2000',
            '--push-key', await pushKey(), '--push-gateways', `localhost:${push}`, '--push-ca', cert, '--push-private', '--push-rate', '2000'],
        async settled(seconds = 300) {
            for (const until = Date.now() + seconds * 1000; Date.now() < until && (await waiting()) > 0;) await sleep(500);
            return waiting();
        },
        async end() {
            const rows = (await city.sql(EXPECTED)).split('\n').filter(Boolean).map((line) => line.split('|'));
            await sink.stop({ seconds: 120 });
            return judge(rows, readFileSync(out, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)));
        },
    };
}

/** The check, over one count or several. */
export function toldCheck(counts) {
    const sum = (key) => counts.reduce((total, one) => total + one[key], 0);
    const [expected, told, lost, doubled, strays] = ['expected', 'told', 'lost', 'doubled', 'strays'].map(sum);
    return {
        name: 'each guardian was told of each report exactly once', ok: expected > 0 && told === expected && lost + doubled + strays === 0,
        said: `${told} of ${expected} told to ${counts.at(-1).guardians} guardians: lost ${lost}, doubled ${doubled}, to nobody who should hear ${strays}`,
    };
}
