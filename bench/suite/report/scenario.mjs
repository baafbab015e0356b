// One scenario: what was compared, each round, percentile curves, what happened over time, checks, notes.
import { curve } from '../kit/histogram.mjs';
import { aimMark, mark } from './summary.mjs';
import { bar, overTime, percentiles } from './svg.mjs';
import { escape, figure, minutes, percent, range, ratioTarget, ratioWords, state, target, whole, withUnit } from './words.mjs';

const LETTERS = 'ABCDEF', SHORT = 13;
const better = { higher: 'more is better', lower: 'less is better' };
const cells = (tag, values, kind = '') => values.map((value) => `<${tag}${kind}>${value}</${tag}>`).join('');

function rounds(measure) {
    const most = Math.max(...measure.subjects.map((one) => one.rounds?.length ?? 0));
    if (most < 2) return '';
    const head = Array.from({ length: most }, (_, nth) => nth + 1);
    const rows = [
        ...measure.subjects.map((one) => [one.name, one.rounds]),
        ...(measure.ratios ?? []).filter((one) => one.rounds).map((one) => [one.invert ? `${one.to} / ${one.of}` : `${one.of} / ${one.to}`, one.rounds]),
    ];
    return `<details><summary>Each round of: ${escape(measure.name)}</summary><div class="scroll" tabindex="0" role="group" aria-label="Rounds of ${escape(measure.name)}"><table><thead><tr><th scope="col">Round</th>${cells('th', head, ' scope="col" class="number"')}</tr></thead>`
        + `<tbody>${rows.map(([name, values]) => `<tr><th scope="row">${escape(name)}</th>${cells('td', values.map((value) => escape(figure(value))), ' class="number"')}</tr>`).join('')}</tbody></table></div></details>`;
}

function ratioLine(one) {
    const spread = range(one), aim = one.target ? ` Target: ${escape(ratioTarget(one))}. ${aimMark(one.ok)}` : '';
    return `<li><strong>${escape(one.of)}: ${escape(ratioWords(one))}</strong>${spread ? ` <small>(ratio ${escape(figure(one.median))}, rounds ${escape(spread)})</small>` : ''}.${aim}</li>`;
}
function targetLine(one, unit) {
    return `<li><strong>${escape(one.of)}: ${escape(withUnit(one.median, unit))}</strong>${one.words ? ` – ${escape(one.words)}` : ''}. Target: ${escape(target(one.target, unit))}. ${aimMark(one.ok)}</li>`;
}

export function measure(one) {
    const most = Math.max(...one.subjects.flatMap((subject) => [...(subject.rounds ?? []), subject.median ?? 0]).filter(Number.isFinite), 0);
    const bars = one.subjects.map((subject, nth) => `<li class="${/^todoke/.test(subject.name) || one.subjects.length === 1 ? 'own' : 'other'}"><span class="who">${escape(subject.name)}</span>${bar(subject, most, nth)}`
        + `<span class="value">${escape(withUnit(subject.median, one.unit))} <small>${escape(range(subject, one.unit))}</small></span></li>`).join('');
    const lines = [...(one.ratios ?? []).map(ratioLine), ...(one.targets ?? []).map((each) => targetLine(each, one.unit))];
    return `<h3>${escape(one.name)}</h3><p class="quiet">${escape([one.unit === 'us' ? 'µs' : one.unit, better[one.better]].filter(Boolean).join(', '))}. Each dot is a round, the bar ends at the median.</p>`
        + `<ul class="bars">${bars}</ul>${lines.length ? `<ul class="ratios">${lines.join('')}</ul>` : ''}${rounds(one)}`;
}

