// Histograms as the generator writes them: { unit, cells: [[top, count], ...], count, min, max, sum }.

export function merge(list) {
    const counts = new Map();
    const whole = { unit: 'ns', cells: [], count: 0, min: Infinity, max: 0, sum: 0 };
    for (const one of list.filter((each) => each?.count)) {
        whole.unit = one.unit ?? whole.unit;
        for (const [top, count] of one.cells) counts.set(top, (counts.get(top) ?? 0) + count);
        whole.count += one.count;
        whole.sum += one.sum;
        whole.min = Math.min(whole.min, one.min);
        whole.max = Math.max(whole.max, one.max);
    }
    if (!whole.count) whole.min = 0;
    whole.cells = [...counts].sort((a, b) => a[0] - b[0]);
    return whole;
}

/** The smallest top that is reached by the part q (0..1) of all values; not more than the largest value. */
export function quantile(histogram, q) {
    if (!histogram?.count) return 0;
    const wanted = Math.max(1, Math.ceil(q * histogram.count));
    let seen = 0;
    for (const [top, count] of histogram.cells) if ((seen += count) >= wanted) return Math.min(top, histogram.max);
    return histogram.max;
}
