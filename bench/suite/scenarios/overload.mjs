// More people than the server can serve: what is still done, who is told to come back, and how fast.

const MIX = ['--reads', 40];
/* One costs as much as some hundred others, so they are rare. */
const EXPORTS = ['--exports', 0.1, '--export-path', '/api/city/history?days=5'];
const CLASSES = ['absences', 'reads', 'exports'];
const TIMES = 3;

/** One run on an empty city. */
async function play(kit, city, server, scenario, flags) {
    await city.reset();
    const cpu = server.cpu();
    const result = await kit.generator(scenario, {
        args: [...kit.flags(server, city, { ledger: true }), '--no-dashboards', '--days-ahead', 59, ...flags],
    });
    return { ...result, serverShare: (server.cpu() - cpu) / result.generator.seconds };
}

/** As fast as it goes, without exports: 256 connections that always have a request out; the same with absences alone. Then
 * three times the first rate. */
async function round(kit, city, server) {
    const loop = (...mix) => play(kit, city, server, 'city', ['--connections', 256, '--guardians', kit.quick ? 4000 : 15000, ...mix]);
    const peak = await loop(...MIX), alone = await loop('--reads', 0);
    const rate = Math.round(peak.throughput.per_second * TIMES);
    const crowd = await play(kit, city, server, 'overload',
        [...MIX, ...EXPORTS, '--rate', rate, '--seconds', kit.quick ? 1 : 2, '--connections', 3000]);
    return { peak, alone, crowd };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const share = (results, name) => {
    const classes = results.map((result) => result.classes[name]).filter(Boolean);
    return sum(classes.map((one) => one.ok)) / Math.max(1, sum(classes.map((one) => one.offered)));
};
const percent = (value) => `${(100 * value).toFixed(1)} %`;

const refusedOf = (result) => sum(Object.values(result.classes).map((one) => one.refused));
const refusals = (kit, results) => kit.histogram.merge(results.flatMap((result) => CLASSES.map((name) => result.histograms[`refused_${name}`])));
const refusalP99 = (kit, result) => kit.histogram.quantile(refusals(kit, [result]), 0.99) / 1e6;
const perSecond = (result, name) => result.classes[name].ok / result.throughput.seconds;

function checks(kit, rounds) {
    const all = rounds.flatMap((one) => [one.peak, one.alone, one.crowd]);
    const crowds = rounds.map((one) => one.crowd);
    const shares = Object.fromEntries(CLASSES.map((name) => [name, share(crowds, name)]));
    const refused = sum(all.map(refusedOf));
    const told = sum(all.flatMap((result) => Object.values(result.classes)).map((one) => one.told_when));
    return [
        { name: 'absences are served before reads, reads before exports', ok: shares.absences > shares.reads && shares.reads >= shares.exports,
            said: `at ${TIMES} times the peak, served: ${CLASSES.map((name) => `${name} ${percent(shares[name])}`).join(', ')}` },
        { name: 'nobody waits without an end: the others are refused', ok: crowds.every((result) => refusedOf(result) > 0),
            said: `refused at ${TIMES} times the peak: ${crowds.map((result) => refusedOf(result) || 'none').join(', ')}` },
        { name: 'who is refused is told when to come again', ok: refused === told, said: `${told} of ${refused} refusals had Retry-After` },
        ...kit.reportChecks(all), kit.generatorCheck(all, { latencies: false }),
    ];
}

const timelines = (result) => CLASSES.filter((name) => result.classes[name]).flatMap((name) => [
    { subject: name, name: 'offered at 3 times the peak', unit: 'per_second', points: result.classes[name].timeline.map((row) => [row[0], row[1]]) },
    { subject: name, name: 'served at 3 times the peak', unit: 'per_second', points: result.classes[name].timeline.map((row) => [row[0], row[2]]) },
]);

function latencies(kit, rounds) {
    const refused = refusals(kit, rounds.map((one) => one.crowd));
    return [
        { subject: '3 x', name: 'report sent -> acknowledged', unit: 'ms', histogram: kit.histogram.merge(rounds.map((one) => one.crowd.histograms.acknowledge)) },
        ...(refused.count ? [{ subject: '3 x', name: 'sent -> refused', unit: 'ms', histogram: refused }] : []),
    ];
}

function measures(kit, rounds) {
    const of = (name, pick) => ({ name, rounds: rounds.map(pick) });
    const all = (result) => result.throughput.per_second;
    const refusing = rounds.every((one) => refusedOf(one.crowd) > 0); // else a check says so: no time is better than none
    return [
        { name: 'requests that were served', unit: '/s', better: 'higher',
            subjects: [of('peak', (one) => all(one.peak)), of('peak of absences alone', (one) => all(one.alone)), of('3 x', (one) => all(one.crowd))],
            ratios: [
                { of: '3 x', to: 'peak', target: { at: '>=', value: 0.8 }, words: 'of what the server can do is still done when three times as many come' },
                { of: '3 x', to: 'peak of absences alone', words: 'of what the server can do for absences alone: nearly all that is served at 3 x are absences' },
            ] },
        { name: 'absences that were acknowledged', unit: '/s', better: 'higher',
            subjects: [of('peak', (one) => perSecond(one.peak, 'absences')), of('3 x', (one) => perSecond(one.crowd, 'absences'))],
            ratios: [{ of: '3 x', to: 'peak', words: 'of the absences that are taken at the peak are still taken when three times as many come' }] },
        ...(refusing ? [{ name: 'time to a refusal, p99', unit: 'ms', better: 'lower', subjects: [of('3 x', (one) => refusalP99(kit, one.crowd))],
            targets: [{ of: '3 x', target: { at: '<=', value: 50 }, words: 'from the moment when somebody meant to ask to the answer "come back in a moment"' }] }] : []),
        { name: 'part that was served at three times the peak', unit: '%', better: 'higher',
            subjects: CLASSES.map((name) => of(name, (one) => 100 * share([one.crowd], name))) },
    ];
}

export default {
    name: 'overload', order: 42, seconds: 65,
    title: 'Overload: three times as many people as the server can serve',
    about: 'First it is measured how many requests a second the server can serve (60 % report an absence, the others look at their '
        + 'children). Then three times as many come, and a few ask for the city\'s history, whatever the server says. It must go on '
        + 'serving nearly as many as before, say "come back in a moment" to the others at once, and serve reports of absences first.',
    async run(kit) {
        const city = await kit.city();
        await city.pin(kit.cores.server);
        const server = await kit.todoke(city, { core: kit.cores.server });
        const rounds = [];
        for (let nth = 0; nth < kit.rounds; nth++) {
            rounds.push(await round(kit, city, server));
            const { peak, alone, crowd } = rounds.at(-1);
            const late = refusedOf(crowd) ? `refusals' p99 ${refusalP99(kit, crowd).toFixed(1)} ms` : 'none refused';
            kit.log(`round ${nth + 1}/${kit.rounds}: peak ${peak.throughput.per_second.toFixed(0)}/s, absences alone ${alone.throughput.per_second.toFixed(0)}/s; `
                + `at ${TIMES} x served ${crowd.throughput.per_second.toFixed(0)}/s, ${late}`);
        }
        return {
            measures: measures(kit, rounds),
            latencies: latencies(kit, rounds),
            timelines: timelines(rounds.at(-1).crowd),
            checks: checks(kit, rounds),
            notes: [
                'worker and PostgreSQL share one core, the generator has the other',
                `the peak: 256 connections that always have one request out, no exports; then ${TIMES} times that rate as an open loop over 3,000 connections, nobody tries again`,
                `the worker's share of its core at ${TIMES} x: ${rounds.map((one) => percent(one.crowd.serverShare)).join(', ')}`,
            ],
        };
    },
};
