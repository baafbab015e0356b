// A FIXTURE: a made-up run of the suite that has every piece a report can show. No figure in it was ever measured.
import { join } from 'node:path';
import { top } from './city.mjs';

const { finish, verdict } = await import(join(top, 'bench/suite/run.mjs'));

/** Spread-out values as the generator would write them, in nanoseconds: half below `half` ms, a tail up to 40 times that. */
function histogram(half, count = 29000, factor = 1) {
    const counts = new Map();
    let sum = 0, min = Infinity, max = 0;
    for (let nth = 0; nth < count; nth++) {
        const part = (nth + 0.5) / count;
        const value = Math.round(half * 1e6 * (0.4 + 1.2 * part + factor * 0.25 * Math.log10(1 - part) ** 2 + factor * 6 * part ** 400));
        let width = 1;
        while (value / width >= 2048) width *= 2;
        const cell = (Math.floor(value / width) + 1) * width - 1;
        counts.set(cell, (counts.get(cell) ?? 0) + 1);
        sum += value; min = Math.min(min, value); max = Math.max(max, value);
    }
    return { unit: 'ns', cells: [...counts].sort((a, b) => a[0] - b[0]), count, min, max, sum };
}
const around = (value, noise = 0.04) => [0, 1, -1, 0.4, -0.6].map((step) => value * (1 + step * noise));
const series = (of) => Array.from({ length: 61 }, (_, second) => [second, Math.round(of(second))]);
const bell = (second, at = 28, width = 9) => Math.exp(-(((second - at) / width) ** 2));

const machine = (more = {}) => ({ load_before: [0.21, 0.4, 0.6], load_after: [1.8, 0.9, 0.7], steal_share: 0.004, iowait_share: 0.03, idle_share: 0.2, seconds: 75, ...more });
const subject = (name, value, noise) => ({ name, rounds: around(value, noise) });

