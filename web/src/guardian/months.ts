// A child's history by month, newest first, with what it adds up to.
import { comesLate, leavesEarly } from '../app/draft';
import type { Absence } from '../app/nouns';

export interface Month {
  month: string;
  rows: Absence[];
  absent: number;
  late: number;
  early: number;
}

function daysIn(row: Absence): number {
  return Math.round((Date.parse(row.last_day) - Date.parse(row.first_day)) / 86_400_000) + 1;
}

export function byMonth(rows: readonly Absence[]): Month[] {
  const months = new Map<string, Month>();
  const newest = [...rows].sort((a, b) => b.first_day.localeCompare(a.first_day) || b.id - a.id);
  for (const row of newest) {
    const name = row.first_day.slice(0, 7);
    const month = months.get(name) ?? { month: name, rows: [], absent: 0, late: 0, early: 0 };
    month.rows.push(row);
    if (!row.cancelled_at) {
      if (row.kind === 'absent') month.absent += daysIn(row);
      if (comesLate(row.kind)) month.late += 1;
      if (leavesEarly(row.kind)) month.early += 1;
    }
    months.set(name, month);
  }
  return [...months.values()];
}
