// Row 1: the whole city reports, as fast as it is taken.
import { BareSql, best, checksOf, cityInUse, limitCheck, play } from './_rush.mjs';

const SECONDS = 2; // of each bare SQL run

async function run(kit) {
    const city = await cityInUse(kit, { guardiansForPgbench: true });
    const bare = new BareSql(kit, city);
    const runs = { todoke: [], Node: [] };
    const some = Math.min(kit.students, 3600);
    const connections = ['--connections', 1024, '--open-rate', 500];
    const service = (subject, more) => async () => {
        runs[subject].push(await play(kit, city, subject, 'city', [...connections, ...more]));
        return runs[subject].at(-1).result.throughput.per_second;
    };
    const search = {
        plain: best([4, 8, 16], (clients) => bare.rate('plain', clients, SECONDS)),
        report: best([2, 4, 8], (clients) => bare.rate('report', clients, SECONDS)),
        plainBatch: best([1, 2, 4], (links) => bare.batches('plainBatch', links, SECONDS)),
        reportBatch: best([2, 4], (links) => bare.batches('reportBatch', links, SECONDS)),
    };
    const sql = (name) => () => search[name].run();
    const sides = {
        todoke: service('todoke', ['--guardians', kit.students]),
        'pgbench, plain insert': sql('plain'),
        Node: service('Node', ['--guardians', some, '--warm-up', Math.floor(some / 4)]),
        'pgbench, full statement': sql('report'),
        '500-row batches, plain insert': sql('plainBatch'),
        '500-row batches, full statement': sql('reportBatch'),
    };
    const values = await kit.interleave(sides);
    return result(kit, values, runs, search, some);
}

function result(kit, values, runs, search, some) {
    const ratio = (to, value, words) => ({ of: 'todoke', to, ...(value ? { target: { at: '>=', value } } : {}), words });
    const all = Object.values(runs).flat();
    const latency = (subject, key, name) => ({
        subject, name, unit: 'ms', histogram: kit.histogram.merge(runs[subject].map((one) => one.result.histograms[key])),
    });
    return {
        measures: [
            {
                name: 'reports that are stored and acknowledged', unit: '/s', better: 'higher',
                subjects: Object.entries(values).map(([name, rounds]) => ({ name, rounds })),
                ratios: [
                    ratio('Node', 5, 'times as many as the same service on Node'),
                    ratio('pgbench, plain insert', 1.5, 'times as many as PostgreSQL alone commits one by one'),
                    ratio('500-row batches, plain insert', 0.25, 'of what PostgreSQL alone takes in batches of 500, without HTTP, people or checks'),
                    ratio('pgbench, full statement', null, 'times as many as PostgreSQL alone commits one by one with the same checks'),
                    ratio('500-row batches, full statement', null, 'of what PostgreSQL alone takes in batches of 500 with the same checks'),
                ],
            },
            {
                name: `all ${kit.students} children reported`, unit: 's', better: 'lower',
                subjects: [{ name: 'todoke', rounds: runs.todoke.map((one) => one.result.throughput.seconds) }],
            },
        ],
        latencies: [
            latency('todoke', 'acknowledge', 'report sent -> acknowledged'), latency('Node', 'acknowledge', 'report sent -> acknowledged'),
            latency('todoke', 'glass_all', 'report sent -> on the last screen'), latency('Node', 'glass_all', 'report sent -> on the last screen'),
        ],
        timelines: [...runs.todoke.at(-1).timelines, ...runs.Node.at(-1).timelines],
        checks: [...checksOf(kit, 'todoke', runs.todoke), ...checksOf(kit, 'Node', runs.Node), limitCheck(kit, all)],
        notes: [
            'PostgreSQL and the service (or PostgreSQL alone) on one core, the generator, pgbench or the C loop on the other; fsync and synchronous_commit on',
            `1,024 connections over TLS, every class's and school's screen and the board's on; Node did ${some} reports a round, its first quarter not counted`,
            ...Object.entries(search).map(([name, one]) => `${name}: tried ${Object.entries(one.tried).map(([n, rate]) => `${n}: ${Math.round(rate)}/s`).join(', ')}; used ${one.chosen}`),
        ],
    };
}

export default {
    name: 'city', row: 1, title: 'The city in seconds',
    about: 'A report for each child of the city is sent as fast as the server takes it, by its own signed-in guardian over an encrypted '
        + 'connection, while every class, school and the board watch. It counts when it is safely on disk and the phone has heard so. '
        + 'Beside it: the same service written for Node, and PostgreSQL alone, one by one and in batches.',
    seconds: 220,
    run,
};