const morning = {
    name: 'morning', title: 'The worst minute: all 29,000 report within one minute',
    about: 'Every guardian opens the app on a connection of her own (TLS), looks at her children, and reports an absence.',
};
const city = {
    measures: [{ name: 'acknowledgement, p99', unit: 'ms', better: 'lower', subjects: [{ name: 'todoke', rounds: [160.2] }],
        targets: [{ of: 'todoke', target: { at: '<=', value: 300 }, words: '99 of 100 reports are acknowledged within 300 ms' }] }],
    latencies: [
        { subject: 'todoke', name: 'report sent -> acknowledged', unit: 'ms', histogram: histogram(36) },
        { subject: 'todoke', name: 'the same, without waiting for a connection', unit: 'ms', histogram: histogram(21) },
        { subject: 'todoke', name: 'report sent -> on the last screen', unit: 'ms', histogram: histogram(58) },
        { subject: 'todoke', name: 'children looked up', unit: 'ms', histogram: histogram(12) },
        { subject: 'todoke', name: 'connection opened (TLS)', unit: 'ms', histogram: histogram(9) },
    ],
    timelines: [
        { subject: 'todoke', name: 'reports that were due', unit: 'per_second', points: series((at) => 890 * bell(at)) },
        { subject: 'todoke', name: 'acknowledged', unit: 'per_second', points: series((at) => 880 * bell(at, 28.4)) },
        { subject: 'todoke', name: 'slowest acknowledgement', unit: 'ms', points: series((at) => 30 + 400 * bell(at)) },
        { subject: 'worker', name: 'CPU', unit: 'cpu_percent', points: series((at) => 62 * bell(at)) },
        { subject: 'PostgreSQL', name: 'CPU', unit: 'cpu_percent', points: series((at) => 48 * bell(at)) },
        { subject: 'worker', name: 'memory', unit: 'memory_bytes', points: series((at) => 40e6 + 2.4e6 * Math.min(at, 40)) },
        { subject: 'PostgreSQL', name: 'memory', unit: 'memory_bytes', points: series((at) => 160e6 + 1e6 * Math.min(at, 30)) },
    ],
    checks: [
        { name: 'no request failed', ok: true, said: '29000 acknowledged, errors 0' },
        { name: 'acknowledged = stored exactly once', ok: true, said: 'lost 0, doubled 0, unasked 0' },
        { name: 'the generator was not the limit', ok: true, said: "generator's CPU 44 % of a core at most" },
    ],
    notes: ['29000 guardians come, 29000 report; 90 minutes of life, played 90 times as fast', "the worker's memory at its peak: 130 MiB"],
};
const fanout = {
    name: 'fanout', row: 4, title: 'Fan-out: one change to many screens', about: 'One report changes, and every screen shows it. Each server has a core of its own.',
};
const screens = {
    measures: [{
        name: "1,000 sockets: server's CPU for one delivery", unit: 'us', better: 'lower',
        subjects: [subject('todoke', 5.5), subject('send loop', 4.6, 0.02), subject('uWebSockets', 6.4, 0.08), subject('nginx + nchan', 10.5), subject('ws', 10.9, 0.12)],
        ratios: [
            { of: 'todoke', to: 'send loop', invert: true, target: { at: '>=', value: 0.85 }, words: 'of what the bare kernel could deliver, todoke delivers' },
            { of: 'todoke', to: 'uWebSockets', invert: true, target: { at: '>=', value: 1.15 }, words: 'times cheaper than uWebSockets' },
            { of: 'todoke', to: 'ws', invert: true, target: { at: '>=', value: 1.9 }, words: 'times cheaper than ws' },
            { of: 'send loop', to: 'ws', invert: true, words: 'times cheaper than ws, the bare loop' },
        ],
    }],
    checks: [{ name: 'every frame counted', ok: true, said: '1200000 of 1200000' }], notes: ['plain TCP'],
};
const latency = { name: 'latency', row: 2, title: 'How long until the phone says "received"', about: 'The same reports to both services, ten a second and 2,000 a second.' };
const answers = {
    measures: [{ name: 'acknowledgement at 2,000 reports a second, p99', unit: 'ms', better: 'lower', subjects: [subject('todoke', 14, 0.2), subject('Node service', 5400, 0.3)],
        ratios: [{ of: 'todoke', to: 'Node service', target: { at: '<=', value: 0.33 }, words: 'of the Node service’s time' }] }],
    latencies: [{ subject: 'todoke', name: '2,000 a second', unit: 'ms', histogram: histogram(4, 20000, 0.6) }, { subject: 'Node service', name: '2,000 a second', unit: 'ms', histogram: histogram(900, 20000, 1.4) }],
    checks: [{ name: 'every answer counted', ok: false, said: '3 of 20000 are missing <script>alert(1)</script>' }],
};
const idle = { name: 'idle', row: 6, title: 'Idle screens: how many fit into a GiB', about: 'Ten thousand sockets that wait.' };
const waiting = {
    measures: [
        { name: 'idle TLS WebSockets per GiB', unit: 'sockets', better: 'higher', subjects: [subject('todoke', 56000, 0.01), subject('ws', 17000)],
            targets: [{ of: 'todoke', target: { at: '>=', value: 50000 }, words: 'idle sockets in a GiB' }],
            ratios: [{ of: 'todoke', to: 'ws', target: { at: '>=', value: 3 }, words: 'times as many as ws over TLS' }] },
        { name: "of one idle socket: the server's processes", unit: 'KiB', better: 'lower', subjects: [subject('todoke', 13.6), subject('ws', 55)] },
    ],
    checks: [{ name: 'all sockets were up and stayed', ok: true, said: '10000 sockets each' }],
};

/** A run as scripts/bench writes it; `factor` makes our fan-out dearer, for comparisons. */
export function fixtureRun({ factor = 1 } = {}) {
    const changed = structuredClone(screens);
    changed.measures[0].subjects[0].rounds = changed.measures[0].subjects[0].rounds.map((value) => value * factor);
    const played = [[morning, city, {}], [latency, answers, { steal_share: 0.081, load_before: [3.1, 2, 1] }], [fanout, changed, {}], [idle, waiting, {}]];
    const scenarios = played.map(([scenario, given, more]) => ({ ...finish(scenario, structuredClone(given)), started: '2026-01-01T00:00:00.000Z', seconds: 75, machine: machine(more) }));
    const run = {
        bench: 'todoke-suite', format: 1, started: '2026-01-01T00:00:00.000Z', seconds: 301, options: { names: ['fixture'], rounds: 5 },
        machine: { kernel: '0.0.0-fixture', cpu: 'Fixture CPU', cores: 2, memory_bytes: 8 * 2 ** 30, governor: null, fsync: { per_second: 1234, p50_ms: 0.7, p99_ms: 2.1 },
            versions: { todoke: 'fixture', postgresql: '15', openssl: '3', node: '20', nginx: null } },
        scenarios, verdict: verdict(scenarios),
    };
    return JSON.parse(JSON.stringify(run));
}
