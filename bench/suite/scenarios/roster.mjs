// The whole city's roster from a file: how long the office's clerk waits, and what it costs the worker.
import https from 'node:https';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const MIB = 2 ** 20;

/** Somebody of the board, signed in with two factors. */
async function board(city) {
    const token = randomBytes(32);
    const hash = createHash('sha256').update(token).digest('hex');
    await city.sql(`insert into sessions (token_sha256, account_id, expires_at, factors)
        select decode('${hash}', 'hex'), account_id, now() + interval '1 hour', 2 from staff_roles where role = 'board' limit 1`);
    return `__Host-todoke=${token.toString('base64url')}`;
}

function ask(server, cookie, method, path, body, type = 'application/json') {
    const headers = { cookie, origin: server.origin, 'sec-fetch-site': 'same-origin', 'idempotency-key': randomUUID(), 'content-length': body?.length ?? 0, ...(body ? { 'content-type': type } : {}) };
    return new Promise((resolve, reject) => {
        const request = https.request(server.origin + path, { method, headers, rejectUnauthorized: false }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => {
                const raw = Buffer.concat(parts);
                if (answer.statusCode >= 300) reject(new Error(`${method} ${path}: ${answer.statusCode} ${raw.toString().slice(0, 200)}`));
                else resolve(/json/.test(answer.headers['content-type']) ? JSON.parse(raw) : raw);
            });
        });
        request.on('error', reject).end(body);
    });
}

/** The most memory that the workers ever held. */
const peak = (pids) => Math.max(...pids.map((pid) => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024));

async function once(kit, city, kind) {
    const server = await kit.todoke(city);
    const cookie = await board(city);
    const format = kind === 'oneroster' ? 'oneroster' : 'csv_cp932';
    try {
        const file = await ask(server, cookie, 'GET', `/api/roster/export?format=${format}`);
        // Since that file was written one child in ten got another name here: it says what the name was.
        await city.sql(`update students set given_name = given_name || '改' where id % 10 = 0 and left_on is null`);
        const fresh = server.pids()[0];
        server.signal('SIGHUP'); // a worker that has made no export
        while (server.pids().length !== 1 || server.pids()[0] === fresh) await kit.sleep(50);
        await kit.sleep(500);
        const before = peak(server.pids());
        const cpu = { worker: server.cpu(), postgres: city.cpu() };
        const begun = performance.now();
        const made = await ask(server, cookie, 'POST', `/api/roster/imports?kind=${kind}`, file, kind === 'oneroster' ? 'application/zip' : 'text/csv');
        const planned = performance.now();
        const applied = await ask(server, cookie, 'POST', `/api/roster/imports/${made.id}/apply`, Buffer.from('{}'));
        const done = performance.now();
        const undone = await ask(server, cookie, 'POST', `/api/roster/imports/${made.id}/undo`);
        return {
            plan: (planned - begun) / 1000, apply: (done - planned) / 1000, all: (done - begun) / 1000, memory: peak(server.pids()) / MIB, before: before / MIB,
            worker: server.cpu() - cpu.worker, postgres: city.cpu() - cpu.postgres, bytes: file.length, made, state: applied.state, undone: undone.state,
            changed: Number(await city.sql(`select count(*) from students where id % 10 = 0 and left_on is null`)),
        };
    } finally {
        await server.stop();
    }
}

async function run(kit) {
    const city = await kit.city({ sessions: null });
    const runs = { oneroster: [], csv: [] };
    const side = (kind) => async () => {
        runs[kind].push(await once(kit, city, kind));
        return runs[kind].at(-1).all;
    };
    await kit.interleave({ oneroster: side('oneroster'), csv: side('csv') }, { rounds: kit.once });
    const subjects = (of) => [{ name: 'OneRoster ZIP', rounds: runs.oneroster.map(of) }, { name: 'CSV, CP932', rounds: runs.csv.map(of) }];
    const all = [...runs.oneroster, ...runs.csv];
    const below = (value, words) => ['OneRoster ZIP', 'CSV, CP932'].map((of) => ({ of, target: { at: '<=', value }, words }));
    return {
        measures: [
            { name: 'read, compared and applied', unit: 's', better: 'lower', subjects: subjects((one) => one.all), targets: below(10, 'seconds for the whole city') },
            { name: 'until the changes are shown', unit: 's', better: 'lower', subjects: subjects((one) => one.plan) },
            { name: 'applied after confirmation', unit: 's', better: 'lower', subjects: subjects((one) => one.apply) },
            { name: "the worker's memory at its peak", unit: 'MiB', better: 'lower', subjects: subjects((one) => one.memory), targets: below(200, 'MiB at most') },
            { name: "PostgreSQL's CPU, undo included", unit: 's', better: 'lower', subjects: subjects((one) => one.postgres) },
        ],
        checks: [
            { name: 'what changed was found, all of it and nothing else', ok: all.every((one) => one.made.counts.name === one.changed && Object.keys(one.made.counts).length === 1), said: JSON.stringify(all.at(-1).made.counts) },
            { name: 'every row was read', ok: all.every((one) => one.made.n_rows === kit.students && one.made.n_errors === 0), said: `${all.at(-1).made.n_rows} of ${kit.students}, ${all.at(-1).made.n_errors} problems` },
            { name: 'applied, then undone', ok: all.every((one) => one.state === 'applied' && one.undone === 'undone'), said: `${all.length} times each` },
        ],
        notes: [
            `files of ${(runs.oneroster[0].bytes / MIB).toFixed(1)} MiB (ZIP) and ${(runs.csv[0].bytes / MIB).toFixed(1)} MiB (CSV); one child in ten has changed`,
            `the worker's memory before: ${all.at(-1).before.toFixed(0)} MiB; its CPU for all: ${all.at(-1).worker.toFixed(2)} s`,
            'nothing is pinned: worker and PostgreSQL share the cores',
        ],
    };
}

export default {
    name: 'roster', order: 11, title: 'The whole city\'s roster from a file',
    about: 'The board uploads a file with all children of the city, as the school-affairs system writes it. The server reads it, compares it with '
        + 'its own roster, shows what would change, and applies that after confirmation. Measured is how long that takes, and the worker\'s memory.',
    seconds: 60,
    run,
};
