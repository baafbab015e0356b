// A child's reports as the guardian's screens need them.
import { covers } from '../app/days';
import type { Absence } from '../app/nouns';
import type { Rows } from '../app/rows';

export function standing(rows: Rows<Absence>): Absence[] {
  return [...rows.values()].filter((row) => !row.cancelled_at);
}

export function reportOn(rows: Rows<Absence>, day: string): Absence | undefined {
  return standing(rows).find((row) => covers(row, day));
}

export function comingAfter(rows: Rows<Absence>, day: string): Absence[] {
  return standing(rows)
    .filter((row) => row.first_day > day)
    .sort((a, b) => a.first_day.localeCompare(b.first_day));
}

export function overlapping(rows: Rows<Absence>, first: string, last: string): Absence | undefined {
  return standing(rows).find((row) => row.first_day <= last && first <= row.last_day);
}
