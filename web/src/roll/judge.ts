// What is expected of a child, what was seen, and what the two together mean. The same rules as the database's accounted_for and overdue.
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

/** What is sent for a tap: what is expected anyway takes the mark back. Who came late and goes early did both. */
export function tapFor(chosen: Shown, expected: Shown, before?: Seen): Seen {
  const shown = before === 'late_and_left_early' ? 'late' : shownOf(before, expected);
  if (chosen === 'left_early' && shown === 'late') return 'late_and_left_early';
  if (chosen === 'late' && before === 'late_and_left_early') return 'late';
  return chosen === expected ? 'expected' : chosen;
}

/** The times that go with a tap. `kept`: when the child came, where that is known already. */
export function timesFor(seen: Seen, time: string, kept?: string | null): { arrived_at?: string; left_at?: string } {
  if (seen === 'late') return { arrived_at: time };
  if (seen === 'left_early') return { left_at: time };
  if (seen !== 'late_and_left_early') return {};
  const came = kept?.slice(0, 5);
  return came && came < time ? { arrived_at: came, left_at: time } : { left_at: time };
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function accountedFor(report: Absence | undefined, isStanding: boolean, now: number): boolean {
  if (report?.kind === 'absent') return true;
  if (report && comesLate(report.kind)) return !report.arrive_at || minuteOf(now) < minutes(report.arrive_at) + GRACE_MINUTES;
  return !report && isStanding;
}

/** Reported late, and nobody has seen it come. */
export function isAwaited(seen: Seen | undefined, report: Absence | undefined): report is Absence {
  return (!seen || seen === 'expected') && report !== undefined && comesLate(report.kind);
}

/** Absent, and nobody knows why; or reported late, and not there although its time is over and the class was called. */
export function isUnaccounted(seen: Seen | undefined, report: Absence | undefined, isStanding: boolean, now: number, called: boolean): boolean {
  if (isAwaited(seen, report)) return called && !accountedFor(report, isStanding, now);
  return seen === 'absent' && !accountedFor(report, isStanding, now);
}

/** Seen, though reported absent. */
export function isContradicted(seen: Seen | undefined, report: Absence | undefined): boolean {
  return (seen === 'present' || seen === 'late') && report?.kind === 'absent';
}


const ASK_AGAIN_MS = 30 * 60_000;

/** Guardians who were asked can be asked once more when they answered, or did not for half an hour. */
export function mayAskAgain(answer: string | null, asked_at: string, now: number): boolean {
  return answer !== null || now - Date.parse(asked_at) >= ASK_AGAIN_MS;
}
