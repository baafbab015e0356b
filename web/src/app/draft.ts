// A report as it is being filled in, by a guardian or at the office's phone: pure, so that its rules can be tested.
import { addDays } from './days';
import type { Absence, AbsenceInput, Kind, Reason } from './nouns';

export interface Draft {
  kind: Kind;
  when: 'today' | 'tomorrow' | 'range';
  first: string;
  last: string;
  arrive: string;
  leave: string;
  /** By label: siblings' schools may number the same reason differently. */
  reason: string;
  note: string;
}

export type Missing = 'who' | 'days' | 'noSchool' | 'past' | 'long' | 'far' | 'arrive' | 'leave' | 'order' | 'reason' | 'note' | 'noteLong';

const LONGEST_DAYS = 31;
const FARTHEST_DAYS = 60;
export const NOTE_MAX = 500;

export function newDraft(today: string, when: Draft['when'] = 'today'): Draft {
  return { kind: 'absent', when, first: today, last: today, arrive: '', leave: '', reason: '', note: '' };
}

export function draftOf(row: Absence, today: string): Draft {
  const oneDay = row.first_day === row.last_day;
  const when = !oneDay ? 'range' : row.first_day === today ? 'today' : row.first_day === addDays(today, 1) ? 'tomorrow' : 'range';
  return {
    kind: row.kind,
    when,
    first: row.first_day,
    last: row.last_day,
    arrive: row.arrive_at?.slice(0, 5) ?? '',
    leave: row.leave_at?.slice(0, 5) ?? '',
    reason: row.reason ?? '',
    note: row.note ?? '',
  };
}

export function comesLate(kind: Kind): boolean {
  return kind === 'late' || kind === 'late_and_leave_early';
}

export function leavesEarly(kind: Kind): boolean {
  return kind === 'leave_early' || kind === 'late_and_leave_early';
}

export function daysOf(draft: Draft, today: string): [first: string, last: string] {
  if (draft.when === 'range') return [draft.first, draft.last];
  const day = draft.when === 'today' ? today : addDays(today, 1);
  return [day, day];
}

/** How far back the school may enter what it was told. */
export const SCHOOL_PAST_DAYS = 31;

/** What still stands in the way, in the order of the screen. `earliest`: the first day that may be reported. */
export function missingIn(draft: Draft, today: string, reason: Reason | undefined, earliest = today): Missing[] {
  const missing: Missing[] = [];
  const [first, last] = daysOf(draft, today);
  if (!first || !last || last < first) missing.push('days');
  else if (first < earliest) missing.push('past');
  else if (last > addDays(today, FARTHEST_DAYS)) missing.push('far');
  else if (last > addDays(first, LONGEST_DAYS - 1)) missing.push('long');
  if (comesLate(draft.kind) && !draft.arrive) missing.push('arrive');
  if (leavesEarly(draft.kind) && !draft.leave) missing.push('leave');
  if (draft.kind === 'late_and_leave_early' && draft.arrive && draft.leave && draft.leave <= draft.arrive) missing.push('order');
  if (!reason) missing.push('reason');
  else if (reason.needs_note && !draft.note.trim()) missing.push('note');
  if (draft.note.length > NOTE_MAX) missing.push('noteLong');
  return missing;
}

/** What goes to the server: only what this kind needs. */
export function inputOf(draft: Draft, today: string, reason: Reason | undefined): AbsenceInput {
  const [first_day, last_day] = daysOf(draft, today);
  const note = draft.note.trim();
  return {
    first_day,
    last_day,
    kind: draft.kind,
    ...(comesLate(draft.kind) && { arrive_at: draft.arrive }),
    ...(leavesEarly(draft.kind) && { leave_at: draft.leave }),
    ...(reason && { reason_id: reason.id }),
    ...(note && { note }),
  };
}

/** Those reasons of one school that fit the kind. */
export function reasonsFor(reasons: Reason[], kind: Kind): Reason[] {
  const wanted = kind === 'late_and_leave_early' ? ['late', 'leave_early', kind] : [kind];
  return reasons.filter((reason) => reason.kinds.length === 0 || reason.kinds.some((k) => wanted.includes(k)));
}
