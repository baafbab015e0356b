// The storm of scenario chaos: its schedule from a seed, its return times from what visitors met, its view of PostgreSQL and
// of a full server. The storm itself is scripts/bench chaos; no figure of time is asserted here.
import test from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { top, startCluster, startCity } from '../support/city.mjs';

const suite = (path) => import(join(top, 'bench/suite', path));
const { KINDS, dice, QUIET, returned, schedule, silentSockets, SLOW, takesConnections } = await suite('kit/faults.mjs');
const { answerOf } = await suite('kit/visitors.mjs');
const { parseOptions, UsageError } = await suite('options.mjs');
const { overTime } = await suite('report/svg.mjs');

test('chaos: a seed draws the same storm again, another seed another one', () => {
    assert.deepEqual(schedule(7), schedule(7));
    assert.notDeepEqual(schedule(7), schedule(8));
    const roll = dice(1), all = Array.from({ length: 1000 }, roll);
    assert.ok(all.every((one) => one >= 0 && one < 1));
    assert.ok(Math.abs(all.reduce((a, b) => a + b, 0) / 1000 - 0.5) < 0.05);
    assert.equal(parseOptions(['chaos', '--seed', '7']).seed, 7);
    assert.throws(() => parseOptions(['chaos', '--seed', 'x']), UsageError);
});

test('chaos: every storm has each kind, seconds apart, and time to recover at its end', () => {
    const orders = new Set();
    for (let seed = 1; seed <= 200; seed++) {
        for (const storms of [1, 3]) {
            const { seconds, faults } = schedule(seed, storms);
            for (let nth = 0; nth < storms; nth++) {
                const mine = faults.slice(nth * KINDS.length, (nth + 1) * KINDS.length);
                assert.deepEqual(mine.map((fault) => fault.kind).sort(), [...KINDS].sort());
            }
            faults.forEach((fault, nth) => {
                assert.equal(fault.nth, nth + 1);
                assert.ok(fault.at >= 4 && fault.at <= seconds - 8, `${fault.at} of ${seconds} s`);
                assert.ok(nth === 0 || fault.at - faults[nth - 1].at >= 5);
                assert.ok(fault.lasts >= 2 && fault.lasts <= 3 && fault.pick >= 0 && fault.pick < 1);
            });
            orders.add(faults.map((fault) => fault.kind).join());
        }
    }
    assert.ok(orders.size > 390, `${orders.size} orders of 400`);
});

/** A visitor every 20 ms for five seconds; meets(at) -> { takes, ok }. */
const visits = (meets) => Array.from({ length: 250 }, (_, nth) => {
    const at = nth * 20, { takes = 10, ok = true } = meets(at) ?? {};
    return { at, end: at + takes, ok };
});
const between = (from, to, what) => (at) => (at >= from && at < to ? what(at) : null);

test('chaos: the return time is when the last who was not served could have come again, or the last slow answer', () => {
    assert.deepEqual(returned(visits(() => null), { at: 1000 }), { ms: 10, felt: 0, stray: 0 });
    assert.equal(returned(visits(between(1000, 1100, () => ({ takes: SLOW - 1 }))), { at: 1000 }).ms, SLOW - 1);
    // Cut at once until 1,400; the visitor of 1,400 is served at 1,410.
    assert.deepEqual(returned(visits(between(1000, 1400, () => ({ ok: false, takes: 1 }))), { at: 1000 }), { ms: 410, felt: 20, stray: 0 });
    // Everybody waits until 3,000; counted from the thaw at 2,900.
    const frozen = visits(between(1000, 3000, (at) => ({ takes: 3000 - at })));
    assert.equal(returned(frozen, { at: 1000, from: 2900 }).ms, 100);
    assert.equal(returned(frozen, { at: 1000 }).ms, 2000);
    // Never again: no number pretends that it came back.
    assert.equal(returned(visits(between(1000, 9000, () => ({ ok: false }))), { at: 1000 }).ms, Infinity);
    // What the fault before or after it did is not its doing.
    assert.equal(returned(visits(between(1000, 1400, () => ({ ok: false, takes: 1 }))), { at: 2000 }).felt, 0);
    assert.equal(returned(visits(between(3000, 3200, () => ({ ok: false }))), { at: 1000, until: 3000 }).felt, 0);
    // Who had just come when the next fault struck suffers from that one; who came long before it doesn't.
    const two = visits((at) => between(1000, 2200, () => ({ ok: false, takes: 1 }))(at) ?? between(2900, 9000, () => ({ ok: false, takes: 2000 }))(at));
    assert.equal(returned(two, { at: 1000, until: 3000 }).ms, 1210);
    assert.equal(returned(visits(between(1000, 3000, () => ({ ok: false, takes: 5000 }))), { at: 1000, until: 3000 }).ms, Infinity);
    // Trouble after a quiet second is told apart.
    const late = visits((at) => between(1000, 1100, () => ({ ok: false, takes: 1 }))(at) ?? between(1100 + QUIET + 100, 1100 + QUIET + 140, () => ({ takes: 300 }))(at));
    assert.deepEqual(returned(late, { at: 1000 }), { ms: 110, felt: 5, stray: 2 });
});

test('chaos: an answer is read when it is whole', () => {
    const text = 'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 4\r\n\r\nbusyHTTP';
    for (let size = 0; size < text.length - 4; size++) assert.equal(answerOf(text.slice(0, size)), null, `${size} bytes`);
    assert.deepEqual(answerOf(text), { status: 503, told: true, last: true, body: 'busy', rest: 'HTTP' });
    assert.equal(answerOf('HTTP/1.1 503 x\r\ncontent-length: 0\r\n\r\n').told, false);
});

test('chaos: the moments of the faults stand in the charts', () => {
    const svg = overTime({ id: 'x', title: 't', unit: 'per_second', lines: [{ name: 'a', label: '', points: [[0, 1], [10, 2]], marks: [[5, '1'], [99, '2']] }] });
    assert.equal(svg.match(/class="mark-line"/g).length, 1);
    assert.doesNotMatch(overTime({ id: 'x', title: 't', unit: 'ms', lines: [{ name: 'a', label: '', points: [[0, 1]] }] }), /mark-line/);
});

test('chaos: whether PostgreSQL takes connections is seen on its socket', async () => {
    const cluster = await startCluster();
    const url = await cluster.url('super', 'postgres');
    assert.equal(await takesConnections(url), true);
    assert.equal(await takesConnections(url.replace(/dbname=\S+/, 'dbname=nobody_has_it'), 200), true, 'asked before the database is looked for');
    assert.equal(await takesConnections(url.replace(/port=\d+/, 'port=1')), false);
});

test('chaos: silent sockets take every place; when they let go, the next visitor is served', async () => {
    const city = await startCity({ plain: true, args: ['--connections', '40'] });
    const sockets = await silentSockets(city.port, 60);
    assert.equal(sockets.count, 60);
    let answered = false;
    const waiting = city.raw(`GET /livez HTTP/1.1\r\nHost: localhost:${city.port}\r\nConnection: close\r\n\r\n`, { ms: 5000 }).then((answer) => { answered = true; return answer; });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(answered, false, 'every place is taken');
    sockets.close();
    assert.match(await waiting, /^HTTP\/1\.1 200 /);
});
