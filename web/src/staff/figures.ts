// What a set of reports adds up to on one day.
import { covers } from '../app/days';
import { comesLate, leavesEarly } from '../app/draft';
import type { Absence } from '../app/nouns';
import type { Rows } from '../app/rows';

export interface Figures {
  absent: number;
  late: number;
  early: number;
  open: number;
}

/** What the class and the office see besides: children away for long without a report, and what guardians ask for. */
export interface StaffFigures extends Figures {
  standing: number;
  requests: number;
}

/** Those that count on a day: not cancelled, newest first. */
export function onDay(rows: Rows<Absence>, day: string): Absence[] {
  return [...rows.values()]
    .filter((row) => !row.cancelled_at && covers(row, day))
    .sort((a, b) => b.reported_at.localeCompare(a.reported_at) || b.id - a.id);
}

export function staffFiguresOf(rows: readonly Absence[], away: ReadonlyMap<number, unknown>, requests: readonly unknown[]): StaffFigures {
  const reported = new Set(rows.map((row) => row.student_id));
  const standing = [...away.keys()].filter((student) => !reported.has(student)).length;
  return { ...figuresOf(rows), standing, requests: requests.length };
}

export function figuresOf(rows: readonly Absence[]): Figures {
  const figures: Figures = { absent: 0, late: 0, early: 0, open: 0 };
  for (const row of rows) {
    if (row.kind === 'absent') figures.absent += 1;
    if (comesLate(row.kind)) figures.late += 1;
    if (leavesEarly(row.kind)) figures.early += 1;
    if (!row.acknowledged_at) figures.open += 1;
  }
  return figures;
}
