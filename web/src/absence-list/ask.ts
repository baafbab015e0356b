// What is asked for: days, ids and kinds stand in the address, what is typed doesn't.
import { addDays, schoolYear, weekday } from '../app/days';
import type { Takes } from '../app/api-types';

export const KINDS = ['absent', 'late', 'leave_early', 'late_and_leave_early', 'attend'] as const;
export const STATES = ['unacknowledged', 'acknowledged', 'cancelled'] as const;
export const VIAS = ['guardian', 'school'] as const;
export const AWAYS = ['suspended', 'standing'] as const;
export const SORTS = ['class', 'arrival', 'day'] as const;
export const SPANS = ['day', 'week', 'month', 'year'] as const;
export const DAYS_MAX = 366;

export type Body = Takes['POST /api/schools/{school_id}/absences/list'];
export type Span = (typeof SPANS)[number];

export interface Asked {
  from: string;
  to: string;
  grade?: number;
  class_id?: number;
  kind?: (typeof KINDS)[number];
  reason_id?: number;
  state?: (typeof STATES)[number];
  via?: (typeof VIAS)[number];
  away?: (typeof AWAYS)[number];
  sort: (typeof SORTS)[number];
}

const isDay = (text: string | null): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

function among<T extends string>(values: readonly T[], text: string | null): T | undefined {
  return values.find((one) => one === text);
}

export function askedFrom(query: URLSearchParams, today: string): Asked {
  const day = (name: string) => {
    const text = query.get(name);
    return isDay(text) ? text : undefined;
  };
  const from = day('from') ?? day('to') ?? today;
  return {
    from,
    to: day('to') ?? from,
    grade: Number(query.get('grade')) || undefined,
    class_id: Number(query.get('class')) || undefined,
    kind: among(KINDS, query.get('kind')),
    reason_id: Number(query.get('reason')) || undefined,
    state: among(STATES, query.get('state')),
    via: among(VIAS, query.get('via')),
    away: among(AWAYS, query.get('away')),
    sort: among(SORTS, query.get('sort')) ?? 'class',
  };
}

export function bodyOf(asked: Asked, q: string): Body {
  const body = { ...asked, ...(q.trim() ? { q: q.trim() } : {}) };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as unknown as Body;
}

export function isPeriod({ from, to }: Pick<Asked, 'from' | 'to'>): boolean {
  return to >= from && addDays(from, DAYS_MAX - 1) >= to;
}

export function isNarrowed(asked: Asked, q: string): boolean {
  return Boolean(asked.grade ?? asked.class_id ?? asked.kind ?? asked.reason_id ?? asked.state ?? asked.via ?? asked.away) || q.trim() !== '';
}

/** The days that a word stands for: a week begins on Monday, a school year in April. */
export function daysOf(span: Span, today: string): { from: string; to: string } {
  if (span === 'day') return { from: today, to: today };
  if (span === 'week') {
    const monday = addDays(today, -'月火水木金土日'.indexOf(weekday(today)));
    return { from: monday, to: addDays(monday, 6) };
  }
  if (span === 'year') return { from: `${schoolYear(today)}-04-01`, to: `${schoolYear(today) + 1}-03-31` };
  const month = today.slice(0, 7);
  const next = addDays(`${month}-28`, 4).slice(0, 7);
  return { from: `${month}-01`, to: addDays(`${next}-01`, -1) };
}
