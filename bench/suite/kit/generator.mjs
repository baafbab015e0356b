// todoke-bench, and the proof that it was not what was measured.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { binary, place } from './place.mjs';
import { Running } from './process.mjs';

let runs = 0;

/** Flags that nearly every run needs: where the server is, whose sessions, the ledger and its check. */
export function flags(server, city, { ledger = false } = {}) {
    return [
        ...(server ? ['--server', `${server.host}:${server.port}`, ...(server.tls ? [] : ['--no-tls'])] : []),
        ...(city?.tokens ? ['--tokens', city.tokens, '--reason', city.reason] : []),
        ...(city && ledger ? ['--ledger', city.ledger(), '--db', city.db.owner] : []),
    ];
}

/** When the curve's first second began (ms since 1970): the ledger's last line is the last acknowledgement. Half a second
 * more or less; null without a ledger. */
function began(result, args) {
    const path = args[args.indexOf('--ledger') + 1];
    const last = result.timeline?.findLastIndex((row) => row[2] > 0) ?? -1;
    if (!args.includes('--ledger') || last < 0) return null;
    return statSync(path).mtimeMs - (result.timeline[last][0] + 0.5) * 1000;
}

/** Runs a scenario of todoke-bench; its JSON. It is ended a quarter of an hour after its play (--seconds) was to be over. A run that was not good (exit code 1) is a result: see `verdict`. */
export async function runGenerator(scenario, { core, args = [], extra = [], build = 'release' }) {
    const play = args.includes('--seconds') ? Number(args[args.indexOf('--seconds') + 1]) : 0;
    const json = join(place, `generator-${process.pid}-${++runs}.json`);
    const run = new Running({
        name: `todoke-bench ${scenario}`, core,
        argv: ['sh', '-c', 'ulimit -n $(ulimit -Hn); exec "$@"', '-', binary('todoke-bench', build), scenario, ...args.map(String), ...extra, '--json', json, '--quiet'],
    });
    const timer = setTimeout(() => run.stop(), (play + 900) * 1000);
    const { code, signal } = await run.end;
    clearTimeout(timer);
    if (code !== 0 && code !== 1) throw new Error(`todoke-bench ${scenario} ended with ${code ?? signal}:\n${run.tail()}`);
    try {
        const result = JSON.parse(readFileSync(json, 'utf8'));
        return { ...result, code, began: result.began_ms || began(result, args) };
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
 * full and the generator not; a late beat of the generator's loop is no fault there, its own waiting is not measured.
 * latencies: false where nothing is judged by them: then too little CPU for all (`starved`) is said, but no failure. */
export function generatorCheck(results, { saturated, latencies = true } = {}) {
    const all = [results].flat().map((result) => result.generator);
    const share = Math.max(...all.map((one) => one.cpu_share));
    const lag = Math.max(...all.map((one) => one.loop_lag_ms?.p99 ?? 0));
    const said = `generator's CPU ${percent(share)} of a core at most, its loop's lag p99 ${lag.toFixed(2)} ms`;
    const name = 'the generator was not the limit';
    if (!saturated) {
        const hungry = all.some((one) => one.starved);
        const ok = all.every((one) => !one.bottleneck) && !(hungry && latencies);
        const starved = hungry ? '; it got too little CPU: the latencies are partly those of a machine that is full' : '';
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
    const served = zero('no request failed', { errors: sum((one) => one.requests.errors) });
    const checks = [{ ...served, said: `${acknowledged} acknowledged, ${served.said}` }];
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
    const failed = [...new Set(all.flatMap((one) => one.verdict.failed))];
    checks.push({ name: "the generator's own verdict", ok: !failed.length, said: failed.length ? failed.join(', ') : 'good' });
    return checks;
}
