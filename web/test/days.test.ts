import { describe, expect, it } from 'vitest';
import * as days from '../src/app/days';

describe("a school's days and times", () => {
  it('are written in its habit', () => {
    expect(days.formatDay('2026-11-24')).toBe('11月24日(火)');
    expect(days.formatTime('08:05:00')).toBe('8:05');
    expect(days.formatShortDay('2026-01-03')).toBe('1/3(土)');
    expect(days.formatMonth('2026-04-01')).toBe('2026年4月');
  });

  it('a period names the month again only when it changes', () => {
    expect(days.formatDays('2026-11-24', '2026-11-24')).toBe('11月24日(火)');
    expect(days.formatDays('2026-11-24', '2026-11-26')).toBe('11月24日(火)〜26日(木)');
    expect(days.formatDays('2026-11-30', '2026-12-02')).toBe('11月30日(月)〜12月2日(水)');
  });

  it('5(2)誤-6 go over the ends of months, years and February', () => {
    expect(days.addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(days.addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(days.addDays('2026-03-01', -1)).toBe('2026-02-28');
  });

  it("5(2)誤-4 are Tokyo's, whatever zone the device is in", () => {
    expect(days.dayOf('2026-11-23T23:30:00Z')).toBe('2026-11-24');
    expect(days.timeOf('2026-11-23T23:05:00Z')).toBe('8:05');
    expect(days.minuteOf('2026-11-23T22:49:00Z')).toBe(469);
    expect(days.instantAt('2026-11-24', '08:30:00')).toBe(Date.parse('2026-11-23T23:30:00Z'));
  });

  it('an instant of another day says its day', () => {
    expect(days.formatInstant('2026-11-23T23:05:00Z', '2026-11-24')).toBe('8:05');
    expect(days.formatInstant('2026-11-22T23:05:00Z', '2026-11-24')).toBe('11月23日(月) 8:05');
  });

  it('knows weekends and what a report covers', () => {
    expect(days.isWeekend('2026-11-22')).toBe(true);
    expect(days.isWeekend('2026-11-24')).toBe(false);
    expect(days.covers({ first_day: '2026-11-24', last_day: '2026-11-26' }, '2026-11-25')).toBe(true);
    expect(days.covers({ first_day: '2026-11-24', last_day: '2026-11-26' }, '2026-11-27')).toBe(false);
  });
});
