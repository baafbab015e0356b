// The morning in a storm: processes are killed, the database is frozen, connections are filled, and every report must
// still be stored exactly once. The order comes from one seed; kit/faults.mjs draws it and reckons the return times.
import { existsSync } from 'node:fs';
import { returned, schedule, silentSockets, SLOW, takesConnections } from '../kit/faults.mjs';
import { startVisitors } from '../kit/visitors.mjs';
import { timings } from './_morning.mjs';

const RATE = 400, LIMIT = 3000, RESTART = 100;
const now = () => Number(process.hrtime.bigint()) / 1e6;
const sum = (values) => values.reduce((total, value) => total + value, 0);
const seconds = (ms) => Number((ms / 1000).toFixed(3));
const alive = (pid) => existsSync(`/proc/${pid}`);

/** Waits in short steps until it holds -> now, or null when the time is over. */
async function until(kit, test, ms) {
    for (const limit = now() + ms; now() < limit; await kit.sleep(10)) if (await test()) return now();
    return null;
}
const accepts = ({ kit, city }, ms = 30_000) => until(kit, () => takesConnections(city.db.app), ms);
const kill = (pid, signal = 'SIGKILL') => process.kill(pid, signal);

/** What the operating system's service manager would do: start it until it stands. */
async function startDatabase({ kit, city }) {
    for (let tries = 0; ; tries++) {
        try { return await city.restarted(); } catch (error) { if (tries > 50) throw error; }
        await kit.sleep(RESTART);
    }
}

/** Each does its fault and stays until it is over. -> { at, from?, done?, words }; from: the return counts from here. */
const doers = {
    async worker({ kit, server, workers }, { pick }) {
        const all = server.pids(), pid = all[Math.floor(pick * all.length)], at = now();
        kill(pid);
        await until(kit, () => server.pids().length === workers, 5000);
        return { at, words: `kill -9 of worker ${pid}` };
    },
    async backend(state, { pick }) {
        const { city } = state;
        const pids = (await city.sql("select pid from pg_stat_activity where usename = 'todoke_app' and datname = current_database() order by pid")).split('\n').map(Number);
        const pid = pids[Math.floor(pick * pids.length)], at = now();
        kill(pid);
        // It is a moment until the postmaster notices, and throws everybody out.
        await until(state.kit, async () => !(await takesConnections(city.db.app)), 1000);
        return { at, from: await accepts(state), words: `kill -9 of a PostgreSQL session (${pid}): PostgreSQL starts anew by itself` };
    },
    async postmaster(state) {
        const pid = state.city.postmaster, at = now();
        kill(pid);
        const [from] = await Promise.all([
            until(state.kit, async () => !(await takesConnections(state.city.db.app)), 1000).then(() => accepts(state)), startDatabase(state)]);
        return { at, from, words: `kill -9 of PostgreSQL's first process (${pid}), started again as a service manager does` };
    },
    async away(state, { lasts }) {
        const at = now();
        kill(state.city.postmaster, 'SIGQUIT');
        await state.kit.sleep((lasts + 1.5) * 1000);
        const [from] = await Promise.all([accepts(state), startDatabase(state)]);
        return { at, from, words: `PostgreSQL breaks off and is away for ${seconds(from - at)} s, longer than anybody is kept waiting` };
    },
    async supervisor(state) {
        const { kit, city, server } = state, at = now();
        state.orphans.push(...server.pids());
        kill(server.supervisor);
        await kit.sleep(RESTART);
        state.server = await kit.todoke(city, { workers: state.workers, port: server.port, args: state.args });
        return { at, words: `kill -9 of the supervisor, started again after ${RESTART} ms as a service manager does` };
    },
    async reload({ kit, server, workers }) {
        const before = server.pids(), at = now();
        kill(server.supervisor, 'SIGHUP');
        const done = await until(kit, () => server.pids().length === workers && server.pids().every((pid) => !before.includes(pid)), 20_000);
        if (!done) throw new Error('the graceful restart did not end within 20 s');
        return { at, done, words: `graceful restart (SIGHUP), all workers new after ${seconds(done - at)} s` };
    },
    async freeze({ kit, city }, { lasts }) {
        const pids = city.pids(), at = now();
        for (const pid of pids) kill(pid, 'SIGSTOP');
        await kit.sleep(lasts * 1000);
        const from = now();
        for (const pid of pids) if (alive(pid)) kill(pid, 'SIGCONT');
        return { at, from, words: `all of PostgreSQL frozen for ${seconds(from - at)} s` };
    },
    async full({ kit, server, workers }, { lasts }) {
        const at = now(), sockets = await silentSockets(server.port, workers * LIMIT);
        await kit.sleep(lasts * 1000);
        const from = now();
        sockets.close();
        return { at, from, words: `${sockets.count} silent sockets fill every place (${LIMIT} for each worker), gone after ${seconds(from - at)} s` };
    },
};

