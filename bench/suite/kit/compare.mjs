// Two runs of the suite, figure by figure. Pure.

const name = (...words) => words.join('\u0000');

function figures(run) {
    const all = new Map();
    for (const scenario of run.scenarios) {
        for (const measure of scenario.measures) {
            for (const subject of measure.subjects) {
                all.set(name(scenario.name, measure.name, subject.name), { scenario: scenario.name, measure: measure.name, what: subject.name,
                    kind: 'figure', alone: !measure.ratios?.length, unit: measure.unit, better: measure.better, ...pick(subject) });
            }
            for (const ratio of measure.ratios ?? []) {
                // A ratio with a target wants what the target says; one without is better as its figure is (of / to).
                const better = ratio.target ? (ratio.target.at === '>=' ? 'higher' : 'lower') : ratio.invert ? opposite(measure.better) : measure.better;
                all.set(name(scenario.name, measure.name, ratio.of, ratio.to), { scenario: scenario.name, measure: measure.name,
                    what: `${ratio.of} / ${ratio.to}`, kind: 'ratio', unit: '', better, ...pick(ratio) });
            }
        }
    }
    return all;
}
const opposite = (better) => (better === 'higher' ? 'lower' : 'higher');
const pick = ({ median, min, max, rounds }) => ({ median, min, max, count: rounds?.length ?? 0 });

/** better, worse: the ranges of the two runs don't touch; same: they do; alone: one run has a single round, so no range. */
export function judge(old, now) {
    if (old.count < 2 || now.count < 2) return 'alone';
    if (now.min > old.max) return now.better === 'higher' ? 'better' : 'worse';
    if (now.max < old.min) return now.better === 'lower' ? 'better' : 'worse';
    return 'same';
}

/** -> [{ scenario, measure, what, kind, unit, old, now, change, verdict, regression }] of what both runs have.
 * A regression is what got worse: a ratio, or a figure of a measure that has no ratios. A figure beside a ratio moves
 * with the machine, and a peer's is not ours. */
export function compareRuns(old, now) {
    const before = figures(old);
    return [...figures(now)].filter(([key]) => before.has(key)).map(([key, figure]) => {
        const was = before.get(key);
        const { scenario, measure, what, kind, unit } = figure;
        const verdict = judge(was, figure);
        const regression = verdict === 'worse' && (kind === 'ratio' || figure.alone);
        return { scenario, measure, what, kind, unit, old: was, now: figure, change: figure.median / was.median, verdict, regression };
    });
}
