// What is expected of a child, what was seen, and what the two together mean. The same rules as the database's accounted_for.
import { minuteOf } from '../app/days';
import { comesLate } from '../app/draft';
import type { Seen } from '../app/gives/roll';
import type { Absence } from '../app/nouns';

const GRACE_MINUTES = 15;

export type Shown = 'present' | 'late' | 'absent' | 'left_early';

/** What the child will be if nobody taps anything. */
export function expectedOf(report: Absence | undefined, isStanding: boolean): Shown {
  if (report?.kind === 'absent') return 'absent';
  if (report && comesLate(report.kind)) return 'late';
  return !report && isStanding ? 'absent' : 'present';
}

export function shownOf(seen: Seen | undefined, expected: Shown): Shown {
  if (!seen || seen === 'expected') return expected;
  return seen === 'late_and_left_early' ? 'left_early' : seen;
}

/** What is sent for a tap: what is expected anyway takes the mark back. */
export function tapFor(chosen: Shown, expected: Shown): Seen {
  return chosen === expected ? 'expected' : chosen;
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function accountedFor(report: Absence | undefined, isStanding: boolean, now: number): boolean {
  if (report?.kind === 'absent') return true;
  if (report && comesLate(report.kind)) return !report.arrive_at || minuteOf(now) < minutes(report.arrive_at) + GRACE_MINUTES;
  return !report && isStanding;
}

/** Absent, and nobody knows why. */
export function isUnaccounted(seen: Seen | undefined, report: Absence | undefined, isStanding: boolean, now: number): boolean {
  return seen === 'absent' && !accountedFor(report, isStanding, now);
}

/** Seen, though reported absent. */
export function isContradicted(seen: Seen | undefined, report: Absence | undefined): boolean {
  return (seen === 'present' || seen === 'late') && report?.kind === 'absent';
}

