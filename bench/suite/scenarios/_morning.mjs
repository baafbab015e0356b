// A city's morning in any of its sizes. Not a scenario itself: scenarios/morning.mjs has them.

export const timings = {
    acknowledge: 'report sent -> acknowledged', acknowledge_service: 'the same, without waiting for a connection',
    glass_all: 'report sent -> on the last screen', look: 'children looked up', connect: 'connection opened (TLS)',
};

/** Once through: a fresh server, nobody reported yet. */
async function play(kit, city, flags) {
    await city.reset();
    const server = await kit.todoke(city);
    const sampler = kit.sampler({ worker: () => server.pids(), PostgreSQL: () => city.pids() });
    const cpu = { worker: server.cpu(), postgres: city.cpu() };
    const result = await kit.generator('morning', { core: null, args: [...kit.flags(server, city, { ledger: true }), ...flags] });
    cpu.worker = server.cpu() - cpu.worker;
    cpu.postgres = city.cpu() - cpu.postgres;
    const timelines = [...kit.throughput(result), ...sampler.stop(result)];
    const { code } = await server.stop();
    return { result, cpu, timelines, code };
}

const figures = {
    'acknowledgement, p99': { unit: 'ms', better: 'lower', of: ({ result }) => result.latency_ms.acknowledge.p99 },
    'on the last screen, p99': { unit: 'ms', better: 'lower', of: ({ result }) => result.latency_ms.glass_all.p99 },
    'acknowledged in the busiest second': { unit: '/s', better: 'higher', of: ({ result }) => Math.max(...result.timeline.map((row) => row[2])) },
    "worker's CPU for 1,000 guardians": { unit: 's', better: 'lower', of: ({ result, cpu }) => (1000 * cpu.worker) / result.requests.guardians },
    "PostgreSQL's CPU for 1,000 guardians": { unit: 's', better: 'lower', of: ({ result, cpu }) => (1000 * cpu.postgres) / result.requests.guardians },
};

const peak = (runs, subject) => Math.max(...runs.flatMap((run) => run.timelines)
    .filter((line) => line.subject === subject && line.unit === 'memory_bytes').flatMap((line) => line.points.map(([, bytes]) => bytes)));

function notesOf(kit, runs, said) {
    const { requests, generator } = runs.at(-1).result;
    const again = Object.entries(requests.retries).filter(([, count]) => count).map(([kind, count]) => `${count} ${kind}`).join(', ');
    return [
        said,
        `nothing is pinned: ${kit.workers} worker${kit.workers === 1 ? '' : 's'}, PostgreSQL and the generator share the machine's cores`,
        `${requests.looked} guardians looked, ${requests.acknowledged} reports acknowledged, attempts made again: ${again || 'none'}; at most ${generator.most_open} phones connected at once`,
        `the worker's memory at its peak: ${(peak(runs, 'worker') / 2 ** 20).toFixed(1)} MiB`,
    ];
}

/** flags: of todoke-bench. ackLimit: ms that the acknowledgement's p99 must stay below. said: how it was played. */
export async function morning(kit, { flags, ackLimit, said }) {
    const city = await kit.city();
    const runs = [];
    for (let round = 0; round < kit.once; round++) {
        runs.push(await play(kit, city, flags));
        const { requests, latency_ms: ms } = runs.at(-1).result;
        kit.log(`${round + 1}/${kit.once}: ${requests.acknowledged} acknowledged, p50 ${ms.acknowledge.p50.toFixed(1)} ms, p99 ${ms.acknowledge.p99.toFixed(1)} ms`);
    }
    const results = runs.map((run) => run.result);
    const targets = ackLimit ? [{ of: 'todoke', target: { at: '<=', value: ackLimit }, words: `99 of 100 reports are acknowledged within ${ackLimit} ms` }] : [];
    return {
        measures: Object.entries(figures).map(([name, { unit, better, of }], nth) =>
            ({ name, unit, better, subjects: [{ name: 'todoke', rounds: runs.map(of) }], targets: nth === 0 ? targets : [] })),
        latencies: Object.entries(timings).map(([key, name]) =>
            ({ subject: 'todoke', name, unit: 'ms', histogram: kit.histogram.merge(results.map((result) => result.histograms[key])) })),
        timelines: runs.at(-1).timelines,
        checks: [
            ...kit.reportChecks(results), kit.generatorCheck(results, { latencies: Boolean(ackLimit) }),
            { name: 'the server ended in peace', ok: runs.every((run) => run.code === 0), said: `exit code ${runs.map((run) => run.code).join(', ')}` },
        ],
        notes: notesOf(kit, runs, said),
    };
}
