// A private city for a test file: a database copied from a seeded template, and a server of its own on free ports.
//
//   const city = await startCity(t?, { workers: 2 });   // stopped by itself after the file's tests
//   city.origin  city.db (superuser, pg.Pool)  city.client()  city.as(account_id)  city.log()  city.stop()
//
// The cluster is build/test/var (fsync off; scripts/test stops it); { durable: true } makes one of its own with
// fsync on, for the fault tests. The binary is $TODOKE_BINARY, by default build/asan/todoke or build/release/todoke.
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after } from 'node:test';
import pg from 'pg';
import { freePort as anyFreePort } from '../../bench/suite/kit/process.mjs';

const run = promisify(execFile);
export const top = join(dirname(fileURLToPath(import.meta.url)), '../..');
const build = join(top, 'build');
const work = join(build, 'test');
mkdirSync(work, { recursive: true });

// Dates stay the text that PostgreSQL gives; bigint ids are small enough for numbers.
pg.types.setTypeParser(1082, (text) => text);
pg.types.setTypeParser(20, Number);

export const binary = process.env.TODOKE_BINARY ??
    ['asan', 'release', 'debug'].map((preset) => join(build, preset, 'todoke')).find((path) => existsSync(path));
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The certificate must exist before client.mjs reads it.
const tls = join(work, 'tls');
process.env.TODOKE_CERT ??= join(tls, 'cert.pem');
if (!existsSync(join(tls, 'cert.pem'))) {
    mkdirSync(tls, { recursive: true });
    const mine = join(tls, `${process.pid}`);
    await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
        '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout', `${mine}.key`, '-out', `${mine}.cert`]);
    await run('sh', ['-c', `mv ${mine}.key ${tls}/key.pem && mv ${mine}.cert ${tls}/cert.pem`]);
}
// The server's --secret-file; the templates are sealed with it. Test files begin at once: the first one's counts.
export const secret = join(work, 'secret');
if (!existsSync(secret)) {
    const mine = `${secret}.${process.pid}`;
    writeFileSync(mine, randomBytes(32), { mode: 0o600 });
    try { linkSync(mine, secret); } catch (error) { if (error.code !== 'EEXIST') throw error; }
    rmSync(mine);
}
const { client, live, demoAccounts, hangUp } = await import('./client.mjs');

/** Of a range of our own: the suite of bench/ and the tests may run at once. */
export const freePort = () => anyFreePort(23000, 23999);

const clusters = new Map();

/** A private PostgreSQL. durable: fsync on, its own directory. Started once for a test file. */
export async function startCluster({ durable = false, name = '' } = {}) {
    const place = join(work, durable ? `var-durable${name}` : 'var');
    if (!clusters.has(place)) clusters.set(place, makeCluster(place, durable));
    return clusters.get(place);
}

async function makeCluster(place, durable) {
    const env = { ...process.env, TODOKE_VAR: place, TODOKE_FSYNC: durable ? 'on' : 'off' };
    const script = (...words) => run(join(top, 'scripts/postgres'), words, { env });
    await script('start');
    // The others differ from it by the names.
    const above = (await script('url', 'super')).stdout.trim();
    const url = (role, database = role === 'super' ? 'postgres' : 'todoke') => {
        const user = { app: 'todoke_app', owner: 'todoke_owner' }[role];
        return above.replace(/(?<=dbname=)\S+/, database).replace(/(?<=user=)\S+/, (one) => user ?? one);
    };
    return { place, script, url, durable };
}

export const pool = (url, max = 8) => {
    const word = Object.fromEntries(url.split(' ').map((pair) => pair.split('=')));
    return new pg.Pool({ host: word.host, port: Number(word.port), user: word.user, database: word.dbname, max });
};

/** The city's day, and the milliseconds until its next one (Tokyo, without summer time). */
function cityDay() {
    const here = Date.now() + 9 * 3_600_000;
    return { day: Math.floor(here / 86_400_000), left: 86_400_000 - here % 86_400_000 };
}

function stamp(students) {
    // Of a day: a seeded city has its reports today.
    const hash = createHash('sha256').update(`${students} ${cityDay().day}`);
    for (const dir of ['schema', 'schema/functions']) {
        for (const name of readdirSync(join(top, dir)).sort()) {
            const path = join(top, dir, name);
            if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
        }
    }
    hash.update(String(statSync(binary).mtimeMs)).update(readFileSync(secret));
    return hash.digest('hex').slice(0, 12);
}

