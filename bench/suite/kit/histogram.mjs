// Histograms as the generator writes them: { unit, cells: [[top, count], ...], count, min, max, sum }, sparse, ascending.

/** Exact: the counts of equal tops are added. */
export function merge(list) {
    const counts = new Map();
    const whole = { unit: 'ns', cells: [], count: 0, min: Infinity, max: 0, sum: 0 };
    for (const one of list.filter((each) => each?.count)) {
        if (whole.count && (one.unit ?? whole.unit) !== whole.unit) throw new Error(`histograms in ${whole.unit} and in ${one.unit}`);
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
    // The small step back: 0.999 * 1000 must not become rank 1,000 (hist_quantile of the generator does the same).
    const wanted = Math.max(1, Math.ceil(q * histogram.count - 1e-6));
    let seen = 0;
    for (const [top, count] of histogram.cells) if ((seen += count) >= wanted) return Math.min(top, histogram.max);
    return histogram.max;
}

export const mean = (histogram) => (histogram?.count ? histogram.sum / histogram.count : 0);

/** Where the part q lies on an axis that gives each further nine the same room: 90 % -> 1, 99 % -> 2, 99.99 % -> 4. */
export const nines = (q) => -Math.log10(1 - q);

/** Points [nines, value] of the percentile curve: `steps` for each nine, up to `most` nines, but only as far as there are
 * values: a hundred have no 99.9 %. */
export function curve(histogram, { most = 4, steps = 12 } = {}) {
    if (!histogram?.count) return [];
    const end = Math.min(most, Math.log10(histogram.count));
    const points = [];
    for (let nth = 0; nth / steps < end; nth++) points.push([nth / steps, quantile(histogram, 1 - 10 ** (-nth / steps))]);
    points.push([end, quantile(histogram, 1 - 10 ** -end)]);
    return points;
}
