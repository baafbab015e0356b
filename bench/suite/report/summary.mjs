// The first page: what was tried and whether it held, then every target.
import { count, escape, figure, judgements, list, range, ratioWords, state, story, target, withUnit } from './words.mjs';

const shapes = {
    held: '<path d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm-1.2 12L3 8.2l1.4-1.4 2.3 2.3 4.9-5L13 5.5Z"/>',
    missed: '<path d="M8 0 16 15H0ZM7 5v5h2V5Zm0 6v2h2v-2Z" fill-rule="evenodd"/>',
    failed: '<path d="M0 0h16v16H0Zm4.4 3L3 4.4 6.6 8 3 11.6 4.4 13 8 9.4l3.6 3.6 1.4-1.4L9.4 8 13 4.4 11.6 3 8 6.6Z" fill-rule="evenodd"/>',
};

/** A shape and a word: nobody needs the colour. */
export const mark = (kind, word) => `<span class="mark ${kind}"><svg viewBox="0 0 16 16" aria-hidden="true">${shapes[kind]}</svg>${escape(word)}</span>`;
const words = { held: 'held', missed: 'held, a target missed', failed: 'did not hold' };
export const aimMark = (ok) => (ok === null || ok === undefined ? '' : ok ? mark('held', 'reached') : mark('missed', 'missed'));

function lead(run) {
    const aims = run.scenarios.flatMap(judgements).filter((one) => one.target);
    const checks = run.scenarios.flatMap((one) => one.checks);
    const reached = aims.filter((one) => one.ok).length, held = checks.filter((one) => one.ok).length;
    return [
        checks.length ? (held === checks.length ? `All ${count(held, 'check')} hold` : `${held} of ${count(checks.length, 'check')} hold`) : '',
        aims.length ? (reached === aims.length ? `${aims.length === 1 ? 'the target is' : `all ${aims.length} targets are`} reached` : `${reached} of ${count(aims.length, 'target')} ${reached === 1 ? 'is' : 'are'} reached`) : '',
    ].filter(Boolean).join(', ') || 'Nothing was judged';
}

function stories(run) {
    return `<ul class="stories">${run.scenarios.map((scenario) => {
        const [tried, held] = story(scenario), kind = state(scenario);
        return `<li><p><strong><a href="#${escape(scenario.id)}">${escape(tried)}</a></strong> ${mark(kind, words[kind])}</p><p>${escape(held)}</p></li>`;
    }).join('')}</ul>`;
}

function aimRow(scenario, one) {
    const { measure } = one, subject = (name) => measure.subjects.find((each) => each.name === name);
    const shown = (name) => {
        const found = subject(name);
        return found ? `<small>${escape(name)}</small><span class="keep">${escape(withUnit(found.median, measure.unit))}</span><small>${escape(range(found, measure.unit))}</small>` : '';
    };
    const ratio = one.kind === 'ratio' ? `${escape(figure(one.median))}<small>${escape(range(one))}</small>` : '';
    const said = one.kind === 'ratio' ? ratioWords(one) : one.words ?? '';
    return `<tr><td data-label="Row">${escape(scenario.row ?? '')}</td><th scope="row">${escape(measure.name)}</th><td data-label="Ours">${shown(one.of)}</td>`
        + `<td data-label="Peer">${one.to ? shown(one.to) : ''}</td><td class="number" data-label="Ratio">${ratio}</td>`
        + `<td data-label="Target">${escape(one.kind === 'ratio' ? target(one.target) : target(one.target, measure.unit))}<small>${escape(said)}</small></td><td>${aimMark(one.ok)}</td></tr>`;
}

function table(run) {
    const order = (scenario) => scenario.row ?? Infinity;
    const rows = [...run.scenarios].sort((a, b) => order(a) - order(b) || 0)
        .flatMap((scenario) => judgements(scenario).filter((one) => one.target).map((one) => aimRow(scenario, one)));
    if (!rows.length) return '';
    return `<h3>Every target</h3><table class="stack targets"><thead><tr>${['Row', 'What is measured', 'Ours', 'Peer', 'Ratio', 'Target', 'Reached?']
        .map((name) => `<th scope="col"${name === 'Ratio' ? ' class="number"' : ''}>${name}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>
<p class="quiet">Median of the rounds, below it the lowest and the highest round. A ratio is made of two figures of the same round; the row is that of the table of targets.</p>`;
}

/** In words, on top: a reader must not take a disturbed run for a quiet one. */
export function warning(run) {
    const disturbed = run.scenarios.filter((one) => one.disturbed.length);
    if (!disturbed.length) return '';
    const names = list(disturbed.map((one) => one.name));
    return `<p class="warning"><strong>The machine was disturbed</strong> during ${escape(names)}; figures in milliseconds and per second are then partly the machine's. Ratios suffer less: both sides of a round were disturbed.</p>`;
}

export function summary(run) {
    return `<div class="summary" id="summary"><h2>In short</h2><p class="lead">${escape(lead(run))}.</p>${warning(run)}${stories(run)}${table(run)}</div>`;
}
