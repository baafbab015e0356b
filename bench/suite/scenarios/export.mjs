// The city's year as a file, and a school's month on the screen: time, memory, and whether anybody else waits meanwhile.
import https from 'node:https';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const MIB = 2 ** 20, A_CHILD = 8.63; // 250,000 reports of 29,000 children
const FORMATS = { csv: 'CSV', csv_cp932: 'CSV, CP932', xlsx: 'Excel' };

/** Somebody with that role, signed in with two factors. */
async function signedIn(city, where) {
    const token = randomBytes(32);
    const hash = createHash('sha256').update(token).digest('hex');
    await city.sql(`insert into sessions (token_sha256, account_id, expires_at, factors)
        select decode('${hash}', 'hex'), account_id, now() + interval '1 hour', 2 from staff_roles where ${where} and ended_at is null limit 1`);
    return `__Host-todoke=${token.toString('base64url')}`;
}

/** Bytes are counted, not kept. */
function ask(server, cookie, method, path, body) {
    const text = body && JSON.stringify(body);
    const headers = { cookie, origin: server.origin, 'sec-fetch-site': 'same-origin', ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}) };
    return new Promise((resolve, reject) => {
        const request = https.request(server.origin + path, { method, headers, rejectUnauthorized: false, agent: ask.agent }, (answer) => {
            let bytes = 0, first;
            const head = [];
            answer.on('data', (part) => { first ??= performance.now(); bytes += part.length; if (bytes < MIB) head.push(part); }).on('error', reject)
                .on('end', () => (answer.statusCode === 200 ? resolve({ bytes, first, head: Buffer.concat(head) }) : reject(new Error(`${method} ${path}: ${answer.statusCode} ${Buffer.concat(head)}`))));
        });
        request.on('error', reject).end(text);
    });
}
ask.agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });

/** A year of reports for every child, on days of its own. */
const fill = (city) => city.sql(`
    set session_replication_role = replica;
    insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, note, via, reported_by, changed_by, changed_via, acknowledged_by, acknowledged_at, reported_at)
    select s.school_id, s.id, d, d, (array['absent', 'late', 'leave_early'])[1 + i % 3], 1 + (s.id + i) % 3, case when i % 4 = 0 then '朝から熱があります' end,
           'guardian', 1, 1, 'school', 1, now(), d + time '07:30'
    from students s
    cross join generate_series(0, 8) i
    cross join lateral (select today() - 360 + (i * 40 + s.id % 40)::int) t (d)
    where s.left_on is null and (i < 8 or s.id % 100 < ${Math.round((A_CHILD - 8) * 100)});
    set session_replication_role = default;
    analyze absences`);

/** How late the loop was, by the worker's own histogram: the upper bound of the highest bucket that grew. */
async function lags(server, cookie) {
    const text = (await ask(server, cookie, 'GET', '/metrics')).head.toString();
    return new Map([...text.matchAll(/^loop_lag_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)].map(([, le, n]) => [le, Number(n)]));
}
function worst(before, after) {
    let last = 0, bound = 0;
    for (const [le, n] of after) {
        const grown = n - (before.get(le) ?? 0);
        if (grown > last) bound = Number(le.replace('+Inf', 'Infinity'));
        last = grown;
    }
    return bound * 1000;
}
const peak = (pids) => Math.max(...pids.map((pid) => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024));
const percentile = (values, part) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;

async function once(kit, city, format) {
    const server = await kit.todoke(city);
    const cookie = await signedIn(city, `role = 'board'`);
    const [from, to] = (await city.sql(`select (today() - 365)::text || ' ' || today()::text`)).trim().split(' ');
    try {
        await ask(server, cookie, 'GET', '/api/session');
        await kit.sleep(300);
        const before = peak(server.pids()), lag = await lags(server, cookie), cpu = { worker: server.cpu(), postgres: city.cpu() };
        const waits = [], alone = [];
        let over = false;
        const wait = async (into) => {
            const at = performance.now();
            await ask(server, cookie, 'GET', '/api/session');
            into.push(performance.now() - at);
            await kit.sleep(5);
        };
        for (let i = 0; i < 300; i++) await wait(alone);
        const others = (async () => { while (!over) await wait(waits); })(); // somebody else, all the while
        const begun = performance.now();
        const file = await ask(server, cookie, 'GET', `/api/city/absences?from=${from}&to=${to}&format=${format}`);
        const done = performance.now();
        over = true;
        await others;
        return {
            all: (done - begun) / 1000, bytes: file.bytes, grew: (peak(server.pids()) - before) / MIB, before: before / MIB,
            lag: worst(lag, await lags(server, cookie)), p99: percentile(waits, 0.99), alone: percentile(alone, 0.99), most: Math.max(...waits),
            worker: server.cpu() - cpu.worker, postgres: city.cpu() - cpu.postgres,
        };
    } finally {
        await server.stop();
    }
}

