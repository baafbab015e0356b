import { describe, expect, it } from 'vitest';
import type { Absence } from '../src/app/nouns';
import { accountedFor, expectedOf, isAwaited, isContradicted, isUnaccounted, shownOf, tapFor, timesFor } from '../src/roll/judge';
import { type Call, type Fate, RollQueue, type Tap, type Waiting } from '../src/roll/queue';

const report = (kind: string, arrive_at: string | null = null) => ({ kind, arrive_at }) as Absence;
const at = (time: string) => Date.parse(`2026-11-25T${time}:00+09:00`);

describe('what is expected of a child', () => {
  it('follows from its report, and from a standing absence when there is none', () => {
    expect(expectedOf(undefined, false)).toBe('present');
    expect(expectedOf(undefined, true)).toBe('absent');
    expect(expectedOf(report('attend'), true)).toBe('present');
    expect(expectedOf(report('late'), true)).toBe('late');
    expect(expectedOf(report('absent'), false)).toBe('absent');
    expect(expectedOf(report('leave_early'), false)).toBe('present');
  });

  it('is shown unless something else was seen; tapping it takes the mark back', () => {
    expect(shownOf(undefined, 'late')).toBe('late');
    expect(shownOf('expected', 'absent')).toBe('absent');
    expect(shownOf('present', 'absent')).toBe('present');
    expect(tapFor('absent', 'absent')).toBe('expected');
    expect(tapFor('present', 'absent')).toBe('present');
  });

  it('5(2)朝-3 who came late and goes early did both, and keeps the time of coming', () => {
    expect(tapFor('left_early', 'present', 'late')).toBe('late_and_left_early');
    expect(tapFor('left_early', 'late', undefined)).toBe('late_and_left_early');
    expect(tapFor('left_early', 'present', 'late_and_left_early')).toBe('late_and_left_early');
    expect(tapFor('left_early', 'late', 'present')).toBe('left_early');
    expect(tapFor('late', 'late', 'late_and_left_early')).toBe('late');
    expect(timesFor('late_and_left_early', '13:20', '09:40:00')).toEqual({ arrived_at: '09:40', left_at: '13:20' });
    expect(timesFor('late_and_left_early', '09:40', '09:40:00')).toEqual({ left_at: '09:40' });
    expect(timesFor('absent', '09:40', '09:40:00')).toEqual({});
  });
});

describe('who is unaccounted for', () => {
  it('is absent without a reason that anybody gave', () => {
    expect(isUnaccounted('absent', undefined, false, at('08:40'), true)).toBe(true);
    expect(isUnaccounted(undefined, undefined, false, at('08:40'), true)).toBe(false);
    expect(isUnaccounted('absent', undefined, true, at('08:40'), true)).toBe(false);
    expect(isUnaccounted('absent', report('attend'), true, at('08:40'), true)).toBe(true);
    expect(isUnaccounted('absent', report('absent'), false, at('08:40'), true)).toBe(false);
    expect(isUnaccounted('absent', report('leave_early'), false, at('08:40'), true)).toBe(true);
  });

  it('a late child has until its time, and a quarter of an hour', () => {
    expect(accountedFor(report('late', '10:00:00'), false, at('10:14'))).toBe(true);
    expect(accountedFor(report('late', '10:00:00'), false, at('10:15'))).toBe(false);
    expect(accountedFor(report('late'), false, at('15:00'))).toBe(true);
  });

  it('5(2)朝-5 is not there although it was to come late by now, and its class was called', () => {
    const late = report('late', '10:00:00');
    expect(isUnaccounted(undefined, late, false, at('10:15'), true)).toBe(true);
    expect(isUnaccounted('expected', late, false, at('10:15'), true)).toBe(true);
    expect(isUnaccounted(undefined, late, false, at('10:15'), false)).toBe(false);
    expect(isUnaccounted(undefined, late, false, at('10:14'), true)).toBe(false);
    expect(isUnaccounted('late', late, false, at('10:15'), true)).toBe(false);
    expect(isUnaccounted(undefined, report('late'), false, at('15:00'), true)).toBe(false);
    expect(isAwaited('expected', late)).toBe(true);
    expect(isAwaited('absent', late)).toBe(false);
  });

  it('and seen though reported absent is a contradiction', () => {
    expect(isContradicted('present', report('absent'))).toBe(true);
    expect(isContradicted('late', report('absent'))).toBe(true);
    expect(isContradicted(undefined, report('absent'))).toBe(false);
    expect(isContradicted('present', undefined)).toBe(false);
  });
});

describe('taps on their way', () => {
  const tap = (student_id: number, state: Tap['state'], seen_at: number): Tap => ({ class_id: 1, student_id, day: '2026-11-25', state, seen_at });

  function scene(fates: Fate[], left?: Waiting) {
    const sent: (Tap | Call)[] = [];
    const troubles: Fate[] = [];
    let stored = left;
    const send = async (what: Tap | Call) => {
      sent.push(what);
      return fates.shift() ?? 'gone';
    };
    const queue = new RollQueue(7, {
      load: () => stored,
      save: (now) => (stored = structuredClone(now)),
      sendTap: send,
      sendCall: send,
      onChange: () => undefined,
      onTrouble: (_, fate) => troubles.push(fate),
    });
    return { queue, sent, troubles, stored: () => stored };
  }

  it('5(2)朝-3 wait for the network, the later one of a child takes the place of the earlier, and the class is done last', async () => {
    const { queue, sent, stored } = scene(['later', 'later', 'later', 'later']);
    await queue.tap(tap(1, 'absent', 10));
    await queue.tap(tap(2, 'late', 11));
    await queue.tap(tap(1, 'present', 12));
    await queue.call({ class_id: 1, day: '2026-11-25', done: true });
    expect(stored()?.taps.map((one) => one.seen_at)).toEqual([11, 12]);
    sent.length = 0;
    await queue.flush();
    expect(sent.map((one) => ('seen_at' in one ? one.seen_at : 'done'))).toEqual([11, 12, 'done']);
    expect(stored()).toEqual({ account_id: 7, taps: [], calls: [] });
  });

  it('what another device overtook, or the server refuses, is told and not sent again', async () => {
    const { queue, troubles, stored } = scene(['overtaken', 'lost']);
    await queue.tap(tap(1, 'absent', 10));
    await queue.tap(tap(2, 'absent', 10));
    expect(troubles).toEqual(['overtaken', 'lost']);
    expect(stored()?.taps).toEqual([]);
  });

  it('what somebody else left on the device is not sent in one’s own name; one’s own is', async () => {
    const theirs = scene([], { account_id: 8, taps: [tap(1, 'absent', 10)], calls: [] });
    await theirs.queue.flush();
    expect(theirs.sent).toEqual([]);
    const own = scene([], { account_id: 7, taps: [tap(1, 'absent', 10)], calls: [] });
    await own.queue.flush();
    expect(own.sent.length).toBe(1);
  });
});