async function storm(state, faults, zero) {
    const done = [];
    for (const fault of faults) {
        await state.kit.sleep(Math.max(0, zero + fault.at * 1000 - now()));
        const one = { ...fault, ...await doers[fault.kind](state, fault) };
        done.push(one);
        state.kit.log(`${seconds(one.at - zero).toFixed(1)} s: ${one.words}`);
        await state.kit.sleep(1500);
    }
    return done;
}

function wantedVisitors(kit, city, server, days) {
    const students = new Map(city.sessions().filter((one) => one.role === 'guardian').flatMap(({ token, student_ids: ids }) => ids.map((id) => [id, token])));
    return { host: server.host, port: server.port, reason: city.reason, ledger: city.ledger(), days,
        children: [...students].slice(0, 8000).map(([student, token]) => ({ student, token })) };
}

const sessionsOf = (city) => city.sql("select count(*), count(*) filter (where state like 'idle in transaction%') from pg_stat_activity where usename = 'todoke_app' and datname = current_database()")
    .then((text) => text.split('|').map(Number));

async function play(kit, plan) {
    const city = await kit.city();
    const state = { kit, city, workers: Math.max(2, kit.workers), args: ['--connections', String(LIMIT)], orphans: [] };
    state.server = await kit.todoke(city, { workers: state.workers, args: state.args });
    const [before] = await sessionsOf(city);
    const days = (await city.sql("select (today() + n)::text from generate_series(1, 50) n")).split('\n');
    const wish = wantedVisitors(kit, city, state.server, days);
    const screens = city.sessions().filter((one) => one.role !== 'guardian').length;
    const startAt = Date.now() + 5000 + screens * 4, zero = now() + startAt - Date.now();
    const guardians = Math.round(Math.min(RATE * plan.seconds, kit.students * kit.once));
    const flags = ['--curve', 'constant', '--guardians', guardians, '--reports', Math.min(guardians, kit.students), '--seconds', plan.seconds,
        '--open-rate', 400, '--retry-for', 60, '--settle', 30, '--start-at', (startAt / 1000).toFixed(3)];
    const sampler = kit.sampler({ workers: () => state.server.pids(), PostgreSQL: () => city.pids() });
    const load = kit.generator('morning', { core: null, args: [...kit.flags(state.server, city, { ledger: true }), ...flags] });
    load.catch(() => {});
    await kit.sleep(zero - now() - 1000);
    const visitors = await startVisitors(wish);
    const faults = await storm(state, plan.faults, zero);
    await kit.sleep(Math.max(0, zero + plan.seconds * 1000 - now()));
    const visits = await visitors.stop();
    const result = await load;
    const timelines = [...kit.throughput(result), ...sampler.stop(result)];
    // Sessions of workers that are gone end as soon as PostgreSQL notices.
    await until(kit, async () => (await sessionsOf(city))[0] <= before && state.orphans.every((pid) => !alive(pid)), 5000);
    const end = { sessions: await sessionsOf(city), before, workers: state.server.pids().length, wanted: state.workers, orphans: state.orphans.filter(alive) };
    const verified = await kit.execute(kit.binary('todoke-bench'), ['verify', '--ledger', wish.ledger, '--db', city.db.owner]).catch((error) => error);
    return { result, faults, visits, timelines, end, verified, zero, code: (await state.server.stop()).code };
}

/** Requests of the generator that were cut or told to wait in these seconds of its curve. */
const retriedIn = ({ timeline, began }, from, to) => sum(timeline.filter((row) => row[0] >= Math.floor(from - began) && row[0] <= to - began).map((row) => row[4]));

