// The bench suite's logic: options, medians and ratios, targets, who was the limit, comparison, the JSON's shape; and one
// tiny run from the command line to the exit code. No figure of time is asserted.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { top, binary } from '../support/city.mjs';

const suite = (path) => import(join(top, 'bench/suite', path));
const { parseOptions, choose, UsageError } = await suite('options.mjs');
const { assess, median, missed, ratios, reached, spread } = await suite('kit/statistics.mjs');
const { compareRuns, judge } = await suite('kit/compare.mjs');
const { judge: judgeTold } = await suite('kit/confirmations.mjs');
const { generatorCheck, limit, reportChecks } = await suite('kit/generator.mjs');
const { finish, runScenario, verdict } = await suite('run.mjs');
const { measuresTable, runText, scenarioText } = await suite('report/text.mjs');
const { cpu, kernelMemory, memory } = await suite('kit/proc.mjs');
const run = promisify(execFile);

const measure = (more = {}) => ({
    name: 'commits', unit: '/s', better: 'higher',
    subjects: [{ name: 'todoke', rounds: [10, 30, 20] }, { name: 'peer', rounds: [5, 10, 5] }],
    ratios: [{ of: 'todoke', to: 'peer', target: { at: '>=', value: 3 }, words: 'times as many' }], ...more,
});

test('bench: options are read, old calls too, and nonsense is refused', () => {
    assert.deepEqual(parseOptions(['morning', '--factor', '900', '--students', '200']), { names: ['morning'], extra: [], factor: 900, students: 200 });
    assert.deepEqual(parseOptions(['a', 'b', '--rounds=3', '--json', 'x.json', '--keep', '--', '--think', '0']),
        { names: ['a', 'b'], rounds: 3, json: 'x.json', keep: true, extra: ['--think', '0'] });
    assert.equal(parseOptions(['all', '--quick']).rounds, 2);
    assert.equal(parseOptions(['all', '--quick', '--rounds', '4']).rounds, 4);
    for (const words of [['--rounds'], ['--rounds', '0'], ['--rounds', '1.5'], ['--students', 'many'], ['--nope'], ['--toString', '1']]) {
        assert.throws(() => parseOptions(words), UsageError, words.join(' '));
    }
});

test('bench: scenarios are chosen by name, all of them by "all", an unknown name is refused', () => {
    const scenarios = [{ name: 'a' }, { name: 'b' }, { name: 'long', inAll: false }];
    assert.deepEqual(choose(scenarios, ['b', 'a', 'b']).map((one) => one.name), ['a', 'b']);
    assert.deepEqual(choose(scenarios, ['all']).map((one) => one.name), ['a', 'b']);
    assert.deepEqual(choose(scenarios, ['all', 'long']).map((one) => one.name), ['a', 'b', 'long']);
    assert.throws(() => choose(scenarios, ['c']), UsageError);
});

test('bench: median and range; a ratio is made of the same round, not of the medians', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.ok(Number.isNaN(median([])));
    assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 });
    assert.deepEqual(ratios([10, 30, 20], [5, 10, 5]), [2, 3, 4]);
    assert.deepEqual(ratios([10, 30], [5, 10], true), [0.5, 1 / 3]);
    const { ratios: [one], subjects } = assess(measure());
    assert.deepEqual([one.rounds, one.median, one.min, one.max, one.ok], [[2, 3, 4], 3, 2, 4, true]);
    assert.deepEqual([subjects[1].median, subjects[1].min, subjects[1].max], [5, 5, 10]);
    assert.throws(() => assess(measure({ ratios: [{ of: 'todoke', to: 'nobody' }] })), /nobody/);
});

test('bench: a target is reached from its value on; a figure that is none never reaches one', () => {
    assert.ok(reached({ at: '>=', value: 2 }, 2) && !reached({ at: '>=', value: 2 }, 1.99));
    assert.ok(reached({ at: '<=', value: 300 }, 300) && !reached({ at: '<=', value: 300 }, 300.1));
    assert.ok(!reached({ at: '<=', value: 1 }, NaN) && !reached({ at: '>=', value: 1 }, Infinity));
    const bad = { measures: [assess(measure({ ratios: [{ of: 'todoke', to: 'peer', target: { at: '>=', value: 5 } }],
        targets: [{ of: 'peer', target: { at: '>=', value: 6 } }] }))], checks: [{ name: 'nothing lost', ok: false, said: 'lost 1' }] };
    assert.deepEqual(missed(bad), ['nothing lost: lost 1', 'commits: todoke / peer 3, target >= 5', 'commits: peer 5 /s, target >= 6']);
});

