// The processes: a killed worker is replaced, a reload and an end lose nothing, the log tells no secrets.
import test from 'node:test';
import assert from 'node:assert/strict';
import https from 'node:https';
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from 'node:tls';
import { randomUUID } from 'node:crypto';
import { startCity, startCluster, binary, client, hangUp, live, sleep, freePort, serverEnv } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'todoke-tls-'));
const certificate = (name) => {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
        '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)], { stdio: 'pipe' });
    copyFileSync(join(folder, `${name}.key`), join(folder, 'key.pem'));
    copyFileSync(join(folder, `${name}.pem`), join(folder, 'cert.pem'));
};

const city = await startCity({ workers: 2 });
const people = await cast(city);

/** Asks on and on, over kept and over new connections, until stopped. Counts what failed. */
function asking(person, streams = 6) {
    const load = { asked: 0, failed: [], running: true };
    const one = async (nth) => {
        const agent = new https.Agent({ keepAlive: nth % 2 === 0, ca: readFileSync(process.env.TODOKE_CERT) });
        while (load.running) {
            await new Promise((resolve) => {
                const request = https.get(`${person.origin}/api/session`, { agent, headers: { cookie: person.cookie } }, (answer) => {
                    load.asked++;
                    if (answer.statusCode !== 200) load.failed.push(answer.statusCode);
                    answer.resume();
                    answer.on('end', resolve);
                    answer.on('error', (error) => { load.failed.push(error.code); resolve(); });
                });
                request.on('error', (error) => { load.failed.push(error.code ?? error.message); resolve(); });
                request.setTimeout(10_000, () => request.destroy(new Error('10 s')));
            });
        }
        agent.destroy();
    };
    const streamsDone = Promise.all(Array.from({ length: streams }, (_, nth) => one(nth)));
    load.stop = async () => { load.running = false; await streamsDone; return load; };
    return load;
}

test('a worker that is killed is replaced within a second', async () => {
    for (let round = 0; round < 3; round++) {
        const before = city.workers();
        assert.equal(before.length, 2);
        process.kill(before[round % 2], 'SIGKILL');
        const started = Date.now();
        let now;
        do { await sleep(20); now = city.workers(); } while ((now.length < 2 || now.includes(before[round % 2])) && Date.now() - started < 5000);
        assert.ok(Date.now() - started < 1000, `${Date.now() - started} ms`);
        // The queue of its socket survived: whoever connects meanwhile is served, though a start-up later. A connection that was kept
        // from before may have been the dead one's.
        hangUp(city.origin);
        const answers = await Promise.all(Array.from({ length: 10 }, () => client(city.origin).request('GET', '/livez')));
        assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
    }
    await city.ready();
});

test('SIGHUP replaces the workers without a failed request; screens are told to come back (1012)', async () => {
    const load = asking(people.guardian);
    const screen = await live(people.homeroom);
    await screen.subscribe(`absences/class/${people.at.a.one.id}`);
    for (let round = 0; round < 2; round++) {
        const before = city.workers();
        city.server.kill('SIGHUP');
        const started = Date.now();
        let now;
        do { await sleep(50); now = city.workers(); } while ((now.length !== 2 || now.some((pid) => before.includes(pid))) && Date.now() - started < 30_000);
        assert.ok(now.every((pid) => !before.includes(pid)), 'both are new');
    }
    await sleep(300);
    const { asked, failed } = await load.stop();
    assert.deepEqual(failed, []);
    assert.ok(asked > 50, `${asked} requests`);
    assert.equal((await screen.closed).code, 1012);
});

test('SIGHUP reads a new certificate', async () => {
    // The tests' client trusts only the usual certificate: it begins with that one.
    copyFileSync(process.env.TODOKE_CERT, join(folder, 'cert.pem'));
    copyFileSync(join(dirname(process.env.TODOKE_CERT), 'key.pem'), join(folder, 'key.pem'));
    const other = await startCity({ args: ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')], keep: true });
    const serial = (port) => new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => { resolve(socket.getPeerCertificate().serialNumber); socket.destroy(); });
        socket.on('error', reject);
    });
    try {
        const first = await serial(other.port);
        certificate('second');
        other.server.kill('SIGHUP');
        const started = Date.now();
        let now = first;
        while (now === first && Date.now() - started < 10_000) { await sleep(100); now = await serial(other.port).catch(() => first); }
        assert.notEqual(now, first);
    } finally {
        await other.stop();
    }
});

test('TLS: 1.2 and 1.3, nothing older, no plain HTTP on the port', async () => {
    const version = (min, max) => new Promise((resolve) => {
        const socket = connect({ port: city.port, host: 'localhost', servername: 'localhost', ca: readFileSync(process.env.TODOKE_CERT), minVersion: min, maxVersion: max, ciphers: 'DEFAULT@SECLEVEL=0' },
            () => { resolve(socket.getProtocol()); socket.destroy(); });
        socket.on('error', () => resolve('refused'));
    });
    assert.equal(await version('TLSv1.3', 'TLSv1.3'), 'TLSv1.3');
    assert.equal(await version('TLSv1.2', 'TLSv1.2'), 'TLSv1.2');
    assert.equal(await version('TLSv1', 'TLSv1.1'), 'refused');
});

