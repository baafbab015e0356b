// Row 2: how long a guardian waits for the answer, at a calm hour and in a rush.
import { BareSql, checksOf, cityInUse, limitCheck, play } from './_rush.mjs';

const warmUp = ['--guardians', 1000, '--connections', 64, '--days-ahead', 1];

async function run(kit) {
    const city = await cityInUse(kit, { guardiansForPgbench: true });
    const bare = new BareSql(kit, city);
    const all = { calm: { todoke: [] }, rush: { todoke: [], Node: [] } };
    const histograms = { request: [], report: [] };
    const rate = async (into, subject, perSecond, seconds, connections) => {
        // The warm-up has reported today: the run goes on with later days.
        const day = tomorrow(2);
        const args = ['--rate', perSecond, '--seconds', seconds, '--connections', connections, '--no-dashboards', '--day', day, '--days-ahead', 50, '--settle', 1, '--grace', 0];
        into.push(await play(kit, city, subject, 'rate', args, { warmUp }));
        return into.at(-1).result.latency_ms.acknowledge;
    };
    const pgbench = async (script) => {
        histograms[script].push(await bare.latency(script, 10, 4));
        return kit.histogram.quantile(histograms[script].at(-1), 0.5) / 1e6;
    };
    const calm = await kit.interleave({
        todoke: async () => (await rate(all.calm.todoke, 'todoke', 10, 4, 8)).p50,
        'pgbench, session and report': () => pgbench('request'),
        'pgbench, report alone': () => pgbench('report'),
    });
    const rush = await kit.interleave({
        todoke: async () => (await rate(all.rush.todoke, 'todoke', 2000, 2, 256)).p99,
        Node: async () => (await rate(all.rush.Node, 'Node', 2000, 2, 256)).p99,
    });
    return result(kit, { calm, rush, all, histograms });
}

const tomorrow = (days) => new Date(Date.now() + 9 * 3600_000 + days * 86_400_000).toISOString().slice(0, 10);

/** What a run really got through, while it was offered more: reports by the time that the last answer took. */
function done({ result }) {
    const seconds = result.timeline.findLastIndex((row) => row[2] > 0) + 1;
    return result.requests.acknowledged / seconds;
}

function result(kit, { calm, rush, all, histograms }) {
    const subjects = (values) => Object.entries(values).map(([name, rounds]) => ({ name, rounds }));
    const target = (of, to, value, words) => ({ of, to, ...(value ? { target: { at: '<=', value } } : {}), words });
    const latency = (subject, name, runs) => ({ subject, name, unit: 'ms', histogram: kit.histogram.merge(runs.map((one) => one.result.histograms.acknowledge)) });
    const slow = all.rush.Node.map(done);
    const sustained = kit.median(slow) >= 1900;
    const runs = Object.values(all.rush).flat();
    return {
        measures: [
            {
                name: 'acknowledgement at 10 reports a second, p50', unit: 'ms', better: 'lower', subjects: subjects(calm),
                ratios: [
                    target('todoke', 'pgbench, session and report', 1.3, 'of the time of the same two statements without HTTP and TLS'),
                    target('todoke', 'pgbench, report alone', null, 'of the time of the report\'s statement alone'),
                ],
            },
            {
                name: 'acknowledgement at 2,000 reports a second, p99', unit: 'ms', better: 'lower', subjects: subjects(rush),
                ratios: [target('todoke', 'Node', 0.33, 'of the Node service\'s time')],
            },
        ],
        latencies: [
            latency('todoke', 'acknowledged, 10 a second', all.calm.todoke),
            { subject: 'pgbench', name: 'session and report, 10 a second', unit: 'ms', histogram: kit.histogram.merge(histograms.request) },
            { subject: 'pgbench', name: 'report alone, 10 a second', unit: 'ms', histogram: kit.histogram.merge(histograms.report) },
            ...['todoke', 'Node'].map((subject) => latency(subject, 'acknowledged, 2,000 a second', all.rush[subject])),
        ],
        timelines: [...all.rush.todoke.at(-1).timelines, ...all.rush.Node.at(-1).timelines],
        checks: [
            ...checksOf(kit, 'todoke', [...all.calm.todoke, ...all.rush.todoke]),
            ...checksOf(kit, 'Node', all.rush.Node), limitCheck(kit, runs),
        ],
        notes: [
            'times count from the moment when a report was to be sent, also when the sender had to wait (open model; pgbench: from its schedule)',
            'no screens; PostgreSQL and the service on one core, the generator or pgbench on the other; each service had answered 1,000 reports before',
            sustained ? 'Node sustained 2,000 reports a second'
                : `Node can't sustain 2,000 reports a second here: it did ${Math.round(kit.median(slow))} (${slow.map(Math.round).join(', ')}), so its times grow with the run's length; the scenario "glass" has both at 500 a second`,
        ],
    };
}

export default {
    name: 'latency', row: 2, title: 'How long until the phone says "received"',
    about: 'Reports come at a steady rate, ten a second as on a calm morning and two thousand a second as in a rush, and the time until '
        + 'the phone hears that its report is safe is taken from the moment it was to be sent. Beside it: PostgreSQL alone with the same '
        + 'two questions, and the same service written for Node.',
    seconds: 185,
    run,
};