test('bench: who was the limit, by the CPU shares of both', () => {
    assert.equal(limit(0.99, 0.4), 'server');
    assert.equal(limit(0.5, 0.9), 'generator');
    assert.equal(limit(0.97, 0.9), 'both');
    assert.equal(limit(0.5, 0.5), 'neither');
    const result = (more) => ({ generator: { cpu_share: 0.4, bottleneck: false, starved: false, loop_lag_ms: { p99: 1 }, ...more } });
    assert.equal(generatorCheck([result(), result()]).ok, true);
    assert.equal(generatorCheck([result(), result({ bottleneck: true })]).ok, false);
    assert.equal(generatorCheck(result({ starved: true })).ok, false);
    assert.equal(generatorCheck(result({ starved: true }), { latencies: false }).ok, true);
    assert.equal(generatorCheck(result({ starved: true }), { saturated: [0.99, 0.97] }).ok, true);
    assert.equal(generatorCheck(result(), { saturated: [0.99, 0.6] }).ok, false);
    assert.equal(generatorCheck(result({ cpu_share: 0.93 }), { saturated: 0.99 }).ok, false);
});

test('bench: a report that was lost, doubled, missing on a screen or without its ledger fails the check', () => {
    const good = () => ({
        requests: { acknowledged: 5, errors: 0 }, ledger: { lost: 0, doubled: 0, unasked: 0 },
        dashboards: { count: 3, raised: 3, expected: 10, missing: 0, repeated: 0, doubled: 0 }, verdict: { failed: [] },
    });
    const failing = (change) => {
        const one = good();
        change(one);
        return reportChecks([good(), one]).filter((check) => !check.ok).map((check) => check.name);
    };
    assert.deepEqual(failing(() => {}), []);
    assert.deepEqual(failing((one) => { one.requests.errors = 1; }), ['no request failed']);
    for (const what of ['lost', 'doubled', 'unasked']) assert.deepEqual(failing((one) => { one.ledger[what] = 1; }), ['acknowledged = stored exactly once']);
    assert.deepEqual(failing((one) => { one.ledger = null; }), ['acknowledged = stored exactly once']);
    for (const what of ['missing', 'repeated', 'doubled']) assert.deepEqual(failing((one) => { one.dashboards[what] = 1; }), ['every screen showed every report once']);
    assert.deepEqual(failing((one) => { one.dashboards.raised = 2; }), ['every screen showed every report once']);
    assert.deepEqual(failing((one) => { one.verdict.failed.push('board'); }), ["the generator's own verdict"]);
});

const scenario = { name: 'x', row: 1, title: 't', about: 'a' };
const quietKit = { log: () => {}, clear: async () => {} };

test('bench: a mail about one of two children with the same name is about the one that is reported by now', () => {
    const rows = [['7', '12', 'みのり', '20000', '', 'a@example.jp'], ['7', '11', 'みのり', '1000', '', 'a@example.jp']];
    const mail = (at) => ({ way: 'mail', to: 'a@example.jp', at, data: 'みのりさん　欠席　11月27日（金）' });
    const told = (...messages) => judgeTold(rows, messages);
    const { delays, ...counts } = told(mail(1500), mail(20700));
    assert.deepEqual(delays, [500, 700]);
    assert.deepEqual([counts.told, counts.lost, counts.doubled, counts.strays], [2, 0, 0, 0]);
    assert.deepEqual(told(mail(21000), mail(21100)).delays, [1100, 20000], 'both late: the first waited longest');
    assert.deepEqual([told(mail(1500)).lost, told(mail(20700), mail(20700), mail(20700)).doubled, told(mail(900)).strays], [1, 1, 1]);
});

test('bench: the result of a scenario has its shape; one that throws or returns nothing is a failed check, the others go on', async () => {
    const result = finish(scenario, { measures: [measure()], latencies: [{ subject: 's', name: 'n', unit: 'ms',
        histogram: { unit: 'ns', cells: [[1_000_000, 99], [5_000_000, 1]], count: 100, min: 900_000, max: 4_900_000, sum: 1e8 } }] });
    assert.deepEqual(Object.keys(result), ['name', 'row', 'title', 'about', 'measures', 'latencies', 'timelines', 'checks', 'notes', 'missed', 'ok']);
    const { p50, p99, p999, max, count } = result.latencies[0].figures;
    assert.deepEqual([p50, p99, p999, max, count], [1, 1, 4.9, 4.9, 100]);
    assert.equal(result.ok, true);
    assert.equal(finish(scenario, {}).ok, false);
    let cleared = 0;
    const kit = { ...quietKit, clear: async () => { cleared++; } };
    const broken = await runScenario({ ...scenario, async run() { throw new Error('no nginx'); } }, kit);
    assert.deepEqual(broken.missed, ['ran to its end: no nginx']);
    assert.equal(cleared, 1);
    const whole = verdict([result, broken]);
    assert.deepEqual(whole, { ok: false, failed: ['x: ran to its end: no nginx'] });
    assert.match(scenarioText(broken), /FAILED ran to its end: no nginx/);
    assert.match(measuresTable([result]), /3 \(2-4\) +>= 3 +reached/);
});