/** The migrated and seeded database that others are copied from; made once per cluster, binary and schema. */
async function template(cluster, { students, open, everyone }) {
    const name = `template_${stamp(students)}${open ? '_open' : ''}${everyone ? '_everyone' : ''}`;
    const admin = new pg.Client(pool(await cluster.url('super', 'postgres')).options);
    await admin.connect();
    try {
        await admin.query('select pg_advisory_lock(7001)');
        const there = await admin.query('select datistemplate from pg_database where datname = $1', [name]);
        if (there.rows[0]?.datistemplate) return name;
        if (there.rowCount) await admin.query(`drop database ${name} with (force)`);
        await admin.query(`create database ${name} owner todoke_owner`);
        const url = await cluster.url('owner', name);
        await run(binary, ['migrate', '--db', url], { env: serverEnv() });
        await run(binary, ['seed', '--db', url, '--secret-file', secret, '--students', String(students), '--seed', '1', '--any-time', ...(everyone ? ['--everyone'] : [])], { env: serverEnv(), timeout: 120_000 });
        if (open) {
            const owner = new pg.Client(pool(url).options);
            await owner.connect();
            await owner.query(readFileSync(join(top, 'tests/support/functions_open.sql'), 'utf8'));
            await owner.end();
        }
        await admin.query(`alter database ${name} is_template true`);
        return name;
    } finally {
        await admin.end();
    }
}

// What belongs to us must not reach the server as one of its options.
export function serverEnv() {
    const env = { ...process.env };
    for (const name of Object.keys(env)) if (name.startsWith('TODOKE_')) delete env[name];
    env.ASAN_OPTIONS = 'abort_on_error=0:exitcode=99:detect_stack_use_after_return=1';
    env.UBSAN_OPTIONS = 'print_stacktrace=1';
    env.LSAN_OPTIONS = 'exitcode=99';
    return env;
}

const LONGEST_FILE_MS = 240_000;
let copies = 0;

class City {
    constructor(cluster, options) {
        Object.assign(this, { cluster, options });
        this.text = '';
        this.server = null;
    }

