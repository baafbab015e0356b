// The HTML report of a made-up run (tests/support/bench_report_fixture.mjs): every piece is there, every word comes from the figures.
import test from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { top } from '../support/city.mjs';
import { fixtureRun } from '../support/bench_report_fixture.mjs';

const report = (name) => import(join(top, 'bench/suite/report', name));
const { html, complete } = await report('html.mjs');
const { apart, powers, ticks } = await report('svg.mjs');
const { disturbance, figure, range, ratioTarget, ratioWords, story, withUnit } = await report('words.mjs');

/** What a reader sees: no tags, letters instead of references. */
const text = (page) => page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]+>/g, ' ').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replace(/\s+/g, ' ');

test('bench: the report has each piece of a run', () => {
    const run = fixtureRun(), page = html(run), said = text(page);
    for (const scenario of run.scenarios) {
        assert.ok(said.includes(scenario.title) && said.includes(scenario.about), scenario.name);
        for (const measure of scenario.measures) {
            assert.ok(said.includes(measure.name), measure.name);
            for (const subject of measure.subjects) assert.ok(said.includes(withUnit(subject.median, measure.unit)), `${measure.name}: ${subject.name}`);
        }
        for (const { name } of [...scenario.latencies, ...scenario.timelines, ...scenario.checks]) assert.ok(said.includes(name.replace('->', '→')), name);
        for (const note of scenario.notes) assert.ok(said.includes(note), note);
    }
    for (const word of ['Fixture CPU', '1,234 safe writes', 'p99', 'round', 'ratio', 'goodput', 'fan-out', '99.99', 'For each report']) assert.ok(said.includes(word), word);
    assert.equal((page.match(/class="chart"/g) ?? []).length, 6, 'two of percentiles, four over time');
});