test('bench: a regression is a change beyond both ranges, of a ratio or of a figure without one', () => {
    const one = (values, better = 'higher') => ({ ...spread(values), count: values.length, better });
    assert.equal(judge(one([10, 11]), one([8, 9])), 'worse');
    assert.equal(judge(one([10, 11]), one([9, 10])), 'same');
    assert.equal(judge(one([10, 11]), one([12, 13])), 'better');
    assert.equal(judge(one([10, 11], 'lower'), one([12, 13], 'lower')), 'worse');
    assert.equal(judge(one([10]), one([5])), 'alone');
    const whole = (todoke, peer, more) => ({ scenarios: [finish(scenario, { measures: [measure({ subjects: [{ name: 'todoke', rounds: todoke }, { name: 'peer', rounds: peer }], ...more })] })] });
    const old = whole([10, 12], [5, 6]);
    // The machine is half as fast today: the figures say so, the ratio doesn't.
    const slow = compareRuns(old, whole([5, 6], [2.5, 3]));
    assert.deepEqual(slow.map((change) => [change.what, change.verdict, change.regression]),
        [['todoke', 'worse', false], ['peer', 'worse', false], ['todoke / peer', 'same', false]]);
    assert.ok(compareRuns(old, whole([6, 7], [5, 6])).some((change) => change.kind === 'ratio' && change.regression));
    assert.ok(compareRuns(whole([10, 12], [5, 6], { ratios: [] }), whole([6, 7], [5, 6], { ratios: [] }))[0].regression);
    assert.deepEqual(compareRuns({ scenarios: [] }, old), []);
});

test('bench: CPU and memory of a process and its children are seen', async () => {
    const busy = spawn('sh', ['-c', 'node -e "const end = Date.now() + 60000; while (Date.now() < end);" & wait'], { detached: true, stdio: 'ignore' });
    try {
        for (let tries = 0; tries < 200 && (cpu([busy.pid]) < 0.05 || memory([busy.pid]) <= 5 << 20); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
        assert.ok(cpu([busy.pid]) >= 0.05);
        assert.ok(memory([busy.pid]) > 5 << 20);
        assert.ok(kernelMemory() > 0);
        assert.equal(cpu([2 ** 22 + 1]), 0);
    } finally {
        process.kill(-busy.pid, 'SIGKILL');
    }
});

const generator = join(dirname(binary), 'todoke-bench');
const bench = (place, ...words) => run(process.execPath, [join(top, 'bench/suite/main.mjs'), ...words],
    { env: { ...process.env, TODOKE_VAR: place, TODOKE_BUILD: dirname(binary) }, timeout: 120_000 }).then(
    (done) => ({ code: 0, said: done.stderr }), (error) => ({ code: error.code, said: error.stderr }));

test('bench: percents of the same arrivals are at most 100 together', { skip: existsSync(generator) ? false : `no ${generator}` }, async () => {
    const error = await run(generator, ['overload', '--tokens', '/dev/null', '--reads', '100', '--exports', '0.1']).catch((failed) => failed);
    assert.equal(error.code, 2);
    assert.match(error.stderr, /--reads and --exports/);
});

test('bench: a small morning runs from the command line to exit code 0 and a result', { skip: existsSync(generator) ? false : `no ${generator}` }, async () => {
    const place = mkdtempSync(join(tmpdir(), 'todoke-bench-'));
    try {
        const json = join(place, 'out.json');
        const { code, said } = await bench(place, 'morning', '--students', '200', '--factor', '1350', '--json', json);
        assert.equal(code, 0, said);
        const result = JSON.parse(readFileSync(json, 'utf8'));
        assert.deepEqual(JSON.parse(readFileSync(join(place, 'last.json'), 'utf8')), result);
        assert.deepEqual([result.bench, result.format, result.verdict], ['todoke-suite', 1, { ok: true, failed: [] }]);
        const [morning] = result.scenarios;
        assert.equal(morning.latencies.find((one) => /acknowledged/.test(one.name)).figures.count, 200);
        assert.ok(morning.timelines.some((line) => line.unit === 'cpu_percent' && line.points.length > 1));
        assert.ok(result.machine.fsync.per_second > 0 && result.machine.versions.postgresql);
        assert.match(runText(result), /Every check and target holds/);
        assert.ok(!existsSync(join(place, 'pg')), 'the database is gone');
    } finally {
        rmSync(place, { recursive: true, force: true });
    }
});

test('bench: a wrong call says so and ends with 2', async () => {
    const place = mkdtempSync(join(tmpdir(), 'todoke-bench-'));
    for (const words of [['nobody'], ['morning', '--rounds', 'x'], ['morning', '--compare', '/nonexistent.json']]) {
        assert.equal((await bench(place, ...words)).code, 2, words.join(' '));
    }
    rmSync(place, { recursive: true, force: true });
});
