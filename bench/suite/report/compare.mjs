// Two runs side by side: what changed beyond the ranges, and what is within noise.
import { compareRuns } from '../kit/compare.mjs';
import { mark } from './summary.mjs';
import { count, escape, percent, range, withUnit } from './words.mjs';

const words = { better: 'better', worse: 'worse', same: 'within the noise', alone: 'one round: not judged' };
const signed = (change) => (Number.isFinite(change) ? `${change >= 1 ? '+' : '−'}${percent(Math.abs(change - 1))}` : '–');

function verdict(one) {
    if (one.regression) return mark('failed', 'regression');
    return one.verdict === 'better' ? mark('held', 'better') : one.verdict === 'worse' ? mark('missed', 'worse') : escape(words[one.verdict]);
}
const shown = (one, unit) => `${escape(withUnit(one.median, unit))}<small>${escape(range(one, unit))}</small>`;

function table(changes, caption) {
    return `<table class="stack"><caption>${escape(caption)}</caption><thead><tr><th scope="col">Figure</th><th scope="col" class="number">Before</th><th scope="col" class="number">Now</th><th scope="col" class="number">Change</th><th scope="col">Verdict</th></tr></thead><tbody>${changes.map((one) =>
        `<tr><th scope="row">${escape(`${one.scenario}: ${one.measure}, ${one.what}`)}</th><td class="number" data-label="before">${shown(one.old, one.unit)}</td><td class="number" data-label="now">${shown(one.now, one.unit)}</td>`
        + `<td class="number" data-label="change">${escape(signed(one.change))}</td><td>${verdict(one)}</td></tr>`).join('')}</tbody></table>`;
}

export function comparison(old, now) {
    const changes = compareRuns(old, now);
    const beyond = changes.filter((one) => one.verdict === 'better' || one.verdict === 'worse');
    const within = changes.filter((one) => !beyond.includes(one)), regressions = changes.filter((one) => one.regression).length;
    const lead = !changes.length ? 'The two runs have no figure in common.'
        : `${count(beyond.length, 'figure')} changed beyond the ranges (${regressions ? count(regressions, 'regression') : 'no regression'}), ${whole(within.length)} are within the noise.`;
    const when = (run) => `${(run.started ?? '').slice(0, 16).replace('T', ' ')} UTC${run.machine?.versions?.todoke ? `, todoke ${run.machine.versions.todoke}` : ''}`;
    return `<section id="comparison" aria-labelledby="comparison-h"><h2 id="comparison-h">Against an earlier run</h2><p class="lead">${escape(lead)}</p><p class="quiet">Before: ${escape(when(old))}. Now: ${escape(when(now))}. A change counts when the ranges of the two runs do not touch.</p>
${beyond.length ? table(beyond, 'Changed beyond the ranges') : ''}${within.length ? `<details><summary>Within the noise, or not judged: ${within.length}</summary>${table(within, 'Within the noise')}</details>` : ''}</section>`;
}
const whole = (value) => String(value);