    async #database() {
        this.database = `city_${process.pid}_${++copies}`;
        const from = await template(this.cluster, this.options);
        const admin = new pg.Client(pool(await this.cluster.url('super', 'postgres')).options);
        await admin.connect();
        // A copy by WAL keeps a sequence's count of values that are logged ahead, though their log is the template's: after
        // a crash it would give the same values again. A copy of the files ends with a checkpoint, so it does not.
        const how = this.options.durable ? 'strategy file_copy' : '';
        await admin.query(`create database ${this.database} template ${from} owner todoke_owner ${how}`);
        await admin.end();
        this.db = pool(await this.cluster.url('super', this.database));
        this.mailDir = join(work, `mail-${this.database}`); // read by mailbox.mjs
        rmSync(this.mailDir, { recursive: true, force: true });
        mkdirSync(this.mailDir, { recursive: true });
        this.db.on('error', () => {}); // postgres is killed by some tests
    }

    async begin() {
        await this.#database();
        this.port = await freePort();
        this.origin = `${this.options.plain ? 'http' : 'https'}://localhost:${this.port}`;
        await this.start();
        return this;
    }

    async start() {
        const { workers, demo, args, plain, env, address, mail } = this.options;
        const words = ['serve', '--db', await this.cluster.url('app', this.database), '--listen', `${address}:${this.port}`,
            '--workers', String(workers), '--secret-file', secret, '--assets', join(top, 'web/dist'), '--drain-seconds', '3',
            ...(plain ? [] : ['--tls-cert', process.env.TODOKE_CERT, '--tls-key', join(tls, 'key.pem')]),
            ...(demo ? ['--demo'] : []), ...(mail ?? ['--mail-dir', this.mailDir]), ...args];
        const file = createWriteStream(join(work, `server-${this.database}.log`), { flags: 'a' });
        const server = spawn(binary, words, { env: { ...serverEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
        this.server = server;
        this.exited = new Promise((resolve) => server.on('exit', (code, signal) => resolve({ code, signal })));
        server.exitedAlready = false;
        this.exited.then(() => { server.exitedAlready = true; });
        for (const out of [server.stdout, server.stderr]) {
            out.setEncoding('utf8');
            out.on('data', (text) => { this.text += text; file.write(text); });
        }
        await this.ready();
    }

    async ready(ms = 30_000) {
        const until = Date.now() + ms;
        const someone = client(this.origin);
        while (Date.now() < until) {
            if (this.server.exitedAlready) throw new Error(`the server ended:\n${this.text.slice(-4000)}`);
            const answer = await someone.request('GET', '/readyz').catch(() => null);
            if (answer?.status === 200) return;
            await sleep(50);
        }
        throw new Error(`the server is not ready after ${ms} ms:\n${this.text.slice(-4000)}`);
    }

    client() { return client(this.origin); }
    log() { return this.text; }

    /** The processes of the workers (children of the supervisor). */
    workers() {
        const pid = this.server.pid;
        const tasks = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
        return tasks ? tasks.split(' ').map(Number) : [];
    }

    /** A client that is signed in without a password: its session is put into the database. */
    async as(account) {
        const token = randomBytes(32);
        await this.db.query(
            `insert into sessions (token_sha256, account_id, expires_at, factors) values ($1, $2, now() + interval '1 day', 2)`,
            [createHash('sha256').update(token).digest(), account]);
        const person = this.client();
        person.cookie = `__Host-todoke=${token.toString('base64url')}`;
        person.account = account;
        return person;
    }

    /** Signed in as the demonstration's account of that role, the long way. */
    async demo(role) {
        const account = (await demoAccounts(this.origin)).find((row) => row.role === role);
        if (!account) throw new Error(`no demo account: ${role}`);
        return this.client().signIn(account.login_id, account.password);
    }

    async query(text, values) { return (await this.db.query(text, values)).rows; }
    async one(text, values) { return (await this.query(text, values))[0]; }

    /** A raw connection: raw(bytes) resolves to all that comes until the peer closes or `ms` of silence pass. */
    async raw(bytes, { ms = 1500, end = false } = {}) {
        const socket = this.options.plain
            ? connectTcp(this.port, '127.0.0.1')
            : connectTls({ port: this.port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(process.env.TODOKE_CERT) });
        const parts = [];
        return new Promise((resolve) => {
            const done = () => { socket.destroy(); resolve(Buffer.concat(parts).toString('latin1')); };
            socket.on(this.options.plain ? 'connect' : 'secureConnect', () => { socket.write(bytes); if (end) socket.end(); });
            socket.on('data', (part) => parts.push(part));
            socket.on('close', done);
            socket.on('error', done);
            socket.setTimeout(ms, done);
        });
    }

    async stop(signal = 'SIGTERM') {
        if (this.stopped) return this.stopped;
        this.stopped = (async () => {
            if (this.server && !this.server.exitedAlready) {
                hangUp(this.origin);
                this.server.kill(signal);
                const patience = setTimeout(() => this.server.kill('SIGKILL'), 20_000);
                await this.exited;
                clearTimeout(patience);
            }
            await this.db?.end().catch(() => {});
            const admin = new pg.Client(pool(await this.cluster.url('super', 'postgres')).options);
            await admin.connect();
            await admin.query(`drop database if exists ${this.database} with (force)`);
            await admin.end();
            rmSync(this.mailDir, { recursive: true, force: true });
            return this.exited;
        })();
        return this.stopped;
    }
}

/**
 * Starts a city and stops it after the file's tests. Options: students, workers, demo, plain (no TLS), address, args (of serve),
 * mail (options of serve for mail, instead of a folder that mailbox.mjs reads), open (ownership functions that all say yes), env,
 * durable, keep (the caller stops it).
 */
export async function startCity(options = {}) {
    if (!binary) throw new Error('nothing is built: scripts/test builds, or set TODOKE_BINARY');
    const all = { students: 600, workers: 1, demo: true, plain: false, address: '127.0.0.1', args: [], open: false, everyone: false, env: {}, ...options };
    let city;
    // Before anything is waited for: which test it belongs to, node finds out from what has just run.
    if (!all.keep) {
        after(async () => {
            if (!city) return;
            await city.stop();
            // A report of a sanitizer in any process fails the file, whatever the answers looked like.
            const report = /(ERROR: (Address|Leak|UndefinedBehavior)Sanitizer|runtime error: )[^\n]*/.exec(city.text);
            if (report) throw new Error(`${report[0]}\n${city.text.slice(report.index, report.index + 6000)}`);
        });
    }
    // A file's story is one day's: what it reported today, its screens no longer show after midnight.
    const { left } = cityDay();
    if (left < LONGEST_FILE_MS) await sleep(left + 1000);
    city = new City(await startCluster(all), all);
    await city.begin();
    return city;
}

export { client, live, demoAccounts, hangUp };
