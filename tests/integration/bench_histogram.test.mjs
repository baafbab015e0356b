// Histograms of the suite against the same answers computed from the raw values.
import test from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { top } from '../support/city.mjs';

const { merge, quantile, mean, curve, nines } = await import(join(top, 'bench/suite/kit/histogram.mjs'));

/** A small generator of numbers, so that a failure can be seen again. */
function numbers(seed) {
    let state = seed >>> 0;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}
const random = numbers(20261124);
/** Latencies from 1 us to some seconds, with a long tail. */
const latencies = (count) => Array.from({ length: count }, () => Math.floor(1000 * Math.exp(15 * random() ** 3)));

/** The highest value that shares a value's cell: exact up to 2,047, then 1,024 cells for each power of two. */
function cellTop(value) {
    let width = 1;
    while (value / width >= 2048) width *= 2;
    return (Math.floor(value / width) + 1) * width - 1;
}
function histogramOf(values) {
    const counts = new Map();
    for (const value of values) counts.set(cellTop(value), (counts.get(cellTop(value)) ?? 0) + 1);
    return {
        unit: 'ns', cells: [...counts].sort((a, b) => a[0] - b[0]), count: values.length,
        min: values.length ? Math.min(...values) : 0, max: values.length ? Math.max(...values) : 0, sum: values.reduce((a, b) => a + b, 0),
    };
}
/** The smallest value that at least the part per10000 / 10,000 of the values does not exceed, in whole numbers. */
function quantileOf(values, per10000) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(1, Number((BigInt(per10000) * BigInt(sorted.length) + 9999n) / 10000n)) - 1];
}

test('bench: a quantile of a histogram is the cell of the quantile of the raw values', () => {
    for (const count of [1, 2, 3, 10, 999, 1000, 1001, 29000]) {
        const values = latencies(count), histogram = histogramOf(values);
        for (const per10000 of [0, 1, 2500, 5000, 9000, 9900, 9990, 9999, 10000]) {
            const exact = quantileOf(values, per10000), said = quantile(histogram, per10000 / 10000);
            assert.equal(said, Math.min(cellTop(exact), Math.max(...values)), `${per10000} of ${count}`);
            assert.ok(said >= exact && said <= exact * 1.001, `${said} for ${exact}`);
        }
        assert.equal(quantile(histogram, 1), Math.max(...values));
        assert.equal(mean(histogram), values.reduce((a, b) => a + b, 0) / count);
    }
});

test('bench: the histograms of parts merge to the histogram of all values, in any order', () => {
    const parts = [0, 1, 700, 5000, 13].map(latencies);
    const whole = histogramOf(parts.flat()), histograms = parts.map(histogramOf);
    assert.deepEqual(merge(histograms), whole);
    assert.deepEqual(merge([...histograms].reverse()), whole);
    assert.deepEqual(merge([merge(histograms.slice(0, 2)), undefined, merge(histograms.slice(2))]), whole);
    assert.equal(histograms[2].cells.reduce((sum, [, count]) => sum + count, 0), 700, 'the parts stay as they are');
});

test('bench: nothing merges to nothing, and other units are refused', () => {
    assert.deepEqual(merge([]), { unit: 'ns', cells: [], count: 0, min: 0, max: 0, sum: 0 });
    assert.equal(quantile(merge([]), 0.99), 0);
    assert.equal(mean(merge([])), 0);
    assert.deepEqual(curve(merge([])), []);
    assert.throws(() => merge([histogramOf([1]), { ...histogramOf([1]), unit: 'us' }]), /us/);
});

test('bench: a percentile curve rises, and goes only as far as there are values', () => {
    assert.deepEqual([0.9, 0.99, 0.9999].map((q) => Number(nines(q).toFixed(9))), [1, 2, 4]);
    const values = latencies(29000), points = curve(histogramOf(values));
    assert.deepEqual(points[0], [0, cellTop(Math.min(...values))]);
    assert.deepEqual(points.at(-1), [4, Math.min(cellTop(quantileOf(values, 9999)), Math.max(...values))]);
    for (let nth = 1; nth < points.length; nth++) assert.ok(points[nth][0] > points[nth - 1][0] && points[nth][1] >= points[nth - 1][1]);
    const few = latencies(100);
    assert.equal(curve(histogramOf(few)).at(-1)[0], 2);
    assert.equal(curve(histogramOf(few)).at(-1)[1], cellTop(quantileOf(few, 9900)));
    assert.deepEqual(curve(histogramOf([5])), [[0, 5]]);
});
