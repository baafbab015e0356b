// A run as one HTML file that a mayor and a performance tester can read: nothing is fetched, no script runs.
import { assess } from '../kit/statistics.mjs';
import { quantile } from '../kit/histogram.mjs';
import { comparison } from './compare.mjs';
import { measure, scenario } from './scenario.mjs';
import { style } from './style.mjs';
import { summary } from './summary.mjs';
import { disturbance, escape, figure, minutes, percent, whole, withUnit } from './words.mjs';

const ms = (ns) => ns / 1e6;
function withFigures(latency) {
    if (latency.figures || !latency.histogram) return latency;
    const of = (q) => ms(quantile(latency.histogram, q));
    return { ...latency, figures: { count: latency.histogram.count, p50: of(0.5), p90: of(0.9), p99: of(0.99), p999: of(0.999), p9999: of(0.9999), max: ms(latency.histogram.max) } };
}
const judged = (one) => (one.subjects ?? []).every((subject) => 'median' in subject) && 'ratios' in one && 'targets' in one;

/** Whatever is missing in a run is empty: an older or a broken one is shown as far as it goes. */
export function complete(run) {
    return {
        ...run,
        scenarios: (run.scenarios ?? []).map((one, nth) => ({
            ...one, id: `s${nth}-${String(one.name ?? '').replace(/[^\w-]/g, '')}`, title: one.title ?? one.name ?? 'a scenario',
            measures: (one.measures ?? []).filter((each) => each.subjects?.length).map((each) => (judged(each) ? each : assess(each))),
            latencies: (one.latencies ?? []).map(withFigures), timelines: (one.timelines ?? []).filter((each) => each.points?.length),
            checks: one.checks ?? [], notes: one.notes ?? [],
            disturbed: disturbance(one.machine, run.machine?.cores, nth === 0),
        })),
    };
}

const isMemory = (one) => /^([KMG]i)?B$|bytes/i.test(one.unit ?? '') || /per GiB/.test(one.name);

/** What a report cost in memory while a run lasted: the server's growth to its peak, over the reports acknowledged in it. */
function growth(one) {
    const memory = one.timelines.find((line) => line.unit === 'memory_bytes' && /worker|todoke/.test(line.subject));
    const served = one.timelines.find((line) => line.unit === 'per_second' && line.name === 'acknowledged');
    if (!memory || !served || memory.points.length < 2) return null;
    const values = memory.points.map((point) => point[1]), requests = served.points.reduce((sum, point) => sum + point[1], 0);
    const grown = Math.max(...values) - values[0];
    return requests ? { one, grown, peak: Math.max(...values), requests } : null;
}