test('SIGTERM answers what is under way, closes the screens with 1012, and ends with 0', async () => {
    const own = await startCity({ keep: true });
    const who = await cast(own);
    const screen = await live(who.homeroom);
    const asked = Array.from({ length: 20 }, () => who.guardian.request('GET', '/api/children'));
    await asked[0];
    own.server.kill('SIGTERM');
    const answers = await Promise.all(asked);
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
    assert.equal((await screen.closed).code, 1012);
    const { code } = await Promise.race([own.exited, sleep(10_000).then(() => ({ code: 'still running' }))]);
    assert.equal(code, 0, own.log().slice(-2000));
    await own.stop();
});

test('the database goes away and comes back: 503 with Retry-After meanwhile, then all is well by itself', async () => {
    const own = await startCity({ keep: true });
    try {
        const who = await cast(own);
        await own.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`);
        const answers = await Promise.all(Array.from({ length: 10 }, () => who.guardian.request('GET', '/api/children')));
        for (const answer of answers) {
            assert.ok([200, 503].includes(answer.status), `${answer.status}`);
            if (answer.status === 503) assert.ok(answer.headers['retry-after']);
        }
        await own.ready();
        assert.equal((await who.guardian.request('GET', '/api/children')).status, 200);
        const screen = await live(who.homeroom);
        assert.ok(Array.isArray(await screen.subscribe(`absences/class/${who.at.a.one.id}`)));
        const receipt = await who.guardian.post('/api/absences', { student_id: who.at.a.one.students[0], first_day: await day(own, 2), kind: 'absent', reason_id: (await own.one('select min(id) as id from reasons where school_id is null and not needs_note')).id });
        await screen.row(`absences/class/${who.at.a.one.id}`, (row) => row.id === receipt.id);
        screen.close();
    } finally {
        await own.stop();
    }
});

test('a schema that does not fit, a wrong option, a missing file: a clear word and no start', async () => {
    const cluster = await startCluster();
    const db = await cluster.url('app', 'postgres');
    const refuses = async (words, said) => {
        const result = await run(binary, words, { timeout: 20_000, env: serverEnv() }).then(() => ({ code: 0, stderr: '' }), (error) => error);
        assert.notEqual(result.code, 0, words.join(' '));
        assert.ok(!result.killed, `${words.join(' ')} hangs`);
        assert.match(result.stderr + result.stdout, said, words.join(' '));
    };
    const listen = `127.0.0.1:${await freePort()}`;
    await refuses(['serve', '--db', db, '--listen', listen], /./);
    await refuses(['serve', '--db', await city.cluster.url('app', city.database), '--listen', listen], /--secret-file/);
    await refuses(['serve', '--db', await city.cluster.url('app', city.database), '--listen', listen, '--secret-file', '/nothing/here'], /secret file \/nothing\/here/);
    await refuses(['serve', '--workers', 'many'], /workers/);
    await refuses(['serve', '--no-such-option'], /no-such-option/);
    await refuses(['serve', '--db', await city.cluster.url('app', city.database), '--listen', listen, '--tls-cert', '/nothing/here.pem', '--tls-key', '/nothing/here.key'], /here|certificate/);
    await refuses(['dance'], /./);
});

test('the log is JSON lines without names, notes, passwords or tokens', async () => {
    const note = `秘密の連絡 ${randomUUID()}`;
    const password = `wrong-password-${randomUUID()}`;
    const { at } = people;
    const child = await city.one('select family_name, given_name, family_kana from students where id = $1', [at.a.one.students[1]]);
    const body = { student_id: at.a.one.students[1], first_day: await day(city, 7), kind: 'absent', note, reason_id: (await city.one('select min(id) as id from reasons where school_id is null and not needs_note')).id };
    await people.guardian.post('/api/absences', body);
    await people.guardian.request('POST', '/api/absences', { body: { ...body, note: note.repeat(40) }, key: randomUUID() });
    await people.guardian.request('POST', '/api/absences', { body: Buffer.from(`{"note":"${note}`), key: randomUUID() });
    const login = `someone-${randomUUID()}`;
    await city.client().request('POST', '/api/session', { body: { login_id: login, password } });
    const signed = await city.demo('guardian');
    await people.office.post(`/api/schools/${at.a.id}/students/search`, { q: child.family_kana.slice(0, 2) });
    await people.office.request('GET', `/api/absences/1?note=${encodeURIComponent(note)}`);
    await city.raw('GARBAGE\r\n\r\n');
    await sleep(300);
    const log = city.log();
    const secrets = [note, encodeURIComponent(note), password, login, signed.cookie.split('=')[1], people.guardian.cookie.split('=')[1], child.given_name, encodeURIComponent(child.family_kana.slice(0, 2)), '試験', '花子'];
    for (const secret of secrets) assert.ok(!log.includes(secret), `the log holds ${secret.slice(0, 12)}…`);
    for (const line of log.split('\n').filter(Boolean)) assert.doesNotThrow(() => JSON.parse(line), `no JSON: ${line.slice(0, 200)}`);
    const names = await city.query('select distinct family_name as name from students where char_length(family_name) >= 2 union select distinct given_name from students where char_length(given_name) >= 2');
    for (const { name } of names) assert.ok(!log.includes(name), 'a name of a child is in the log');
});
