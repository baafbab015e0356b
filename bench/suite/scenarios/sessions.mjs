// One generator process: a city's sessions and more than 10,000 live sockets at once.
import { timings } from './_morning.mjs';

const SOCKETS = 10000, ONLY_LOOK = 29000, REPORT = 1500;

/** How many of each topic's screens make the wanted number: one for each class, each school and the board is one set. */
const perTopic = (city, wanted) => {
    const topics = new Set(city.sessions().filter((one) => one.role !== 'guardian').map((one) => `${one.role} ${one.class_id ?? ''} ${one.school_id ?? ''}`));
    return Math.ceil(wanted / topics.size);
};

async function play(kit, city, { looking, reporting, sockets }) {
    const server = await kit.todoke(city);
    const sampler = kit.sampler({ worker: () => server.pids(), PostgreSQL: () => city.pids() });
    const before = kit.kernelMemory();
    let most = before;
    const timer = setInterval(() => { most = Math.max(most, kit.kernelMemory()); }, 1000);
    const result = await kit.generator('morning', {
        core: null,
        args: [...kit.flags(server, city, { ledger: true }), '--guardians', looking + reporting, '--reports', reporting,
            '--seconds', 45, '--per-topic', perTopic(city, sockets), '--open-rate', 400],
    });
    clearInterval(timer);
    const timelines = [...kit.throughput(result), ...sampler.stop(result)];
    await server.stop();
    return { result, timelines, kernel: most - before };
}

const memory = (timelines, subject) => Math.max(...timelines.filter((line) => line.subject === subject && line.unit === 'memory_bytes')
    .flatMap((line) => line.points.map(([, bytes]) => bytes)));
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

export default {
    name: 'sessions', order: 22, seconds: 85,
    title: 'One generator process: 29,000 sessions and 10,000 live sockets',
    about: 'One process plays more than 10,000 screens that stay connected (TLS WebSockets), and meanwhile 29,000 guardians '
        + 'look at their children, each with a session and a connection of her own, and 1,500 report an absence. Every report must appear once on each of its screens.',
    async run(kit) {
        const part = kit.students / 29000;
        const wish = { looking: Math.round(ONLY_LOOK * part), reporting: Math.round(REPORT * part), sockets: Math.round(SOCKETS * part) };
        const city = await kit.city();
        const { result, timelines, kernel } = await play(kit, city, wish);
        const { dashboards, generator, requests } = result;
        const guardians = wish.looking + wish.reporting;
        const sessions = city.sessions().filter((one) => one.role === 'guardian').length;
        return {
            measures: [{
                name: 'live sockets held at once by one generator process', unit: '', better: 'higher',
                subjects: [{ name: 'todoke-bench', rounds: [dashboards.raised] }],
                targets: [{ of: 'todoke-bench', target: { at: '>=', value: wish.sockets }, words: 'screens that one generator process keeps connected over TLS' }],
            }],
            latencies: Object.entries(timings).map(([key, name]) => ({ subject: 'todoke', name, unit: 'ms', histogram: result.histograms[key] })),
            timelines,
            checks: [
                { name: 'the live sockets were up together', ok: dashboards.raised === dashboards.count && dashboards.lost === 0 && dashboards.count >= wish.sockets,
                    said: `${dashboards.raised} of ${dashboards.count} up (${wish.sockets} wanted), lost meanwhile: ${dashboards.lost}` },
                // Whoever only looks is another guardian each time, while there are enough of them (plan.c).
                { name: 'each guardian had a session of her own', ok: requests.looked === guardians && guardians <= sessions,
                    said: `${requests.looked} of ${guardians} looked, ${wish.looking} of them only that; ${sessions} guardians have sessions` },
                ...kit.reportChecks(result), kit.generatorCheck(result, { latencies: false }),
            ],
            notes: [
                `${dashboards.messages} frames with ${dashboards.rows} rows and ${dashboards.gauge_rows} figures came to the screens; ${generator.connections} connections in all`,
                `memory at its peak: worker ${mib(memory(timelines, 'worker'))}; the kernel for both ends ${mib(kernel)}`,
                'nothing is pinned: worker, PostgreSQL and the generator share the machine\'s cores',
            ],
        };
    },
};