function memory(run) {
    const measures = run.scenarios.flatMap((one) => one.measures.filter(isMemory));
    const grown = run.scenarios.map(growth).filter(Boolean);
    if (!measures.length && !grown.length) return '';
    const rows = grown.map(({ one, grown: bytes, peak, requests }) => `<tr><th scope="row">${escape(one.title)}</th><td class="number" data-label="peak">${escape(withUnit(peak, 'bytes'))}</td>`
        + `<td class="number" data-label="grown by">${escape(withUnit(bytes, 'bytes'))}</td><td class="number" data-label="reports">${whole(requests)}</td><td class="number" data-label="for each report">${escape(withUnit(bytes / requests, 'bytes'))}</td></tr>`);
    const table = rows.length ? `<h3>For each request</h3><table class="stack"><thead><tr><th scope="col">Scenario</th>${['Peak', 'Grown by', 'Reports', 'For each report'].map((name) => `<th scope="col" class="number">${name}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>
<p class="quiet">The worker's memory from the run's first second to its peak, over the reports that were acknowledged in it: connections, sessions and buffers included.</p>` : '';
    return `<section id="memory" aria-labelledby="memory-h"><h2 id="memory-h">Memory</h2>${measures.length ? '<p>What a connection that waits costs, in the server and in the kernel.</p>' : ''}${measures.map(measure).join('')}${table}</section>`;
}

function machine(run) {
    const { machine: facts } = run;
    if (!facts) return '';
    const { fsync, versions = {} } = facts;
    const rows = [
        ['Processor', `${facts.cpu ?? '?'}, ${facts.cores ?? '?'} cores${facts.governor ? `, governor ${facts.governor}` : ''}`],
        ['Memory', withUnit(facts.memory_bytes, 'bytes')], ['Kernel', `Linux ${facts.kernel ?? '?'}`],
        ['Disk', fsync ? `${whole(fsync.per_second)} safe writes (8 KiB, fdatasync) a second; half within ${withUnit(fsync.p50_ms, 'ms')}, 99 of 100 within ${withUnit(fsync.p99_ms, 'ms')}` : '?'],
        ['Versions', Object.entries(versions).map(([name, version]) => `${name} ${version ?? 'not there'}`).join(', ')],
    ];
    const load = run.scenarios.filter((one) => one.machine).map((one) => `<tr><th scope="row">${escape(one.name)}</th><td class="number" data-label="load before">${escape(figure(one.machine.load_before?.[0]))}</td><td class="number" data-label="load after">${escape(figure(one.machine.load_after?.[0]))}</td>`
        + `<td class="number" data-label="stolen">${escape(percent(one.machine.steal_share ?? 0))}</td><td class="number" data-label="disk wait">${escape(percent(one.machine.iowait_share ?? 0))}</td><td>${escape(one.disturbed.join('; ') || 'quiet')}</td></tr>`);
    return `<section id="machine" aria-labelledby="machine-h"><h2 id="machine-h">The machine</h2><dl>${rows.map(([name, said]) => `<dt>${name}</dt><dd>${escape(said)}</dd>`).join('')}</dl>
${load.length ? `<table class="stack"><thead><tr><th scope="col">Scenario</th><th scope="col" class="number">Load before</th><th scope="col" class="number">Load after</th><th scope="col" class="number">Stolen by the host</th><th scope="col" class="number">Waiting for the disk</th><th scope="col">Disturbed?</th></tr></thead><tbody>${load.join('')}</tbody></table>` : ''}</section>`;
}

const glossary = [
    ['p99', 'The time within which 99 of 100 were answered; the slowest one of a hundred waited longer. p99.9: 999 of 1,000.'],
    ['round', 'One turn of a measurement. Ours and the peer take turns, so that a noisy minute of the machine hurts both.'],
    ['ratio', 'Ours and the peer\'s figure of the same round, one divided by the other. Shown are the middle one of all rounds, and the lowest and the highest.'],
    ['goodput', 'What was really done each second: requests that were answered well, without those that were refused.'],
    ['fan-out', 'One change that must appear on many screens at once.'],
];
const method = `<section id="method" aria-labelledby="method-h"><h2 id="method-h">How it was measured</h2>
<ul><li><strong>People do not wait for the server.</strong> Each request has a time at which it is due, fixed before the run (an open model); its latency counts from then, so a server that stalls can't hide it.</li>
<li><strong>Turns.</strong> Ours, peer, ours, peer: each ratio is made within a round, the median of the rounds counts, and the range shows how much to trust it.</li>
<li><strong>The same work.</strong> The same bytes, encryption, checks and safe commits on both sides; every answer, row and screen is counted.</li>
<li><strong>The generator</strong> must not be the limit: a check of each scenario says how busy it was.</li></ul>
<h3>Five words</h3><dl>${glossary.map(([word, said]) => `<dt>${word}</dt><dd>${said}</dd>`).join('')}</dl></section>`;

/** run: the suite's JSON; old: an earlier one to compare with, or null. */
export function html(run, old = null) {
    const whole = complete(run);
    const when = (run.started ?? '').slice(0, 16).replace('T', ' ');
    const facts = [when && `${when} UTC`, run.seconds ? minutes(run.seconds) : '', run.machine?.versions?.todoke ? `todoke ${run.machine.versions.todoke}` : '',
        run.machine?.cpu ? `${run.machine.cpu}, ${run.machine.cores} cores` : '', run.options?.quick ? 'a quick run: for trying only' : ''].filter(Boolean);
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>todoke: bench report${when ? `, ${when}` : ''}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><link rel="icon" href="data:,"><style>${style}</style></head>
<body><header><h1>todoke under load</h1><p>${facts.map(escape).join(' · ')}</p></header><main>
${summary(whole)}
${old ? comparison(complete(old), whole) : ''}
${whole.scenarios.map(scenario).join('\n')}
${memory(whole)}${machine(whole)}${method}
</main></body></html>
`;
}
