// Row 3: from the phone to the last of 80 screens.
import { checksOf, cityInUse, limitCheck, play } from './_rush.mjs';

const SCREENS = 80, RATE = 500;

/** The school whose single children are the most: its guardians report, day after day. */
function school(city) {
    const count = new Map();
    for (const { role, school_id: id, student_ids: children } of city.sessions())
        if (role === 'guardian' && children.length === 1) count.set(id, (count.get(id) ?? 0) + 1);
    return [...count].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

async function run(kit) {
    const city = await cityInUse(kit);
    const at = school(city);
    const runs = { todoke: [], Node: [] };
    const side = (subject) => async () => {
        const args = ['--school', at, '--screens', SCREENS, '--rate', RATE, '--seconds', 3, '--connections', 64, '--settle', 5, '--grace', 0.3, '--days-ahead', 59];
        runs[subject].push(await play(kit, city, subject, 'rate', args, { warmUp: warmUp(kit) }));
        return runs[subject].at(-1).result.latency_ms.glass_all.p99;
    };
    const values = await kit.interleave({ todoke: side('todoke'), Node: side('Node') });
    const acknowledged = runs.todoke.map((one) => one.result.latency_ms.acknowledge.p99);
    const latency = (subject, key, name) => ({
        subject, name, unit: 'ms', histogram: kit.histogram.merge(runs[subject].map((one) => one.result.histograms[key])),
    });
    return {
        measures: [
            {
                name: `report sent -> on the last of ${SCREENS} screens, p99`, unit: 'ms', better: 'lower',
                subjects: [...Object.entries(values).map(([name, rounds]) => ({ name, rounds })), { name: "todoke's acknowledgement", rounds: acknowledged }],
                ratios: [
                    { of: 'todoke', to: 'Node', target: { at: '<=', value: 0.25 }, words: 'of the Node service\'s time' },
                    { of: 'todoke', to: "todoke's acknowledgement", target: { at: '<=', value: 2 }, words: 'of the time until the sender hears that it is safe' },
                ],
            },
        ],
        latencies: ['todoke', 'Node'].flatMap((subject) => [
            latency(subject, 'glass_all', `on the last of ${SCREENS} screens`), latency(subject, 'acknowledge', 'acknowledged'),
        ]),
        timelines: [...runs.todoke.at(-1).timelines, ...runs.Node.at(-1).timelines],
        checks: [...checksOf(kit, 'todoke', runs.todoke), ...checksOf(kit, 'Node', runs.Node), limitCheck(kit, [...runs.todoke, ...runs.Node])],
        notes: [`${RATE} reports a second for one school, ${SCREENS} screens follow that school; PostgreSQL and the service on one core, the generator on the other`],
    };
}

/** For the children of other schools too, on a day that nobody else reports: both services have been awake for a while. */
function warmUp(kit) {
    return ['--guardians', Math.min(1500, kit.students), '--connections', 64, '--day', new Date(Date.now() + 9 * 3600_000 + 60 * 86_400_000).toISOString().slice(0, 10)];
}

export default {
    name: 'glass', row: 3, title: 'From the phone to the last screen',
    about: 'Guardians of one school send 500 reports a second while 80 screens of that school are open. Measured is the time from the moment '
        + 'a report was to be sent until the last of the 80 screens shows it. Beside it: the same service written for Node, and the time '
        + 'until the sender hears that the report is safe.',
    seconds: 85,
    run,
};
