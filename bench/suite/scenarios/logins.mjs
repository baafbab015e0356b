// Row 10: many people sign in, which costs a lot of computing on purpose. Reports must not wait for it.
import { checksOf, cityInUse, limitCheck, todokeService } from './_rush.mjs';

const RATE = 500, SECONDS = 4;

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

async function run(kit) {
    const city = await cityInUse(kit);
    const runs = { quiet: [], full: [] };
    const side = (name) => async () => {
        runs[name].push(await once(kit, city, name === 'full'));
        return runs[name].at(-1).result.latency_ms.acknowledge.p99;
    };
    const values = await kit.interleave({ quiet: side('quiet'), full: side('full') });
    const all = [...runs.quiet, ...runs.full];
    const signIns = runs.full.map((one) => one.signIns);
    const failed = signIns.reduce((sum, one) => sum + one.classes.sign_ins.failed + one.classes.sign_ins.lost, 0);
    const latency = (name, list, key, what) => ({ subject: name, name: what, unit: 'ms', histogram: kit.histogram.merge(list.map((one) => one.histograms[key])) });
    const limit = limitCheck(kit, [...all, ...runs.full.map((one) => ({ result: one.signIns, share: 0 }))]);
    return {
        measures: [
            {
                name: `acknowledgement at ${RATE} reports a second, p99`, unit: 'ms', better: 'lower',
                subjects: [{ name: 'with sign-ins', rounds: values.full }, { name: 'without', rounds: values.quiet }],
                ratios: [{ of: 'with sign-ins', to: 'without', target: { at: '<=', value: 1.5 }, words: 'of the time when nobody signs in' }],
            },
            {
                name: 'people signed in meanwhile', unit: '/s', better: 'higher',
                subjects: [{ name: 'todoke', rounds: signIns.map((one) => one.throughput.per_second) }],
            },
        ],
        latencies: [
            latency('with sign-ins', runs.full.map((one) => one.result), 'acknowledge', 'acknowledged'),
            latency('without', runs.quiet.map((one) => one.result), 'acknowledge', 'acknowledged'),
            latency('todoke', signIns, 'sign_in', 'signed in'),
        ],
        timelines: all.slice(-1).concat(runs.quiet.slice(-1)).flatMap((one) => one.timelines),
        checks: [
            ...checksOf(kit, 'todoke', all), { name: 'no sign-in failed', ok: failed === 0, said: `${failed} failed or lost` },
            { name: limit.name, ok: limit.ok, said: limit.said.split(';')[0] },
        ],
        notes: ['32 people sign in all the time, one after the other (closed loop); todoke and PostgreSQL on one core, both generators on the other'],
    };
}

export default {
    name: 'logins', row: 10, title: 'Signing in must not hold up reports',
    about: 'Checking a password is slow on purpose, so that stolen ones are hard to guess. Here the server checks as many passwords as it can '
        + 'while guardians send 500 reports a second. Measured is how long the reports take, with and without the sign-ins.',
    seconds: 90,
    run,
};