function withReturns({ faults, visits, result, zero }) {
    const at = faults.map((fault) => fault.at);
    const drift = (result.began - Date.now()) / 1000 + now() / 1000; // the curve's zero, in seconds of the monotonic clock
    return faults.map((fault, nth) => {
        const next = at[nth + 1] ?? Infinity;
        const back = returned(visits, { at: fault.at, from: fault.from, until: next });
        const one = { ...fault, back, all: returned(visits, { at: fault.at, until: next }), second: seconds(fault.at - zero) };
        if (fault.kind !== 'reload') return one;
        const until = Math.min(fault.done + 2500, next), unserved = visits.filter((visit) => visit.end >= fault.at && visit.at < until && !visit.ok).length;
        return { ...one, failed: unserved + retriedIn({ ...result, began: drift }, fault.at / 1000, until / 1000) };
    });
}

const aims = [
    ['worker', "served again after a worker's death", 1, 'from kill -9 of one of the workers to the moment when every visitor is served again'],
    ['supervisor', "served again after the supervisor's death", 2, 'from kill -9 of the supervisor, which a service manager starts again after 0.1 s'],
    ['database', 'served again after the database is back', 2, 'from the moment when PostgreSQL takes connections again, after kill -9 or a time away'],
    ['freeze', 'served again after the database thaws', 2, 'from the moment when a database that stood still for seconds goes on'],
    ['full', 'served again after crowded-out visitors find a place', 2, 'from the moment when idle sockets that took every place let go'],
];
const kindOf = ({ kind }) => (['backend', 'postmaster', 'away'].includes(kind) ? 'database' : kind);

function measures(faults) {
    const of = (kind, pick) => faults.filter((fault) => fault.kind === kind || kindOf(fault) === kind).map(pick);
    const todoke = (rounds, value, words) => ({ better: 'lower', subjects: [{ name: 'todoke', rounds }], targets: [{ of: 'todoke', target: { at: '<=', value }, words }] });
    return [
        ...aims.map(([kind, name, value, words]) => ({ name, unit: 's', ...todoke(of(kind, ({ back }) => seconds(back.ms)), value, words) })),
        { name: 'nobody was served, from the kill on', unit: 's', better: 'lower', subjects: [['a PostgreSQL session', 'backend'], ["PostgreSQL's first process", 'postmaster']].map(([name, kind]) =>
            ({ name, rounds: of(kind, ({ all }) => seconds(all.ms)) })) },
        { name: 'requests that failed in a graceful restart', unit: '', ...todoke(of('reload', ({ failed }) => failed), 0, 'reports and reads cut or refused while all workers are replaced') },
    ];
}

function checks(kit, { result, visits, end, verified, faults, code }) {
    const { requests, dashboards } = result;
    const untold = requests.untold + dashboards.untold + visits.filter((visit) => visit.told === false).length;
    const busy = requests.retries.busy + dashboards.busy + visits.filter((visit) => visit.told !== null).length;
    const statuses = { ...requests.statuses };
    for (const { said } of visits) if (Number.isFinite(said)) statuses[said] = (statuses[said] ?? 0) + 1;
    const cut = sum(Object.entries(requests.retries).filter(([kind]) => kind !== 'busy').map(([, count]) => count)) + visits.filter((visit) => typeof visit.said === 'string').length;
    const noticed = faults.filter((fault) => fault.kind !== 'reload' && !fault.back.felt);
    return [
        ...kit.reportChecks([result]),
        { name: "the visitors' reports: acknowledged = stored exactly once", ok: !verified.code && !(verified instanceof Error), said: (verified.stdout || verified.message).trim().replace(/\s+/g, ' ') },
        { name: 'who was told to wait was told when to come again', ok: busy > 0 && untold === 0, said: `${busy} answers 503, ${untold} of them without Retry-After` },
        { name: 'a good answer, 503, or a connection that was cut: nothing else', ok: Object.keys(statuses).every((status) => ['200', '201', '503'].includes(status)),
            said: `${Object.entries(statuses).map(([status, count]) => `${status}: ${count}`).join(', ')}; cut: ${cut}` },
        { name: 'afterwards all is as before', ok: end.workers === end.wanted && !end.orphans.length && end.sessions[0] <= end.before && end.sessions[1] === 0 && code === 0,
            said: `${end.workers} of ${end.wanted} workers, ${end.orphans.length} left over; database sessions ${end.sessions[0]} (${end.before} before), ${end.sessions[1]} in an open transaction; ended with ${code}` },
        { name: 'every fault came', ok: faults.every((fault) => fault.words), said: `${faults.length} faults; not felt by any visitor: ${noticed.map((fault) => fault.nth).join(', ') || 'none'}` },
        kit.generatorCheck([result], { latencies: false }),
    ];
}