/** What tells the lines of a chart apart: the subject, the name, or both. */
function labelled(lines) {
    const differ = (key) => new Set(lines.map((line) => line[key])).size === lines.length;
    return lines.map((line, nth) => {
        const words = differ('subject') ? line.subject : differ('name') ? line.name : `${line.subject}: ${line.name}`;
        const full = lines.length === 1 || differ('name') && !differ('subject') && new Set(lines.map((one) => one.subject)).size === 1
            ? line.name : `${line.subject}: ${line.name}`;
        if (lines.length === 1) return { ...line, letter: '', label: '', name: full };
        const letter = LETTERS[nth];
        return { ...line, letter, label: words.length <= SHORT ? `${letter} ${words}` : letter, name: full };
    });
}
const plot = (lines, svg) => `<div class="plot${lines.every((one) => one.label.length < 2) ? ' narrow' : ''}">${svg}</div>`;
function chunks(all, size = LETTERS.length) {
    return Array.from({ length: Math.ceil(all.length / size) }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
}
const letterCell = (line, nth) => `<th scope="row"><span class="letter tone-${nth}">${line.letter}</span> ${escape(line.name)}</th>`;

function latencies(scenario) {
    const usable = scenario.latencies.filter((one) => one.histogram?.count);
    return chunks(usable).map((group, part) => {
        const lines = labelled(group).map((line) => ({
            ...line, points: curve(line.histogram).map(([nines, ns]) => [nines, ns / 1e6]), max: line.histogram.max / 1e6,
            said: `half within ${withUnit(line.figures.p50, 'ms')}, 99 of 100 within ${withUnit(line.figures.p99, 'ms')}, all within ${withUnit(line.figures.max, 'ms')}`,
        }));
        const keys = [['p50', 'half'], ['p90', '90 %'], ['p99', '99 %'], ['p999', '99.9 %'], ['p9999', '99.99 %'], ['max', 'all']];
        const rows = lines.map((line, nth) => `<tr>${letterCell(line, nth)}${keys.map(([key, name]) => `<td class="number" data-label="${name} within">${escape(withUnit(line.figures[key], 'ms'))}</td>`).join('')}<td class="number" data-label="of">${whole(line.figures.count)}</td></tr>`);
        return `<figure><figcaption>How long it took, from the moment when it was due</figcaption>${plot(lines, percentiles({ id: `${scenario.id}-p${part}`, title: `${scenario.title}: percentile curves`, curves: lines }))}
<table class="stack"><thead><tr><th scope="col">Within …</th>${keys.map(([, name]) => `<th scope="col" class="number">${name}</th>`).join('')}<th scope="col" class="number">of</th></tr></thead><tbody>${rows.join('')}</tbody></table></figure>`;
    }).join('');
}

const captions = { cpu_percent: "CPU over time, in percent of one core", memory_bytes: 'Memory over time', per_second: 'How many each second', ms: 'Milliseconds, second by second' };

function timelines(scenario) {
    const units = [...new Set(scenario.timelines.map((one) => one.unit))];
    const figures = units.flatMap((unit) => chunks(scenario.timelines.filter((one) => one.unit === unit && one.points?.length)).map((group, part) => {
        const lines = labelled(group), caption = captions[unit] ?? unit;
        const rows = lines.map((line, nth) => {
            const values = line.points.map((point) => point[1]), mean = values.reduce((a, b) => a + b, 0) / values.length;
            return `<tr>${letterCell(line, nth)}<td class="number">${escape(withUnit(mean, unit))}</td><td class="number">${escape(withUnit(Math.max(...values), unit))}</td></tr>`;
        });
        return `<figure><figcaption>${escape(caption)}</figcaption>${plot(lines, overTime({ id: `${scenario.id}-${unit}-${part}`, title: `${scenario.title}: ${caption}`, unit, lines }))}
<table><thead><tr><th scope="col">Line</th><th scope="col" class="number">mean</th><th scope="col" class="number">most</th></tr></thead><tbody>${rows.join('')}</tbody></table></figure>`;
    }));
    return figures.length ? `<h3>Over time</h3><div class="charts">${figures.join('')}</div>` : '';
}

function circumstances(scenario) {
    const { machine, disturbed: found } = scenario;
    if (!machine) return '';
    const facts = `${minutes(scenario.seconds ?? machine.seconds)}; load ${figure(machine.load_before?.[0])} before, ${figure(machine.load_after?.[0])} after; stolen by the host ${percent(machine.steal_share ?? 0)}; waiting for the disk ${percent(machine.iowait_share ?? 0)}`;
    return (found.length ? `<p class="warning"><strong>Disturbed:</strong> ${escape(found.join('; '))}.</p>` : '') + `<p class="quiet">${escape(facts)}.</p>`;
}

export function scenario(one) {
    const kind = state(one), words = { held: 'held', missed: 'a target missed', failed: 'did not hold' };
    const checks = one.checks.map((check) => `<li>${mark(check.ok ? 'held' : 'failed', check.ok ? 'holds' : 'fails')} ${escape(check.name)}: ${escape(check.said)}</li>`);
    return `<section id="${escape(one.id)}" aria-labelledby="${escape(one.id)}-h"><h2 id="${escape(one.id)}-h">${escape(one.title)} ${mark(kind, words[kind])}</h2>
<p>${escape((one.about ?? '').replace(/\s+/g, ' '))}</p>${circumstances(one)}${one.measures.map(measure).join('')}
${one.latencies.some((each) => each.histogram?.count) ? `<h3>How quickly</h3>${latencies(one)}` : ''}${timelines(one)}
${checks.length ? `<h3>What must hold</h3><ul class="checks">${checks.join('')}</ul>` : ''}
${one.notes.length ? `<h3>Notes</h3><ul>${one.notes.map((note) => `<li>${escape(note)}</li>`).join('')}</ul>` : ''}</section>`;
}
