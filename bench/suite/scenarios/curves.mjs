// Arrival curves over connections that stay open: how the server takes a change of rate.

const MEAN = 500, SECONDS = 12;
const shapes = {
    constant: `${MEAN}/s all the time`,
    ramp: `from nothing to ${Math.round((MEAN * 4) / 3)}/s`,
    step: `a quarter, a half, three quarters, all of ${Math.round((MEAN * 8) / 5)}/s`,
};
const timings = { acknowledge: 'report sent -> acknowledged', glass_all: 'report sent -> on the last screen' };

async function play(kit, city, curve) {
    await city.reset();
    const server = await kit.todoke(city);
    const sampler = kit.sampler({ [`${curve}: worker`]: () => server.pids(), [`${curve}: PostgreSQL`]: () => city.pids() });
    const result = await kit.generator('rate', {
        core: null, args: [...kit.flags(server, city, { ledger: true }), '--curve', curve, '--rate', MEAN, '--seconds', SECONDS, '--open-rate', 500],
    });
    const timelines = [...kit.throughput(result, { subject: curve }), ...sampler.stop(result)];
    await server.stop();
    return { result, timelines, value: result.latency_ms.acknowledge.p99 };
}

export default {
    name: 'curves', order: 21, seconds: 60, title: 'Arrival curves: constant, ramp, step',
    about: `Reports come over connections that stay open, ${MEAN} a second on average, in three shapes: evenly, rising, and in steps. `
        + 'All screens of the city are open. Latency counts from the moment when a report was due, whatever the server does meanwhile.',
    async run(kit) {
        const city = await kit.city();
        const runs = await kit.interleave(Object.fromEntries(Object.keys(shapes).map((curve) => [curve, () => play(kit, city, curve)])), { rounds: kit.once });
        const results = Object.values(runs).flat().map((run) => run.result);
        const p99 = (key) => Object.entries(runs).map(([name, list]) => ({ name, rounds: list.map(({ result }) => result.latency_ms[key].p99) }));
        return {
            measures: Object.entries(timings).map(([key, name]) => ({ name: `${name}, p99`, unit: 'ms', better: 'lower', subjects: p99(key) })),
            latencies: Object.entries(runs).flatMap(([subject, list]) => Object.entries(timings).map(([key, name]) =>
                ({ subject, name, unit: 'ms', histogram: kit.histogram.merge(list.map(({ result }) => result.histograms[key])) }))),
            timelines: Object.values(runs).flatMap((list) => list.at(-1).timelines),
            checks: [...kit.reportChecks(results), kit.generatorCheck(results)],
            notes: [...Object.entries(shapes).map(([name, words]) => `${name}: ${words}`), 'nothing is pinned; 64 keep-alive connections over TLS'],
        };
    },
};
