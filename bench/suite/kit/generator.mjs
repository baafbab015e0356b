// todoke-bench, and the proof that it was not what was measured.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binary, place } from './place.mjs';
import { Running } from './process.mjs';

let runs = 0;

/** Flags that nearly every run needs: where the server is, whose sessions, the ledger and its check. */
export function flags(server, city, { ledger = false } = {}) {
    return [
        ...(server ? ['--server', `${server.host}:${server.port}`, ...(server.tls ? [] : ['--no-tls'])] : []),
        ...(city?.tokens ? ['--tokens', city.tokens] : []),
        ...(city && ledger ? ['--ledger', city.ledger(), '--db', city.db.owner] : []),
    ];
}

/** Runs a scenario of todoke-bench; its JSON. A run that was not good (exit code 1) is a result: see `verdict`. */
export async function runGenerator(scenario, { core, args = [], extra = [], seconds = 900, build = 'release' }) {
    const json = join(place, `generator-${process.pid}-${++runs}.json`);
    const run = new Running({
        name: `todoke-bench ${scenario}`, core,
        argv: ['sh', '-c', 'ulimit -n $(ulimit -Hn); exec "$@"', '-', binary('todoke-bench', build), scenario, ...args.map(String), ...extra, '--json', json, '--quiet'],
    });
    const timer = setTimeout(() => run.stop(), seconds * 1000);
    const { code, signal } = await run.end;
    clearTimeout(timer);
    if (code !== 0 && code !== 1) throw new Error(`todoke-bench ${scenario} ended with ${code ?? signal}:\n${run.tail()}`);
    try {
        return { ...JSON.parse(readFileSync(json, 'utf8')), code };
    } finally {
        rmSync(json, { force: true });
    }
}

const percent = (share) => `${Math.round(share * 100)} %`;

/** Whose core was full? Shares of one core, 0..1; full from 0.95 on (the server) and 0.85 (the generator, as it judges itself). */
export function limit(server, generator, { serverFull = 0.95, generatorFull = 0.85 } = {}) {
    const a = server >= serverFull, b = generator >= generatorFull;
    return a && b ? 'both' : a ? 'server' : b ? 'generator' : 'neither';
}

/** The check "the generator was not the limit" over one result or several (the worst counts).
 * saturated: [server's CPU share of its core, ...] where a run is meant to fill the server: then the server must have been
 * full and the generator not; a late beat of the generator's loop is no fault there, its own waiting is not measured. */
export function generatorCheck(results, { saturated } = {}) {
    const all = [results].flat().map((result) => result.generator);
    const share = Math.max(...all.map((one) => one.cpu_share));
    const lag = Math.max(...all.map((one) => one.loop_lag_ms?.p99 ?? 0));
    const said = `generator's CPU ${percent(share)} of a core at most, its loop's lag p99 ${lag.toFixed(2)} ms`;
    const name = 'the generator was not the limit';
    if (!saturated) {
        const ok = all.every((one) => !one.bottleneck && !one.starved);
        const starved = all.some((one) => one.starved) ? '; it got too little CPU on this machine' : '';
        return { name, ok, said: said + starved };
    }
    const server = Math.min(...[saturated].flat());
    return { name, ok: limit(server, share) === 'server', said: `${said}; the server's ${percent(server)} at least` };
}

/** Checks that hold for every run of reports: nothing failed, and with the ledger nothing lost or doubled. */
export function reportChecks(results) {
    const all = [results].flat();
    const sum = (pick) => all.reduce((total, one) => total + (pick(one) ?? 0), 0);
    const zero = (name, values) => ({
        name, ok: Object.values(values).every((value) => value === 0),
        said: Object.entries(values).map(([what, value]) => `${what} ${value}`).join(', '),
    });
    const acknowledged = sum((one) => one.requests.acknowledged);
    const checks = [zero('no request failed', { errors: sum((one) => one.requests.errors) })];
    checks[0].said = `${acknowledged} acknowledged, ${checks[0].said}`;
    if (all.some((one) => one.ledger)) {
        const every = all.every((one) => one.ledger);
        const ledger = zero('acknowledged = stored exactly once', {
            lost: sum((one) => one.ledger?.lost), doubled: sum((one) => one.ledger?.doubled), unasked: sum((one) => one.ledger?.unasked),
        });
        checks.push({ ...ledger, ok: ledger.ok && every });
    }
    if (all.some((one) => one.dashboards.count)) {
        const down = sum((one) => one.dashboards.count - one.dashboards.raised);
        const glass = zero('every screen showed every report once', {
            missing: sum((one) => one.dashboards.missing), repeated: sum((one) => one.dashboards.repeated),
            doubled: sum((one) => one.dashboards.doubled), 'screens that never came up': down,
        });
        glass.said = `${sum((one) => one.dashboards.expected)} rows expected on ${sum((one) => one.dashboards.count)} screens: ${glass.said}`;
        checks.push(glass);
    }
    return checks;
}