const said = ({ nth, second, words, back, all, from, failed, kind }) => `${nth}. at ${second.toFixed(1)} s: ${words}; ${kind === 'reload' ? `${failed} requests failed, ` : ''}`
    + (all.felt ? `all served again after ${seconds(all.ms)} s${from ? `, ${seconds(back.ms)} s after it was over` : ''} (${all.felt} visitors not served, or later than in ${SLOW} ms)` : `no visitor waited longer than ${seconds(all.ms)} s`);

/** What visitors met who were not served: "12 x 503, 3 x cut". */
function met(visits) {
    const counts = new Map();
    for (const { ok, said } of visits) if (!ok) counts.set(said, (counts.get(said) ?? 0) + 1);
    return [...counts].map(([what, count]) => `${count} x ${what}`).join(', ');
}

function extraTimelines({ result, visits, zero }) {
    const slowest = new Map();
    for (const { at, end } of visits) {
        const second = Math.floor((at - zero) / 1000);
        if (second >= 0) slowest.set(second, Math.max(slowest.get(second) ?? 0, Math.round(end - at)));
    }

    const of = (name, pick) => ({ subject: 'todoke', name, unit: 'per_second', points: result.timeline.map((row) => [row[0], pick(row)]) });
    return [of('told to wait, came again', (row) => row[6]), of('cut off, came again', (row) => row[4] - row[6]),
        { subject: 'todoke', name: 'slowest visitor, by when she came', unit: 'ms', points: [...slowest] }];
}

export default {
    name: 'chaos', order: 44, seconds: 95, title: 'A morning in a storm: processes die, the database freezes, all places are taken',
    about: 'The whole city reports while a worker, the supervisor and PostgreSQL are killed without warning, the service restarts gracefully, the database stands still for '
        + 'seconds, and idle sockets take every place; when and in which order, chance decides from one seed. The phones try again until they have an answer, as the app does. '
        + 'Afterwards every report that was acknowledged must be stored exactly once, and a visitor who comes every 20 ms tells how long nobody was served.',
    async run(kit) {
        const seed = kit.seed ?? 1 + Math.floor(Math.random() * 999_999), plan = schedule(seed, kit.once);
        kit.log(`seed ${seed}: ${plan.faults.map(({ kind, at }) => `${kind} ${at.toFixed(1)} s`).join(', ')}`);
        const run = await play(kit, plan);
        const faults = withReturns(run), stray = sum(faults.map((fault) => fault.back.stray));
        const marks = faults.map(({ second, nth }) => [second, String(nth)]);
        return {
            measures: measures(faults),
            latencies: ['acknowledge', 'glass_all'].map((key) => ({ subject: 'todoke', name: timings[key], unit: 'ms', histogram: run.result.histograms[key] })),
            timelines: [...run.timelines, ...extraTimelines(run)].map((line) => ({ ...line, marks })),
            checks: checks(kit, { ...run, faults }),
            notes: [
                `seed ${seed}: scripts/bench chaos --seed ${seed} draws the same storm; the numbers stand in the charts where it struck`,
                ...faults.map(said),
                `${run.visits.length} visitors, one every 20 ms: a new TLS connection, a read, a report, no second try; not served: ${met(run.visits) || 'none'}; ${stray} were slow or not served long after a fault`,
                `${run.result.requests.guardians} guardians; the longest time without an acknowledgement: ${seconds(run.result.longest_silence_ms)} s`,
                `nothing is pinned: ${run.end.wanted} workers, PostgreSQL, the generator and the visitors share the machine's cores`,
            ],
        };
    },
};
