// Charts as inline SVG that is as wide as its place: positions across are percentages, so letters keep their size on a
// phone. Curves lie in an inner SVG that is stretched; its strokes are not.
import { escape, figure, readable, withUnit } from './words.mjs';

const HEIGHT = 230, LABEL = 15;
const at = (value, digits = 2) => Number(value.toFixed(digits));

/** Round numbers from zero to a little more than `most`. */
export function ticks(most, wanted = 4) {
    if (!(most > 0)) return [0, 1];
    const raw = most / wanted, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= raw * 0.999) * power;
    return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, nth) => Number((nth * step).toPrecision(12)));
}
/** Powers of ten around what is there. */
export function powers(least, most) {
    const from = Math.floor(Math.log10(least)), to = Math.max(from + 1, Math.ceil(Math.log10(most) - 1e-9));
    return Array.from({ length: to - from + 1 }, (_, nth) => 10 ** (from + nth));
}

const tone = (nth) => `tone-${nth % 6}`;

/** One subject of a measure: a bar to the median, each round a dot on it, so that noise is visible. */
export function bar(subject, most, nth) {
    const x = (value) => at((100 * Math.max(0, value)) / (most || 1));
    const dots = (subject.rounds ?? []).map((value) => `<circle cx="${x(value)}%" cy="14" r="4"/>`).join('');
    return `<svg class="bar ${tone(nth)}" height="28" width="100%" aria-hidden="true" focusable="false">`
        + `<rect class="back" x="0" y="4" width="${x(subject.median)}%" height="20" rx="2"/>${dots}`
        + `<line class="median" x1="${x(subject.median)}%" x2="${x(subject.median)}%" y1="1" y2="27"/></svg>`;
}

/** Labels at the lines' ends are moved apart until none lies on another. */
export function apart(labels, gap = LABEL, low = 6, high = HEIGHT) {
    const sorted = [...labels].sort((a, b) => a.y - b.y);
    let last = low - gap;
    for (const one of sorted) last = one.y = Math.max(one.y, last + gap);
    let limit = high;
    for (const one of [...sorted].reverse()) {
        one.y = Math.min(one.y, limit);
        limit = one.y - gap;
    }
    return sorted;
}

function frame({ title, desc, id, rows, columns, lines, labels, marks: struck = [], under }) {
    const grid = rows.map(({ y, text }) => `<line class="grid" x1="0" x2="100%" y1="${at(y)}" y2="${at(y)}"/><text class="axis" x="-8" y="${at(y + 4)}" text-anchor="end">${escape(text)}</text>`);
    const marks = columns.map(({ x, text, anchor = 'middle' }) => `<line class="tick" x1="${at(x)}%" x2="${at(x)}%" y1="${HEIGHT}" y2="${HEIGHT + 5}"/><text class="axis" x="${at(x)}%" y="${HEIGHT + 19}" text-anchor="${anchor}">${escape(text)}</text>`);
    const strikes = struck.map(({ x, text }) => `<line class="mark-line" x1="${at(x)}%" x2="${at(x)}%" y1="0" y2="${HEIGHT}"/><text class="axis" x="${at(x)}%" y="-6" text-anchor="middle">${escape(text)}</text>`);
    const ends = apart(labels).map(({ y, text, nth }) => `<text class="end ${tone(nth)}" x="100%" dx="8" y="${at(y + 4)}">${escape(text)}</text>`);
    return `<svg class="chart" role="img" aria-labelledby="${id}-t ${id}-d" height="${HEIGHT + 44}" width="100%">`
        + `<title id="${id}-t">${escape(title)}</title><desc id="${id}-d">${escape(desc)}</desc>${grid.join('')}${marks.join('')}${strikes.join('')}`
        + `<svg x="0" y="0" width="100%" height="${HEIGHT}" viewBox="0 0 100 ${HEIGHT}" preserveAspectRatio="none" class="lines">${lines.join('')}</svg>`
        + `${ends.join('')}<text class="axis under" x="50%" y="${HEIGHT + 38}" text-anchor="middle">${escape(under)}</text></svg>`;
}
const path = (points, nth) => `<polyline class="line ${tone(nth)}" points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}"/>`;

/** Percentile curves: across a further nine takes the same room, upward the time, in powers of ten.
 * curves: [{ label, points: [[nines, ms], …], max }]; the largest value is the last step, behind 99.99 %. */
export function percentiles({ id, title, curves }) {
    const values = curves.flatMap((one) => [...one.points.map((point) => point[1]), one.max]).filter((value) => value > 0);
    if (!values.length) return '';
    const scale = powers(Math.max(Math.min(...values), Math.max(...values) / 1e5), Math.max(...values));
    const low = Math.log10(scale[0]), high = Math.log10(scale.at(-1));
    const y = (ms) => HEIGHT - (HEIGHT * (Math.log10(Math.max(ms, scale[0])) - low)) / (high - low);
    const x = (nines) => 20 * nines;
    const lines = curves.map((one, nth) => path([...one.points.map(([nines, ms]) => [x(nines), y(ms)]), [92, y(one.max)], [100, y(one.max)]], nth));
    const labels = curves.map((one, nth) => ({ y: y(one.max), text: one.label, nth }));
    return frame({
        id, title, lines, labels, under: 'so many percent took no longer',
        desc: curves.map((one) => `${one.name}: ${one.said}`).join('. '),
        rows: scale.map((ms) => ({ y: y(ms), text: withUnit(ms, 'ms') })),
        columns: [['0', 0], ['90', 20], ['99', 40], ['99.9', 60], ['99.99', 80], ['all', 100]].map(([text, of]) => ({ x: of, text })),
    });
}

/** What happened over time. lines: [{ name, label, points: [[second, value], …], marks? }], one unit for all; from zero.
 * marks: [[second, text], …], the moments that the notes speak of. */
export function overTime({ id, title, unit, lines: given }) {
    const points = given.flatMap((one) => one.points);
    if (!points.length) return '';
    const first = Math.min(0, ...points.map((point) => point[0])), last = Math.max(1, ...points.map((point) => point[0]));
    const [, name] = readable(Math.max(...points.map((point) => point[1])), unit);
    const factor = readable(Math.max(...points.map((point) => point[1])), unit)[0] / Math.max(...points.map((point) => point[1])) || 1;
    const scale = ticks(Math.max(...points.map((point) => point[1] * factor)));
    const y = (value) => HEIGHT - (HEIGHT * value * factor) / scale.at(-1);
    const x = (second) => (100 * (second - first)) / (last - first);
    const seconds = ticks(last, 5).filter((second) => second <= last);
    const marks = (given[0].marks ?? []).filter(([second]) => second >= first && second <= last).map(([second, text]) => ({ x: x(second), text }));
    return frame({
        id, title, marks, under: 'seconds',
        lines: given.map((one, nth) => path(one.points.map(([second, value]) => [x(second), y(value)]), nth)),
        labels: given.map((one, nth) => ({ y: y(one.points.at(-1)?.[1] ?? 0), text: one.label, nth })),
        desc: given.map((one) => `${one.name}: at most ${withUnit(Math.max(...one.points.map((point) => point[1])), unit)}`).join('. '),
        rows: scale.map((value, nth) => ({ y: y(value / factor), text: figure(value) + (nth === scale.length - 1 && name ? ` ${name}` : '') })),
        columns: seconds.map((second) => ({ x: x(second), text: figure(second) })),
    });
}
