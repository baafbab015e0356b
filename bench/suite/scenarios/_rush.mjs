// What the scenarios of the rush path share: a city in use, both services on the server's core, bare SQL. Not a scenario.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripts } from '../../peers/pgbench/scripts.mjs';

const history = `set session_replication_role = replica; truncate absence_versions; set session_replication_role = origin;
    insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, via, reported_by, reported_at, changed_by, changed_via)
    select s.school_id, s.id, h.day, h.day, 'absent', 1, 'guardian', g.account_id, h.day - interval '15 hours', g.account_id, 'guardian'
    from students s
    cross join lateral (select today() - 1 - (s.id % 21)::int as day) h
    cross join lateral (select account_id from guardianships g where g.student_id = s.id order by account_id limit 1) g`;
const HISTORY = ['absences', 'absence_versions'];

/** A city where people have reported before: each child once in the last three weeks, and the keys of those reports.
 * Statistics of empty tables would give every side plans that read whole tables. `fresh()` brings it back to that state. */
export async function cityInUse(kit, { guardiansForPgbench = false } = {}) {
    const city = await kit.city();
    const keys = `select reported_by, gen_random_uuid(), sha256(int8send(id)),
        jsonb_build_object('id', id, 'version', 1, 'at', reported_at), reported_at from bench_absences`;
    await city.sql(`truncate absences cascade; ${history}`);
    for (const table of HISTORY) await city.sql(`create table bench_${table} as table ${table}`);
    if (guardiansForPgbench) for (const one of scripts(kit.top).prepare.replace(/--.*$/gm, '').split(';')) if (one.trim()) await city.sql(one);
    city.fresh = async () => {
        await city.sql(['set session_replication_role = replica', `truncate ${HISTORY.join(', ')}, idempotency, tellings, outbox cascade`,
            ...HISTORY.map((table) => `insert into ${table} select * from bench_${table}`), `insert into idempotency ${keys}`].join('; '));
        await city.sql(`vacuum analyze ${HISTORY.join(', ')}, idempotency`);
        await city.sql('checkpoint');
    };
    await city.fresh();
    await city.pin(kit.cores.server);
    return city;
}

const words = (url) => Object.fromEntries(url.split(' ').map((pair) => pair.split('=')));

export async function todokeService(kit, city) {
    return kit.todoke(city, { core: kit.cores.server });
}

export async function nodeService(kit, city) {
    const { host, port: pgPort, user, dbname } = words(city.db.app);
    const port = await kit.freePort();
    const peer = await kit.peer({
        name: 'node-service', core: kit.cores.server, argv: [process.execPath, join(kit.peers, 'node-service/server.mjs')], port, ready: /ready on port/,
        env: {
            NODE_ENV: 'production', UV_THREADPOOL_SIZE: '4', PORT: String(port), TLS_CERT: kit.certificate.cert, TLS_KEY: kit.certificate.key,
            PGHOST: host, PGPORT: pgPort, PGUSER: user, PGDATABASE: dbname,
        },
    });
    return { ...peer, host: '127.0.0.1', port, tls: true, cpu: () => peer.cpu(), pids: () => peer.pids() };
}

export const services = { todoke: todokeService, Node: nodeService };

/** One generator run against a fresh city and a fresh service. -> { result, timelines, share } ; share: of the server's core at
 * its fullest half second, PostgreSQL and the service together. */
export async function play(kit, city, subject, scenario, args, { ledger = true, warmUp = null } = {}) {
    await city.fresh();
    const service = await services[subject](kit, city);
    try {
        if (warmUp) await kit.generator('city', { args: [...kit.flags(service, city), '--no-dashboards', ...warmUp] });
        const groups = { [`${subject}: service`]: () => service.pids(), [`${subject}: PostgreSQL`]: () => city.pids() };
        const sampler = kit.sampler(groups, { every: 500 });
        const result = await kit.generator(scenario, { args: [...kit.flags(service, city, { ledger }), ...args] });
        const timelines = [...sampler.stop(result), ...kit.throughput(result, { subject })];
        return { result, timelines, share: fullest(timelines) };
    } finally {
        await service.stop();
    }
}

function fullest(timelines) {
    const [a, b] = timelines.filter((line) => line.unit === 'cpu_percent').map((line) => new Map(line.points));
    return Math.max(0, ...[...a].map(([at, percent]) => percent + (b.get(at) ?? 0))) / 100;
}

