// Medians, ratios of rounds, targets. Pure.

export function median(values) {
    if (!values.length) return NaN;
    const sorted = [...values].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });

export function reached(target, value) {
    if (!Number.isFinite(value)) return false;
    return target.at === '>=' ? value >= target.value : value <= target.value;
}

/** a / b of each round; invert: b / a ("how many times better", where less is better). */
export function ratios(a, b, invert = false) {
    const count = Math.min(a.length, b.length);
    return Array.from({ length: count }, (_, i) => (invert ? b[i] / a[i] : a[i] / b[i]));
}

/** A measure as a scenario gives it -> with median and range of its subjects, ratios, targets. */
export function assess(measure) {
    const subjects = measure.subjects.map((subject) => ({ ...subject, ...spread(subject.rounds) }));
    const rounds = (name) => {
        const found = subjects.find((subject) => subject.name === name);
        if (!found) throw new Error(`measure "${measure.name}" has no subject "${name}"`);
        return found.rounds;
    };
    const judge = (one, values) => {
        const { median: middle, min, max } = spread(values);
        return { ...one, rounds: values, median: middle, min, max, ok: one.target ? reached(one.target, middle) : null };
    };
    return {
        ...measure,
        subjects,
        ratios: (measure.ratios ?? []).map((one) => judge(one, ratios(rounds(one.of), rounds(one.to), one.invert))),
        targets: (measure.targets ?? []).map((one) => judge(one, rounds(one.of))),
    };
}

/** What did not hold in a scenario's result, in words. */
export function missed(result) {
    const aims = (result.measures ?? []).flatMap((measure) => [
        ...measure.ratios.filter((one) => one.ok === false).map((one) =>
            `${measure.name}: ${one.of} / ${one.to} ${round(one.median)}, target ${one.target.at} ${one.target.value}`),
        ...measure.targets.filter((one) => one.ok === false).map((one) =>
            `${measure.name}: ${one.of} ${round(one.median)} ${measure.unit}, target ${one.target.at} ${one.target.value}`),
    ]);
    const checks = (result.checks ?? []).filter((check) => !check.ok).map((check) => `${check.name}: ${check.said}`);
    return [...checks, ...aims];
}
const round = (value) => Number(value.toPrecision(3));
