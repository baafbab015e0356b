// Which days are days of school, from the entries: the same rules as the server's (schema/functions/36_calendar.sql).
import { addDays, isWeekend, schoolYear } from '../app/days';
import type { CalendarEntry, SchoolKind } from '../app/gives/settings';

export interface DayState {
  school: boolean;
  /** The grades of the school don't have the same. */
  mixed?: boolean;
  label: string;
}

export const GRADES: Record<SchoolKind, number> = { elementary: 6, junior_high: 3, special_needs: 9 };

function rank(entry: CalendarEntry): number {
  if (entry.kind === 'national') return -1;
  return (entry.school_id ? 4 : 0) + (entry.grades ? 2 : 0) + (entry.school_kind ? 1 : 0);
}

/** Of two that say something about a day, the more specific one, then the later made. */
function stronger(a: CalendarEntry, b: CalendarEntry): CalendarEntry {
  if (rank(a) !== rank(b)) return rank(a) > rank(b) ? a : b;
  return (a.id ?? 0) > (b.id ?? 0) ? a : b;
}

/** kind undefined: only what is for all kinds of school. */
export function stateOf(entries: CalendarEntry[], day: string, grade: number, kind?: SchoolKind): DayState {
  const said = entries
    .filter((one) => one.first_day <= day && day <= one.last_day)
    .filter((one) => (!one.school_kind || one.school_kind === kind) && (!one.grades || one.grades.includes(grade)));
  const [first, ...others] = said;
  if (!first) return { school: !isWeekend(day), label: '' };
  const wins = others.reduce(stronger, first);
  return { school: wins.kind === 'school_day', label: wins.label };
}

export function stateOfSchool(entries: CalendarEntry[], day: string, grades: number, kind?: SchoolKind): DayState {
  const all = Array.from({ length: grades }, (_, i) => stateOf(entries, day, i + 1, kind));
  const open = all.filter((one) => one.school);
  const label = all.find((one) => one.label)?.label ?? '';
  return { school: open.length > 0, mixed: open.length > 0 && open.length < grades, label };
}

/** The days of a school year, by month: April first. */
export function monthsOf(year: number): string[][] {
  const months: string[][] = [];
  for (let day = `${year}-04-01`; schoolYear(day) === year; day = addDays(day, 1)) {
    if (day.endsWith('-01')) months.push([]);
    months.at(-1)?.push(day);
  }
  return months;
}
