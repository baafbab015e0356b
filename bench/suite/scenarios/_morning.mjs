// A city's morning in any of its sizes. Not a scenario itself: scenarios/morning.mjs has them.
import { telling, toldCheck } from '../kit/confirmations.mjs';

export const timings = {
    acknowledge: 'report sent -> acknowledged', acknowledge_service: 'the same, without waiting for a connection',
    glass_all: 'report sent -> on the last screen', look: 'children looked up', connect: 'connection opened (TLS)',
};

/** Once through: a fresh server, nobody reported yet. told: whether guardians get their confirmations. */
async function play(kit, city, flags, told) {
    await city.reset();
    await telling(city, told);
    const sinks = told ? await kit.confirmations(city) : null;
    const server = await kit.todoke(city, { args: sinks?.args });
    const sampler = kit.sampler({ worker: () => server.pids(), PostgreSQL: () => city.pids() });
    const cpu = { worker: server.cpu(), postgres: city.cpu() };
    const result = await kit.generator('morning', { core: null, args: [...kit.flags(server, city, { ledger: true }), ...flags] });
    cpu.worker = server.cpu() - cpu.worker;
    cpu.postgres = city.cpu() - cpu.postgres;
    const timelines = [...kit.throughput(result), ...sampler.stop(result)];
    await sinks?.settled();
    const { code } = await server.stop();
    return { result, cpu, timelines, code, told: await sinks?.end() };
}

const FEWEST = 5000;
const QUIET = 'without confirmations';
// Beside the same morning in which nobody is told: what mail and push cost who waits for the answer. A morning of a few hundred is too short
// to judge by.
const costs = (at) => ({ of: 'todoke', to: QUIET, target: { at: '<=', value: at }, words: 'times as long as when nobody is told' });
const figures = {
    'acknowledgement, p50': { unit: 'ms', better: 'lower', of: ({ result }) => result.latency_ms.acknowledge.p50, costs: 1.25 },
    'acknowledgement, p99': { unit: 'ms', better: 'lower', of: ({ result }) => result.latency_ms.acknowledge.p99, costs: 1.5 },
    'on the last screen, p99': { unit: 'ms', better: 'lower', of: ({ result }) => result.latency_ms.glass_all.p99 },
    'acknowledged in the busiest second': { unit: '/s', better: 'higher', of: ({ result }) => Math.max(...result.timeline.map((row) => row[2])) },
    "worker's CPU for 1,000 guardians": { unit: 's', better: 'lower', of: ({ result, cpu }) => (1000 * cpu.worker) / result.requests.guardians },
    "PostgreSQL's CPU for 1,000 guardians": { unit: 's', better: 'lower', of: ({ result, cpu }) => (1000 * cpu.postgres) / result.requests.guardians },
};

const peak = (runs, subject) => Math.max(...runs.flatMap((run) => run.timelines)
    .filter((line) => line.subject === subject && line.unit === 'memory_bytes').flatMap((line) => line.points.map(([, bytes]) => bytes)));

function toldNote({ told }) {
    const after = (part) => (told.delays[Math.floor((told.delays.length - 1) * part)] / 1000).toFixed(2);
    return `${told.pushes} pushes and ${told.messages - told.pushes} mails arrived, ${told.meanwhile} of them while reports still came; `
        + `after the report was stored: p50 ${after(0.5)} s, p99 ${after(0.99)} s, at most ${after(1)} s`;
}

function notesOf(kit, runs, said) {
    const { requests, generator } = runs.at(-1).result;
    const again = Object.entries(requests.retries).filter(([, count]) => count).map(([kind, count]) => `${count} ${kind}`).join(', ');
    return [
        said,
        `nothing is pinned: ${kit.workers} worker${kit.workers === 1 ? '' : 's'}, PostgreSQL, the generator and the sinks of mail and push share the machine's cores`,
        `${requests.looked} guardians looked, ${requests.acknowledged} reports acknowledged, attempts made again: ${again || 'none'}; at most ${generator.most_open} phones connected at once`,
        toldNote(runs.at(-1)),
        `the worker's memory at its peak: ${(peak(runs, 'worker') / 2 ** 20).toFixed(1)} MiB`,
    ];
}

function measuresOf(runs, quiet, ackLimit) {
    const limit = { of: 'todoke', target: { at: '<=', value: ackLimit }, words: `99 of 100 reports are acknowledged within ${ackLimit} ms` };
    return Object.entries(figures).map(([name, { unit, better, of, costs: most }]) => ({
        name, unit, better,
        subjects: [{ name: 'todoke', rounds: runs.map(of) }, ...(quiet.length ? [{ name: QUIET, rounds: quiet.map(of) }] : [])],
        ratios: quiet.length && most && runs.at(-1).result.requests.guardians >= FEWEST ? [costs(most)] : [],
        targets: ackLimit && name.startsWith('acknowledgement, p99') ? [limit] : [],
    }));
}

/** flags: of todoke-bench. ackLimit: ms that the acknowledgement's p99 must stay below. compare: also without confirmations,
 * in turn. said: how it was played. */
export async function morning(kit, { flags, ackLimit, compare, said }) {
    const city = await kit.city();
    const runs = [], quiet = [];
    const side = (into, told) => async () => {
        into.push(await play(kit, city, flags, told));
        const { requests, latency_ms: ms } = into.at(-1).result;
        kit.log(`${told ? 'told' : 'not told'}: ${requests.acknowledged} acknowledged, p50 ${ms.acknowledge.p50.toFixed(1)} ms, p99 ${ms.acknowledge.p99.toFixed(1)} ms`);
        return ms.acknowledge.p99;
    };
    await kit.interleave({ todoke: side(runs, true), ...(compare ? { [QUIET]: side(quiet, false) } : {}) }, { rounds: kit.once });
    const all = [...runs, ...quiet], results = all.map((run) => run.result);
    const latency = (subject, of) => Object.entries(timings).map(([key, name]) =>
        ({ subject, name, unit: 'ms', histogram: kit.histogram.merge(of.map(({ result }) => result.histograms[key])) }));
    return {
        measures: measuresOf(runs, quiet, ackLimit),
        latencies: [...latency('todoke', runs), ...(compare ? latency(QUIET, quiet).slice(0, 1) : [])],
        timelines: runs.at(-1).timelines,
        checks: [
            ...kit.reportChecks(results), toldCheck(runs.map((run) => run.told)), kit.generatorCheck(results, { latencies: Boolean(ackLimit) }),
            { name: 'the server ended in peace', ok: all.every((run) => run.code === 0), said: `exit code ${all.map((run) => run.code).join(', ')}` },
        ],
        notes: notesOf(kit, runs, said),
    };
}
