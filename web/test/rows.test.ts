import { describe, expect, it } from 'vitest';
import { backOff, reconcile, replace, type Row, upsert } from '../src/app/rows';

const rows = (...list: Row[]) => new Map(list.map((row) => [row.id, row]));
const row = (id: number, version: number) => ({ id, version });

describe('live rows', () => {
  it('the higher version wins, whatever order frames arrive in', () => {
    const before = rows(row(1, 3));
    expect(upsert(before, [row(1, 2)])).toEqual({ rows: before, added: [], changed: false });
    expect(upsert(before, [row(1, 4)]).rows.get(1)).toEqual(row(1, 4));
  });

  it('a repeated row changes nothing, and keeps the same map', () => {
    const before = rows(row(1, 1));
    expect(upsert(before, [row(1, 1)]).rows).toBe(before);
  });

  it('says which rows are new', () => {
    expect(upsert(rows(row(1, 1)), [row(1, 2), row(2, 1)]).added).toEqual([2]);
  });

  it('every order of the same frames ends in the same state', () => {
    const frames = [row(1, 1), row(1, 2), row(2, 1), row(1, 3), row(2, 2)];
    const orders = [frames, [...frames].reverse(), [frames[3], frames[0], frames[4], frames[1], frames[2]]];
    for (const order of orders) {
      const end = order.reduce((have, one) => upsert(have, [one as Row]).rows, rows() as ReadonlyMap<number, Row>);
      expect([...end.values()].sort((a, b) => a.id - b.id)).toEqual([row(1, 3), row(2, 2)]);
    }
  });

  it('a snapshot removes what is no longer there, but never goes back in version', () => {
    const merged = replace(rows(row(1, 5), row(2, 1)), [row(1, 4), row(3, 1)]);
    expect([...merged.rows.values()]).toEqual([row(1, 5), row(3, 1)]);
    expect(merged.added).toEqual([3]);
  });
});

describe('topics', () => {
  it('tells the server only the difference', () => {
    expect(reconcile(new Set(['a', 'b']), ['b', 'c'])).toEqual({ sub: ['c'], unsub: ['a'] });
    expect(reconcile(new Set(['a']), ['a'])).toEqual({ sub: [], unsub: [] });
  });
});

describe('back-off', () => {
  it('is fast first, grows, and stays under 15 s', () => {
    expect(backOff(0, 0)).toBeLessThanOrEqual(100);
    expect(backOff(0, 1)).toBeLessThanOrEqual(400);
    expect(backOff(3, 0.5)).toBeGreaterThan(backOff(1, 0.5));
    expect(backOff(30, 1)).toBe(15_000);
  });

  it('spreads a city that returns at once', () => {
    expect(new Set([0, 0.2, 0.4, 0.6, 0.8].map((random) => backOff(4, random))).size).toBe(5);
  });
});
