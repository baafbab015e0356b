import { describe, expect, it } from 'vitest';
import type { CalendarEntry } from '../src/app/gives/settings';
import { monthsOf, stateOf, stateOfSchool } from '../src/settings/school-days';
import { type RuleDraft, ruleSentence } from '../src/settings/sentence';

const rule = (change: Partial<RuleDraft>): RuleDraft => ({
  days: 'weekdays', weekdays: [1, 2, 3, 4, 5], first_day: null, last_day: null, from_time: '08:30:00', to_time: '15:00', kinds: ['absent'],
  about: 'same_day', message: 'x', ...change,
});

let serial = 0;
const entry = (change: Partial<CalendarEntry>): CalendarEntry => ({
  id: ++serial, school_id: null, school_kind: null, grades: null, first_day: '2026-12-05', last_day: '2026-12-05', kind: 'school_day', label: 'x', version: 1, ...change,
});

describe('a rule in a sentence', () => {
  it.each([
    [{}, '平日の8:30から15:00まで、当日の欠席の連絡は受け付けません。'],
    [{ weekdays: [7, 6], about: 'any' as const, kinds: ['absent', 'late', 'leave_early', 'late_and_leave_early'] as RuleDraft['kinds'] }, '土日の8:30から15:00まで、連絡は受け付けません。'],
    [{ days: 'every' as const, from_time: '20:00', to_time: '06:00', about: 'any' as const }, '毎日の20:00から翌日の6:00まで、欠席の連絡は受け付けません。'],
    [{ days: 'days_off' as const, from_time: '00:00', to_time: '00:00', kinds: ['absent', 'late'] as RuleDraft['kinds'] }, '休業日の一日じゅう、当日の欠席・遅刻の連絡は受け付けません。'],
    [{ weekdays: [3, 1] }, '月・水曜日の8:30から15:00まで、当日の欠席の連絡は受け付けません。'],
    [{ days: 'dates' as const, first_day: '2026-12-28', last_day: '2027-01-04' }, '12月28日(月)〜1月4日(月)の8:30から15:00まで、当日の欠席の連絡は受け付けません。'],
  ])('%j', (change, sentence) => expect(ruleSentence(rule(change))).toBe(sentence));
});

describe('days of school', () => {
  it('the more specific entry wins, then the later made; a national holiday last', () => {
    const holiday = entry({ id: null, kind: 'national', first_day: '2026-11-23', last_day: '2026-11-23' });
    expect(stateOf([holiday], '2026-11-23', 1).school).toBe(false);
    expect(stateOf([holiday, entry({ first_day: '2026-11-23', last_day: '2026-11-23' })], '2026-11-23', 1).school).toBe(true);
    const saturday = entry({ school_id: 3, grades: [6] });
    expect([1, 6].map((grade) => stateOf([saturday], '2026-12-05', grade, 'elementary').school)).toEqual([false, true]);
    expect(stateOfSchool([saturday], '2026-12-05', 6, 'elementary')).toMatchObject({ school: true, mixed: true });
    expect(stateOf([entry({}), entry({ kind: 'closed' })], '2026-12-05', 1).school).toBe(false);
    expect(stateOf([entry({ school_kind: 'junior_high' })], '2026-12-05', 1, 'elementary').school).toBe(false);
  });

  it('a school year is April to March, leap day included', () => {
    const months = monthsOf(2027);
    expect(months.map((days) => days.length)).toEqual([30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29, 31]);
    expect(months.flat().at(-1)).toBe('2028-03-31');
  });
});