/** The generator's share in each run, and whose core was full. */
export function limitCheck(kit, runs) {
    const most = Math.max(...runs.map((run) => run.result.generator.cpu_share));
    const least = Math.min(...runs.map((run) => run.share));
    const percent = (share) => `${Math.round(100 * share)} %`;
    return {
        name: 'the generator was not the limit', ok: most < 0.85 && runs.every((run) => !run.result.generator.bottleneck),
        said: `generator at most ${percent(most)} of its core; service and PostgreSQL ${percent(least)} of theirs at least, in the fullest half second of a run`,
    };
}

/** Checks of one subject's runs, named after it. */
export const checksOf = (kit, subject, runs) =>
    kit.reportChecks(runs.map((run) => run.result)).map((check) => ({ ...check, name: `${subject}: ${check.name}` }));

/** Once to see it, then with the best: measures(candidate) -> rate. The search is made in the first round. */
export function best(candidates, measure) {
    let chosen = null;
    const tried = {};
    return {
        tried,
        async run() {
            if (chosen !== null) return measure(chosen);
            for (const one of candidates) tried[one] = await measure(one);
            chosen = candidates.reduce((a, b) => (tried[b] > tried[a] ? b : a));
            return tried[chosen];
        },
        get chosen() { return chosen; },
    };
}

/** PostgreSQL without a service: pgbench's scripts and the C loop. Each run begins in the city as it was, and has stored
 * what it counted, or it is none. */
export class BareSql {
    constructor(kit, city) {
        Object.assign(this, { kit, city, texts: scripts(kit.top) });
        this.students = kit.students;
        this.dir = kit.place;
    }

    #file(name) {
        const path = join(this.dir, `pgbench-${name}.sql`);
        writeFileSync(path, this.texts[name]);
        return path;
    }

    async #stored(atLeast) {
        const [[all, before]] = (await this.city.sql('select (select count(*) from absences), (select count(*) from bench_absences)')).split('\n').map((row) => row.split('|').map(Number));
        if (all - before < atLeast) throw new Error(`bare SQL stored ${all - before} reports of ${atLeast}`);
    }

    async #pgbench(script, clients, seconds, more = []) {
        await this.city.fresh();
        const { host, port, user, dbname } = words(this.city.db.app);
        const { stdout } = await this.kit.execute('taskset', ['-c', String(this.kit.cores.generator), this.kit.tool('pgbench'), '-n', '-M', 'prepared',
            '-h', host, '-p', port, '-U', user, '-c', String(clients), '-j', '1', '-T', String(seconds), '-D', 'turn=-1', '-D', `clients=${clients}`,
            '-D', 'first=0', '-D', `students=${this.students}`, '-f', this.#file(script), ...more, dbname],
        { cwd: this.dir, env: { ...process.env, PGOPTIONS: '-c todoke.schools=*' } });
        if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(`pgbench: ${stdout}`);
        await this.#stored(Number(/actually processed: (\d+)/.exec(stdout)[1]));
        return stdout;
    }

    /** Transactions per second. */
    async rate(script, clients, seconds) {
        const text = await this.#pgbench(script, clients, seconds);
        return Number(/^tps = ([0-9.]+)/m.exec(text)[1]);
    }

    /** One client at a rate -> a histogram of latencies from the scheduled time. */
    async latency(script, rate, seconds) {
        const prefix = `pgbench-log-${process.pid}`;
        await this.#pgbench(script, 1, seconds, [`--rate=${rate}`, '-l', `--log-prefix=${prefix}`]);
        const files = readdirSync(this.dir).filter((name) => name.startsWith(prefix)).map((name) => join(this.dir, name));
        const counts = new Map();
        for (const file of files) {
            for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
                const ns = Number(line.split(' ')[2]) * 1000;
                counts.set(ns, (counts.get(ns) ?? 0) + 1);
            }
            rmSync(file);
        }
        const cells = [...counts].sort((a, b) => a[0] - b[0]);
        const count = cells.reduce((all, [, n]) => all + n, 0);
        return { unit: 'ns', cells, count, min: cells[0][0], max: cells.at(-1)[0], sum: cells.reduce((all, [ns, n]) => all + ns * n, 0) };
    }

    /** Rows per second in batches of 500. */
    async batches(script, connections, seconds) {
        await this.city.fresh();
        const { stdout } = await this.kit.execute('taskset', ['-c', String(this.kit.cores.generator), this.kit.binary('peer-sql_batches'),
            '--db', this.city.db.app, '--sql', this.#file(script), '--rows', '500', '--seconds', String(seconds), '--connections', String(connections),
            '--first', '0', '--students', String(this.students)]);
        const answer = JSON.parse(stdout);
        await this.#stored(answer.rows);
        return answer.rows_per_second;
    }
}
