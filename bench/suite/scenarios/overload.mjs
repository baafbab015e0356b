// More people than the server can serve: what is still done, who is told to come back, and how fast.

const MIX = ['--reads', 40];
/* One costs as much as some hundred others, so they are rare. */
const EXPORTS = ['--exports', 0.1, '--export-path', '/api/city/history?days=5'];
const CLASSES = ['absences', 'reads', 'exports'];
const TIMES = [1, 2, 3];

/** One run on an empty city. */
async function play(kit, city, server, scenario, flags) {
    await city.reset();
    const cpu = server.cpu();
    const result = await kit.generator(scenario, {
        args: [...kit.flags(server, city, { ledger: true }), '--no-dashboards', '--days-ahead', 59, ...MIX, ...flags],
    });
    return { ...result, serverShare: (server.cpu() - cpu) / result.generator.seconds };
}

/** As fast as it goes, without exports: 256 connections that always have a request out. Then 1, 2 and 3 times that rate. */
async function round(kit, city, server) {
    const seconds = kit.quick ? 1 : 3;
    const guess = await play(kit, city, server, 'city', ['--connections', 256, '--guardians', kit.quick ? 4000 : 30000]);
    const peak = guess.throughput.per_second;
    const offered = [];
    for (const times of TIMES)
        offered.push(await play(kit, city, server, 'overload', [...EXPORTS, '--rate', Math.round(peak * times), '--seconds', seconds, '--connections', 3000]));
    return { peak: guess, offered };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const share = (results, name) => {
    const classes = results.map((result) => result.classes[name]).filter(Boolean);
    return sum(classes.map((one) => one.ok)) / Math.max(1, sum(classes.map((one) => one.offered)));
};
const percent = (value) => `${(100 * value).toFixed(1)} %`;

const refusedOf = (result) => sum(Object.values(result.classes).map((one) => one.refused));

function checks(kit, rounds) {
    const all = rounds.flatMap((one) => [one.peak, ...one.offered]);
    const most = rounds.map((one) => one.offered.at(-1));
    const shares = Object.fromEntries(CLASSES.map((name) => [name, share(most, name)]));
    const refused = sum(all.map(refusedOf));
    const told = sum(all.flatMap((result) => Object.values(result.classes)).map((one) => one.told_when));
    return [
        { name: 'absences are served before reads, reads before exports', ok: shares.absences > shares.reads && shares.reads > shares.exports,
            said: `at ${TIMES.at(-1)} times the peak, served: ${CLASSES.map((name) => `${name} ${percent(shares[name])}`).join(', ')}` },
        { name: 'nobody waits without an end: the others are refused', ok: most.every((result) => refusedOf(result) > 0),
            said: `refused at ${TIMES.at(-1)} times the peak: ${most.map(refusedOf).join(', ')}` },
        { name: 'who is refused is told when to come again', ok: refused === told, said: `${told} of ${refused} refusals had Retry-After` },
        ...kit.reportChecks(all), kit.generatorCheck(all, { latencies: false }),
    ];
}

const timelines = (result) => CLASSES.filter((name) => result.classes[name]).flatMap((name) => [
    { subject: name, name: 'offered at 3 times the peak', unit: 'per_second', points: result.classes[name].timeline.map((row) => [row[0], row[1]]) },
    { subject: name, name: 'served at 3 times the peak', unit: 'per_second', points: result.classes[name].timeline.map((row) => [row[0], row[2]]) },
]);

function latencies(kit, rounds) {
    return TIMES.flatMap((times, nth) => {
        const of = (name) => kit.histogram.merge(rounds.map((one) => one.offered[nth].histograms[name]));
        const refusals = kit.histogram.merge(CLASSES.map((name) => of(`refused_${name}`)));
        return [
            { subject: `${times} x`, name: 'report sent -> acknowledged', unit: 'ms', histogram: of('acknowledge') },
            ...(refusals.count ? [{ subject: `${times} x`, name: 'sent -> refused', unit: 'ms', histogram: refusals }] : []),
        ];
    });
}

const refusalP99 = (kit, result) =>
    kit.histogram.quantile(kit.histogram.merge(CLASSES.map((name) => result.histograms[`refused_${name}`])), 0.99) / 1e6;

export default {
    name: 'overload', order: 42, seconds: 200,
    title: 'Overload: three times as many people as the server can serve',
    about: 'First it is measured how many requests a second the server can serve (60 % report an absence, the others look at their '
        + 'children). Then one, two and three times as many come, and a few ask for the city\'s history, whatever the server says. It must go on serving nearly as many as before, say "come '
        + 'back in a moment" to the others at once, and serve reports of absences first.',
    async run(kit) {
        const city = await kit.city();
        await city.pin(kit.cores.server);
        const server = await kit.todoke(city, { core: kit.cores.server });
        const rounds = [];
        for (let nth = 0; nth < kit.rounds; nth++) {
            rounds.push(await round(kit, city, server));
            const { peak, offered } = rounds.at(-1);
            kit.log(`round ${nth + 1}/${kit.rounds}: peak ${peak.throughput.per_second.toFixed(0)}/s; served ${offered.map((one, at) =>
                `${one.throughput.per_second.toFixed(0)}/s at ${TIMES[at]} x`).join(', ')}; refusals' p99 ${refusalP99(kit, offered.at(-1)).toFixed(1)} ms`);
        }
        const at = (times) => ({ name: `${times} x`, rounds: rounds.map((one) => one.offered[TIMES.indexOf(times)].throughput.per_second) });
        return {
            measures: [
                { name: 'requests that were served', unit: '/s', better: 'higher',
                    subjects: [{ name: 'peak', rounds: rounds.map((one) => one.peak.throughput.per_second) }, ...TIMES.map(at)],
                    ratios: [{ of: '3 x', to: 'peak', target: { at: '>=', value: 0.8 }, words: 'of what the server can do is still done when three times as many come' }] },
                { name: 'time to a refusal, p99', unit: 'ms', better: 'lower',
                    subjects: [{ name: '3 x', rounds: rounds.map((one) => refusalP99(kit, one.offered.at(-1))) }],
                    targets: [{ of: '3 x', target: { at: '<=', value: 50 }, words: 'from the moment when somebody meant to ask to the answer "come back in a moment"' }] },
                { name: 'part that was served at three times the peak', unit: '%', better: 'higher',
                    subjects: CLASSES.map((name) => ({ name, rounds: rounds.map((one) => 100 * share([one.offered.at(-1)], name)) })) },
            ],
            latencies: latencies(kit, rounds),
            timelines: timelines(rounds.at(-1).offered.at(-1)),
            checks: checks(kit, rounds),
            notes: [
                'worker and PostgreSQL share one core, the generator has the other',
                `the peak: 256 connections that always have one request out, no exports; then ${TIMES.join(', ')} times that rate as an open loop over 3,000 connections, nobody tries again`,
                `the worker's share of its core at 3 x: ${rounds.map((one) => percent(one.offered.at(-1).serverShare)).join(', ')}`,
            ],
        };
    },
};