test('bench: the report is one file that fetches nothing and runs nothing; words in a result stay words', () => {
    const page = html(fixtureRun(), fixtureRun());
    assert.doesNotMatch(page, /<script|<link(?! rel="icon" href="data:,")|<img|<iframe|url\(|@import|https?:/i);
    assert.doesNotMatch(page, /NaN|undefined|Infinity|\[object/);
    assert.match(page, /&#60;script&#62;alert/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]);
    assert.equal(new Set(ids).size, ids.length, 'each id once');
    for (const [, named] of page.matchAll(/(?:aria-labelledby|href="#)="?([^"]+)"/g)) for (const id of named.split(' ')) assert.ok(ids.includes(id), id);
});

test('bench: the summary says what was tried and whether it held, from the figures', () => {
    const run = complete(fixtureRun()), [morning, latency, fanout, idle] = run.scenarios;
    const { p50, p99, max } = morning.latencies[0].figures;
    assert.deepEqual(story(morning), ['The worst minute: all 29,000 report within one minute.',
        `Report sent -> acknowledged: half within ${figure(p50)} ms, 99 of 100 within ${figure(p99)} ms, the slowest of 29,000 after ${figure(max)} ms. `
        + 'Nothing was lost or doubled. All 3 checks hold. The target is reached: 160 ms (acknowledgement, p99).']);
    assert.match(story(latency)[1], /Did not hold: every answer counted \(3 of 20000 are missing/);
    assert.match(story(fanout)[1], /reached; missed: 83\.6 % of what the bare kernel could deliver, todoke delivers \(wanted: at least 85 %\)/);
    assert.match(story(idle)[1], /Both targets are reached: 3\.29 times as many as ws over TLS; 56,000 sockets/);
    const lost = structuredClone(morning);
    Object.assign(lost.checks[1], { ok: false, said: 'lost 1, doubled 0, unasked 0' });
    assert.doesNotMatch(story(lost)[1], /Nothing was lost/);
    assert.match(story(lost)[1], /Did not hold: acknowledged = stored exactly once \(lost 1/);
});

test('bench: ratios, units and ranges in words', () => {
    assert.equal(ratioWords({ median: 1.9, words: 'times cheaper than ws' }), '1.9 times cheaper than ws');
    assert.equal(ratioWords({ median: 1.9, words: 'how many times cheaper than ws' }), '1.9 times cheaper than ws');
    assert.equal(ratioWords({ median: 0.5, words: 'times cheaper than ws' }), '2 times dearer than ws');
    assert.equal(ratioWords({ median: 0.85, words: 'of what nginx does' }), '85 % of what nginx does');
    assert.equal(ratioTarget({ words: 'of what nginx does', target: { at: '<=', value: 1.3 } }), 'at most 130 %');
    assert.equal(ratioTarget({ words: 'times as many', target: { at: '>=', value: 1.3 } }), 'at least 1.3');
    assert.deepEqual([withUnit(29000, '/s'), withUnit(3 * 2 ** 20, 'memory_bytes'), withUnit(5400, 'ms'), withUnit(6.4, 'us'), withUnit(null, 'ms')],
        ['29,000/s', '3 MiB', '5.4 s', '6.4 µs', '– ms']);
    assert.equal(range({ median: 2, min: 1, max: 3 }, 'us'), '1–3');
    assert.equal(range({ median: 900, min: 800, max: 2000 }, 'ms'), '800 ms – 2 s');
    assert.equal(range({ median: 1, min: 1, max: 1 }, 'us'), '');
});

test('bench: a disturbed machine is said so in words; load that an earlier scenario left is not a disturbance', () => {
    assert.deepEqual(disturbance({ steal_share: 0.001, load_before: [3] }, 2), []);
    assert.equal(disturbance({ steal_share: 0.08, load_before: [3] }, 2, true).length, 2);
    assert.match(text(html(fixtureRun())), /The machine was disturbed during latency/);
    const quiet = fixtureRun();
    for (const scenario of quiet.scenarios) scenario.machine.steal_share = 0;
    assert.doesNotMatch(text(html(quiet)), /was disturbed/);
});

test('bench: two runs side by side: what changed beyond the ranges, and what is noise', () => {
    const worse = text(html(fixtureRun({ factor: 1.3 }), fixtureRun()));
    assert.match(worse, /4 figures changed beyond the ranges \(3 regressions\)/);
    assert.match(worse, /todoke \/ ws 1\.98 1\.82–2\.13 1\.52 1\.4–1\.64 −23\.1 % regression/);
    assert.match(text(html(fixtureRun(), fixtureRun())), /0 figures changed beyond the ranges \(no regression\)/);
    assert.match(text(html(fixtureRun(), { scenarios: [] })), /no figure in common/);
});

test('bench: a run with missing pieces is shown as far as it goes', () => {
    for (const run of [{}, { scenarios: [{}] }, { scenarios: [{ name: 'broken', checks: [{ name: 'ran to its end', ok: false, said: 'no nginx' }] }] },
        { machine: {}, scenarios: [{ name: 'a', measures: [{ name: 'm', unit: 's', subjects: [{ name: 'todoke', rounds: [1, 2] }] }], latencies: [{ subject: 'x', name: 'y' }], timelines: [{ points: [] }] }] }]) {
        assert.doesNotMatch(html(run), /NaN|undefined|Infinity/);
    }
    assert.match(text(html({ scenarios: [{ name: 'broken', checks: [{ name: 'ran to its end', ok: false, said: 'no nginx' }] }] })), /did not hold .*no nginx/);
});

test('bench: axes begin at zero and end above the most; labels do not lie on each other', () => {
    for (const most of [0.3, 7, 61, 99.9, 1234, 5e8]) {
        const steps = ticks(most);
        assert.ok(steps[0] === 0 && steps.at(-1) >= most && steps.at(-2) < most && steps.length <= 7, `${most}: ${steps}`);
    }
    assert.deepEqual(ticks(0), [0, 1]);
    assert.deepEqual(powers(3, 700), [1, 10, 100, 1000]);
    const labels = apart([{ y: 229 }, { y: 230 }, { y: 100 }, { y: 228 }]);
    for (let nth = 1; nth < labels.length; nth++) assert.ok(labels[nth].y - labels[nth - 1].y >= 15);
    assert.ok(labels.at(-1).y <= 230);
});
