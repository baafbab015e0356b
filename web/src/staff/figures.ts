// What a set of reports adds up to on one day.
import { covers } from '../app/days';
import { comesLate, leavesEarly } from '../app/draft';
import type { Absence } from '../app/nouns';
import type { Rows } from '../app/rows';

export interface Figures {
  /** Reported absent, and not suspended. */
  absent: number;
  /** Kept away by an illness, reported or not. */
  suspended: number;
  /** Away for long, without a report. */
  standing: number;
  late: number;
  early: number;
  open: number;
}

/** What the class and the office see besides: what guardians ask for. */
export interface StaffFigures extends Figures {
  requests: number;
}

/** Those that count on a day: not cancelled, newest first. */
export function onDay(rows: Rows<Absence>, day: string): Absence[] {
  return [...rows.values()]
    .filter((row) => !row.cancelled_at && covers(row, day))
    .sort((a, b) => b.reported_at.localeCompare(a.reported_at) || b.id - a.id);
}

/** Children whom something keeps away besides a report, by child. */
export interface Kept {
  suspended: ReadonlyMap<number, unknown>;
  away: ReadonlyMap<number, unknown>;
}

export function staffFiguresOf(rows: readonly Absence[], kept: Kept, requests: readonly unknown[]): StaffFigures {
  return { ...figuresOf(rows, kept), requests: requests.length };
}

/** Each child once: suspended unless a report says that it comes, else as reported, else away for long. The database's kept_today. */
export function figuresOf(rows: readonly Absence[], { suspended, away }: Kept): Figures {
  const reported = new Map(rows.map((row) => [row.student_id, row.kind]));
  const stays = [...suspended.keys()].filter((student) => (reported.get(student) ?? 'absent') === 'absent').length;
  const standing = [...away.keys()].filter((student) => !suspended.has(student) && !reported.has(student)).length;
  const figures: Figures = { absent: 0, suspended: stays, standing, late: 0, early: 0, open: 0 };
  for (const row of rows) {
    if (row.kind === 'absent' && !suspended.has(row.student_id)) figures.absent += 1;
    if (comesLate(row.kind)) figures.late += 1;
    if (leavesEarly(row.kind)) figures.early += 1;
    if (!row.acknowledged_at) figures.open += 1;
  }
  return figures;
}
