// Row 10: many people sign in, which costs a lot of computing on purpose. Reports must not wait for it.
import { checksOf, cityInUse, limitCheck, todokeService } from './_rush.mjs';

const RATE = 500, SECONDS = 4, PEOPLE = 29000;

async function once(kit, city, withLogins) {
    await city.fresh();
    const service = await todokeService(kit, city);
    try {
        const flags = kit.flags(service, city);
        const sampler = kit.sampler({ [withLogins ? 'with sign-ins' : 'without']: () => [...service.pids(), ...city.pids()] }, { every: 500 });
        // The sign-ins begin before the reports and go on behind them.
        const logins = withLogins ? kit.generator('logins', { args: [...flags, '--connections', 32, '--seconds', SECONDS + 2] }) : null;
        if (logins) await kit.sleep(1000);
        const result = await kit.generator('rate', {
            args: [...kit.flags(service, city, { ledger: true }), '--rate', RATE, '--seconds', SECONDS, '--connections', 64, '--no-dashboards', '--settle', 1, '--grace', 0],
        });
        const signIns = logins ? await logins : null;
        const timelines = [...sampler.stop(result), ...kit.throughput(result, { subject: withLogins ? 'with sign-ins' : 'without' })];
        return { result, signIns, timelines, share: 0 };
    } finally {
        await service.stop();
    }
}

/** Everybody at once, in the middle of reports on sessions that live. */
async function storm(kit, city) {
    await city.fresh();
    const service = await todokeService(kit, city);
    try {
        const sampler = kit.sampler({ 'the storm': () => [...service.pids(), ...city.pids()] }, { every: 500 });
        const reports = kit.generator('rate', {
            args: [...kit.flags(service, city, { ledger: true }), '--rate', RATE, '--seconds', 2 * SECONDS, '--connections', 64, '--no-dashboards', '--settle', 1, '--grace', 0],
        });
        await kit.sleep(1000);
        const crowd = await kit.generator('storm', { args: [...kit.flags(service, city), '--guardians', kit.quick ? 1500 : PEOPLE] });
        const result = await reports;
        const timelines = [...sampler.stop(result), ...kit.throughput(result, { subject: 'the storm' })];
        return { result, crowd, timelines, share: 0 };
    } finally {
        await service.stop();
    }
}

const sum = (list, of) => list.reduce((total, one) => total + of(one), 0);

function stormChecks(storms) {
    const classes = storms.map((one) => one.crowd.classes.sign_ins);
    const [offered, ok, refused, told] = ['offered', 'ok', 'refused', 'told_when'].map((name) => sum(classes, (one) => one[name]));
    return [
        { name: 'the storm: everybody is signed in or told when to come again', ok: offered > 0 && ok > 0 && ok + refused === offered && told === refused,
            said: `${offered} at once: ${ok} signed in, ${refused} refused, ${told} of them with Retry-After, ${offered - ok - refused} neither` },
    ];
}

async function run(kit) {
    const city = await cityInUse(kit);
    const runs = { quiet: [], full: [], storm: [] };
    const side = (name) => async () => {
        runs[name].push(await (name === 'storm' ? storm(kit, city) : once(kit, city, name === 'full')));
        return runs[name].at(-1).result.latency_ms.acknowledge.p99;
    };
    const values = await kit.interleave({ quiet: side('quiet'), full: side('full'), storm: side('storm') });
    const all = [...runs.quiet, ...runs.full, ...runs.storm];
    const signIns = runs.full.map((one) => one.signIns);
    const failed = signIns.reduce((sum, one) => sum + one.classes.sign_ins.failed + one.classes.sign_ins.lost, 0);
    const latency = (name, list, key, what) => ({ subject: name, name: what, unit: 'ms', histogram: kit.histogram.merge(list.map((one) => one.histograms[key])) });
    const limit = limitCheck(kit, [...all, ...runs.full.map((one) => ({ result: one.signIns, share: 0 }))]);
    return {
        measures: [
            {
                name: `acknowledgement at ${RATE} reports a second, p99`, unit: 'ms', better: 'lower',
                subjects: [{ name: 'with sign-ins', rounds: values.full }, { name: 'the storm', rounds: values.storm }, { name: 'without', rounds: values.quiet }],
                ratios: [
                    { of: 'with sign-ins', to: 'without', target: { at: '<=', value: 1.5 }, words: 'of the time when nobody signs in' },
                    { of: 'the storm', to: 'without', words: 'of it while 29,000 people sign in at once' },
                ],
            },
            {
                name: 'reports acknowledged while everybody signs in at once', unit: '/s', better: 'higher',
                subjects: [{ name: 'the storm', rounds: runs.storm.map((one) => one.result.requests.acknowledged / (2 * SECONDS)) }],
            },
            {
                name: 'people signed in meanwhile', unit: '/s', better: 'higher',
                subjects: [{ name: 'todoke', rounds: signIns.map((one) => one.throughput.per_second) }],
            },
        ],
        latencies: [
            latency('with sign-ins', runs.full.map((one) => one.result), 'acknowledge', 'acknowledged'),
            latency('the storm', runs.storm.map((one) => one.result), 'acknowledge', 'acknowledged'),
            latency('the storm', runs.storm.map((one) => one.crowd), 'sign_in', 'signed in'),
            latency('without', runs.quiet.map((one) => one.result), 'acknowledge', 'acknowledged'),
            latency('todoke', signIns, 'sign_in', 'signed in'),
        ],
        timelines: all.slice(-1).concat(runs.quiet.slice(-1)).flatMap((one) => one.timelines),
        checks: [
            ...stormChecks(runs.storm), ...checksOf(kit, 'todoke', all), { name: 'no sign-in failed', ok: failed === 0, said: `${failed} failed or lost` },
            { name: limit.name, ok: limit.ok, said: limit.said.split(';')[0] },
        ],
        notes: ['the storm: 29,000 sign-ins within one second, over 3,000 connections that stand; whoever is refused goes away',
            '32 people sign in all the time, one after the other (closed loop); todoke and PostgreSQL on one core, both generators on the other'],
    };
}

export default {
    name: 'logins', row: 10, title: 'Signing in must not hold up reports',
    about: 'Checking a password is slow on purpose, so that stolen ones are hard to guess. Here the server checks as many passwords as it can '
        + 'while guardians send 500 reports a second. Measured is how long the reports take, with and without the sign-ins.',
    seconds: 90,
    run,
};
