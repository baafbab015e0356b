// Under the load of a morning: workers, the database and the supervisor are killed; nothing that was acknowledged may be
// lost, nothing doubled, and the service returns by itself. The load and its ledger are todoke-bench's (bench/generator/README.md);
// the ledger is counted here once more, by SQL.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startCity, startCluster, binary, client, sleep, top } from '../support/city.mjs';

const run = promisify(execFile);
const long = Boolean(process.env.TODOKE_LONG);
const size = long ? 20_000 : 2_000;
const seconds = long ? 60 : 14;

/** A city with a cluster of its own that keeps its promises (fsync on), and sessions for its guardians. */
async function morning(name, options = {}) {
    const city = await startCity({ durable: true, students: size, everyone: true, keep: true, ...options });
    const files = join(top, 'build/test', `morning-${name}`);
    for (const end of ['tokens', 'ledger', 'json']) rmSync(`${files}.${end}`, { force: true });
    const owner = await city.cluster.url('owner', city.database);
    await run(binary, ['seed', '--db', owner, '--sessions', String(size), `${files}.tokens`]);
    await city.query('analyze');

    const load = () => {
        const words = ['morning', '--server', `127.0.0.1:${city.port}`, '--host', `localhost:${city.port}`, '--origin', city.origin, '--tokens', `${files}.tokens`,
            '--ledger', `${files}.ledger`, '--db', owner, '--json', `${files}.json`, '--quiet', '--seconds', String(seconds), '--guardians', String(size), '--retry-for', '60'];
        const child = spawn(join(dirname(binary), 'todoke-bench'), words, { stdio: ['ignore', 'ignore', 'pipe'] });
        let said = '';
        child.stderr.on('data', (text) => { said += text; });
        const done = new Promise((resolve) => child.on('exit', (code) => resolve({ code, said })));
        const first = (async () => { while (!(await city.one('select exists (select from absences where reported_at > now() - interval \'10 seconds\' and via = \'guardian\' and changed_at = reported_at) as yes').catch(() => null))?.yes) await sleep(100); })();
        return { done, first };
    };

    /** Waits for the load's end; asserts its verdict, and counts the ledger's acknowledgements in the table. */
    const holds = async ({ done }) => {
        const { code, said } = await done;
        assert.ok(code === 0 || code === 1, `todoke-bench could not run: ${said}`);
        const result = JSON.parse(readFileSync(`${files}.json`, 'utf8'));
        assert.deepEqual(result.verdict.failed ?? [], [], `${said}\n${JSON.stringify({ requests: result.requests, ledger: result.ledger, dashboards: result.dashboards })}`);
        assert.equal(code, 0);
        assert.ok(result.requests.acknowledged >= size * 0.9, `${result.requests.acknowledged} acknowledged`);
        assert.deepEqual([result.ledger.lost, result.ledger.doubled, result.ledger.unasked], [0, 0, 0]);
        const doubled = await city.query(`select student_id from absences where cancelled_at is null and first_day = today() group by 1 having count(*) > 1`);
        assert.deepEqual(doubled, []);
        const keys = await city.one('select count(*) as n from idempotency');
        assert.ok(keys.n >= result.requests.acknowledged);
        return result;
    };
    const end = async () => {
        await city.stop();
        rmSync(`${files}.tokens`, { force: true });
        return city.failed;
    };
    return { city, load, holds, end };
}

test('a quiet morning: every report acknowledged once, on every screen', async () => {
    const { load, holds, end } = await morning('quiet');
    try {
        const { requests } = await holds(load());
        assert.equal(requests.errors, 0);
    } finally {
        await end();
    }
});

test('kill -9 of workers during the morning: nothing acknowledged is missing, nothing doubled, back within a second', async () => {
    const { city, load, holds, end } = await morning('worker', { workers: 2 });
    try {
        const running = load();
        await running.first;
        for (let round = 0; round < (long ? 20 : 4); round++) {
            const before = city.workers();
            process.kill(before[round % before.length], 'SIGKILL');
            const started = Date.now();
            while (city.workers().length < 2 && Date.now() - started < 5000) await sleep(10);
            assert.ok(Date.now() - started < 1000, `${Date.now() - started} ms`);
            await sleep(long ? 2000 : 1500);
        }
        await holds(running);
    } finally {
        await end();
    }
});

test('kill -9 of a backend (PostgreSQL restarts itself) and of the postmaster: nothing acknowledged is missing, nothing doubled', async () => {
    const { city, load, holds, end } = await morning('postgres');
    try {
        const running = load();
        await running.first;
        for (let round = 0; round < (long ? 10 : 2); round++) {
            const { pid } = await city.one(`select pid from pg_stat_activity where datname = current_database() and usename = 'todoke_app' limit 1`);
            process.kill(pid, 'SIGKILL');
            await returns(city, 5000);
            await sleep(1000);
            const postmaster = Number((await city.cluster.script('pid')).stdout);
            process.kill(postmaster, 'SIGKILL');
            // Its orphans notice and go; a new one starts when their memory is free.
            for (let tries = 0; tries < 100; tries++) {
                if (await city.cluster.script('start').then(() => true, () => false)) break;
                await sleep(100);
            }
            const back = Date.now();
            await returns(city, 10_000);
            assert.ok(Date.now() - back < 5000, `ready ${Date.now() - back} ms after the database`);
            await sleep(1000);
        }
        await holds(running);
    } finally {
        await end();
    }
});

async function returns(city, ms) {
    const until = Date.now() + ms;
    const someone = client(city.origin);
    let answer;
    do {
        answer = await someone.request('GET', '/readyz').catch((error) => ({ status: error.message }));
        if (answer.status === 200) return;
        await sleep(50);
    } while (Date.now() < until);
    assert.fail(`not ready within ${ms} ms: ${answer.status}`);
}

test('kill -9 of the supervisor: its workers go with it, a new one serves on the same port, nothing is lost', async () => {
    const { city, load, holds, end } = await morning('supervisor', { workers: 2 });
    try {
        const running = load();
        await running.first;
        const workers = city.workers();
        city.server.kill('SIGKILL');
        await city.exited;
        const alive = () => workers.filter((pid) => { try { process.kill(pid, 0); return true; } catch { return false; } });
        const started = Date.now();
        while (alive().length && Date.now() - started < 10_000) await sleep(50);
        assert.deepEqual(alive(), [], 'no worker outlives its supervisor');
        await city.start();
        await holds(running);
    } finally {
        await end();
    }
});

test('reload again and again under load: no failed request', async () => {
    const { city, load, holds, end } = await morning('reload', { workers: 2 });
    try {
        const running = load();
        await running.first;
        for (let round = 0; round < (long ? 20 : 3); round++) {
            const before = city.workers();
            city.server.kill('SIGHUP');
            const started = Date.now();
            let now;
            do { await sleep(50); now = city.workers(); } while ((now.length !== 2 || now.some((pid) => before.includes(pid))) && Date.now() - started < 20_000);
            assert.ok(now.every((pid) => !before.includes(pid)), 'both workers are new');
        }
        const { requests } = await holds(running);
        assert.equal(requests.errors, 0);
    } finally {
        await end();
    }
});