/** A school of about 500 children, thirty days of it. */
async function month(kit, city) {
    const server = await kit.todoke(city);
    const [school, children, from, to] = (await city.sql(`select s.school_id || ' ' || count(*) || ' ' || (today() - 30)::text || ' ' || today()::text
        from students s where s.left_on is null group by s.school_id order by abs(count(*) - 500) limit 1`)).trim().split(' ');
    const cookie = await signedIn(city, `role = 'office' and school_id = ${school}`);
    const times = [];
    let total = 0;
    try {
        for (let i = 0; i < 200; i++) {
            const at = performance.now();
            const { head } = await ask(server, cookie, 'POST', `/api/schools/${school}/absences/list`, { from, to, sort: ['class', 'arrival', 'day'][i % 3], ...(i % 4 === 3 ? { q: 'ねつ' } : {}) });
            times.push(performance.now() - at);
            if (i === 0) total = JSON.parse(head).rows[0]?.total ?? 0;
        }
    } finally {
        await server.stop();
    }
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), children: Number(children), total };
}

async function run(kit) {
    const city = await kit.city({ sessions: null });
    kit.log('a year of reports');
    await fill(city);
    const rows = Number(await city.sql('select count(*) from absences where last_day >= today() - 365 and first_day <= today()'));
    const runs = Object.fromEntries(Object.keys(FORMATS).map((format) => [format, []]));
    const side = (format) => async () => {
        runs[format].push(await once(kit, city, format));
        return runs[format].at(-1).all;
    };
    await kit.interleave(Object.fromEntries(Object.keys(FORMATS).map((format) => [format, side(format)])), { rounds: kit.once });
    const list = await month(kit, city);
    const subjects = (of) => Object.entries(FORMATS).map(([format, name]) => ({ name, rounds: runs[format].map(of) }));
    const each = (value, words) => Object.values(FORMATS).map((of) => ({ of, target: { at: '<=', value }, words }));
    const all = Object.values(runs).flat();
    return {
        measures: [
            { name: 'the city\'s year, until the last byte', unit: 's', better: 'lower', subjects: subjects((one) => one.all) },
            { name: 'what the worker\'s memory grew by at its peak', unit: 'MiB', better: 'lower', subjects: subjects((one) => one.grew), targets: each(64, 'MiB more, however many rows there are') },
            { name: 'the loop was late by at most', unit: 'ms', better: 'lower', subjects: subjects((one) => one.lag) },
            { name: 'somebody else\'s answer meanwhile, p99', unit: 'ms', better: 'lower', subjects: [...subjects((one) => one.p99), { name: 'nobody exports', rounds: all.map((one) => one.alone) }], targets: each(50, 'ms for who asks meanwhile') },
            { name: 'a school\'s month on the screen, p99', unit: 'ms', better: 'lower', subjects: [{ name: 'list', rounds: [list.p99] }], targets: [{ of: 'list', target: { at: '<=', value: 50 }, words: 'ms for a month of a school with 500 children' }] },
        ],
        checks: [{ name: 'every file holds something', ok: all.every((one) => one.bytes > rows * 10), said: `${rows} rows; ${Object.entries(runs).map(([format, [one]]) => `${FORMATS[format]} ${(one.bytes / MIB).toFixed(1)} MiB`).join(', ')}` }],
        notes: [
            `the worker's memory before: ${all.at(-1).before.toFixed(0)} MiB; its CPU: ${Object.entries(runs).map(([format, [one]]) => `${FORMATS[format]} ${one.worker.toFixed(1)} s`).join(', ')}; PostgreSQL's ${all[0].postgres.toFixed(1)} s`,
            `somebody else's worst wait: ${Object.entries(runs).map(([format, [one]]) => `${FORMATS[format]} ${one.most.toFixed(0)} ms`).join(', ')}`,
            `the month: ${list.total} reports of ${list.children} children, p50 ${list.p50.toFixed(1)} ms (TLS and JSON included)`,
            'nothing is pinned: worker, PostgreSQL and the client share the cores',
        ],
    };
}

export default {
    name: 'export', order: 12, title: 'The city\'s year as a file: 250,000 rows',
    about: 'The board takes a year of reports along, as CSV and as Excel, while somebody else goes on asking. Measured are the time, what the worker\'s '
        + 'memory grows by, and how long the other one waits. Then the office of one school looks at a month.',
    seconds: 120,
    run,
};
