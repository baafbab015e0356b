// A report as it is being filled in, by a guardian or at the office's phone: pure, so that its rules can be tested.
import { addDays } from './days';
import type { Absence, AbsenceInput, Kind, PickUp, Reason, Symptom } from './nouns';

export interface Draft {
  kind: Kind;
  /** One day, or from one to another. Days and not "tomorrow": a form may be open at midnight. */
  when: 'day' | 'range';
  first: string;
  last: string;
  /** HH:MM, UNKNOWN, or empty: not said yet. */
  arrive: string;
  leave: string;
  /** By label: siblings' schools may number the same reason differently. */
  reason: string;
  note: string;
  symptoms: Symptom[];
  /** Empty: as usual. */
  pickUp: PickUp | '';
  pickUpNote: string;
}

/** In the order of the screen. */
export type Missing = 'who' | 'days' | 'noSchool' | 'past' | 'long' | 'far' | 'reason' | 'arrive' | 'leave' | 'order' | 'pickUp' | 'note' | 'noteLong';

/** A time that nobody can tell yet, where the reason allows that. */
export const UNKNOWN = 'unknown';
export const SYMPTOMS: readonly Symptom[] = ['fever', 'headache', 'respiratory', 'diarrhea', 'nausea', 'rash', 'flu_like', 'other'];
export const PICK_UPS: readonly PickUp[] = ['alone', 'guardian', 'other_person'];

const LONGEST_DAYS = 31;
const FARTHEST_DAYS = 60;
export const NOTE_MAX = 500;
export const PICK_UP_NOTE_MAX = 100;

export function newDraft(day: string): Draft {
  return {
    kind: 'absent',
    when: 'day',
    first: day,
    last: day,
    arrive: '',
    leave: '',
    reason: '',
    note: '',
    symptoms: [],
    pickUp: '',
    pickUpNote: '',
  };
}

export function draftOf(row: Absence, today: string): Draft {
  const isNear = row.first_day === today || row.first_day === addDays(today, 1);
  const when = row.first_day === row.last_day && isNear ? 'day' : 'range';
  return {
    kind: row.kind,
    when,
    first: row.first_day,
    last: row.last_day,
    arrive: row.arrive_at?.slice(0, 5) ?? (comesLate(row.kind) ? UNKNOWN : ''),
    leave: row.leave_at?.slice(0, 5) ?? (leavesEarly(row.kind) ? UNKNOWN : ''),
    reason: row.reason ?? '',
    note: row.note ?? '',
    symptoms: row.symptoms ?? [],
    pickUp: row.pick_up ?? '',
    pickUpNote: row.pick_up_note ?? '',
  };
}

export function comesLate(kind: Kind): boolean {
  return kind === 'late' || kind === 'late_and_leave_early';
}

export function leavesEarly(kind: Kind): boolean {
  return kind === 'leave_early' || kind === 'late_and_leave_early';
}

export function daysOf(draft: Draft): [first: string, last: string] {
  return [draft.first, draft.when === 'day' ? draft.first : draft.last];
}

/** How far back the school may enter what it was told. */
export const SCHOOL_PAST_DAYS = 31;

/** What may be reported: of a child that is away for long, only the days on which it comes. `own`: what a report says already. */
export function kindsFor(away: boolean, own?: Kind): Kind[] {
  const first: Kind = away ? 'attend' : 'absent';
  const kinds: Kind[] = [first, 'late', 'leave_early'];
  return own && own !== 'late_and_leave_early' && !kinds.includes(own) ? [own, ...kinds] : kinds;
}

/** The draft as it is meant where its kind is none of these (any more). */
export function fitted(draft: Draft, kinds: readonly Kind[]): Draft {
  const fits = draft.kind === 'late_and_leave_early' || kinds.includes(draft.kind);
  return fits ? draft : { ...draft, kind: kinds[0] ?? draft.kind };
}

/** At the telephone nobody is asked twice: a time that is left empty is not known, where the reason allows that. */
export function openTimes(draft: Draft, reason: Reason | undefined): Draft {
  if (reason?.asks_times !== false) return draft;
  return { ...draft, arrive: draft.arrive || UNKNOWN, leave: draft.leave || UNKNOWN };
}

const isTime = (time: string) => time !== '' && time !== UNKNOWN;

function missingTimes(draft: Draft, reason: Reason | undefined): Missing[] {
  const lacks = (time: string) => !isTime(time) && !(time === UNKNOWN && reason?.asks_times === false);
  const { kind, arrive, leave } = draft;
  const missing: Missing[] = [];
  if (comesLate(kind) && lacks(arrive)) missing.push('arrive');
  if (leavesEarly(kind) && lacks(leave)) missing.push('leave');
  if (kind === 'late_and_leave_early' && isTime(arrive) && isTime(leave) && leave <= arrive) missing.push('order');
  return missing;
}

/**
 * What still stands in the way, in the order of the screen. `earliest`: the first day that may be reported. `away`: the school
 * knows why, as the child is away for long.
 */
export function missingIn(draft: Draft, today: string, reason: Reason | undefined, earliest = today, away = false): Missing[] {
  const missing: Missing[] = [];
  const [first, last] = daysOf(draft);
  if (!first || !last || last < first) missing.push('days');
  else if (first < earliest) missing.push('past');
  else if (last > addDays(today, FARTHEST_DAYS)) missing.push('far');
  else if (last > addDays(first, LONGEST_DAYS - 1)) missing.push('long');
  if (!reason && !away && draft.kind !== 'attend') missing.push('reason');
  missing.push(...missingTimes(draft, reason));
  if (leavesEarly(draft.kind) && draft.pickUp === 'other_person' && !draft.pickUpNote.trim()) missing.push('pickUp');
  if (reason?.needs_note && draft.kind !== 'attend' && !draft.note.trim()) missing.push('note');
  if (draft.note.length > NOTE_MAX) missing.push('noteLong');
  return missing;
}

/** What goes to the server: only what this kind and this reason need. */
export function inputOf(draft: Draft, chosen: Reason | undefined): AbsenceInput {
  const [first_day, last_day] = daysOf(draft);
  const note = draft.note.trim();
  const who = draft.pickUpNote.trim();
  const reason = draft.kind === 'attend' ? undefined : chosen;
  const symptoms = reason?.asks_symptoms ? SYMPTOMS.filter((one) => draft.symptoms.includes(one)) : [];
  return {
    first_day,
    last_day,
    kind: draft.kind,
    ...(comesLate(draft.kind) && isTime(draft.arrive) && { arrive_at: draft.arrive }),
    ...(leavesEarly(draft.kind) && isTime(draft.leave) && { leave_at: draft.leave }),
    ...(reason && { reason_id: reason.id }),
    ...(note && { note }),
    ...(leavesEarly(draft.kind) && draft.pickUp && { pick_up: draft.pickUp, ...(who && { pick_up_note: who }) }),
    ...(symptoms.length > 0 && { symptoms }),
  };
}

/** Those reasons of one school that fit the kind. */
export function reasonsFor(reasons: Reason[], kind: Kind): Reason[] {
  const wanted = kind === 'late_and_leave_early' ? ['late', 'leave_early', kind] : [kind];
  return reasons.filter((reason) => reason.kinds.length === 0 || reason.kinds.some((k) => wanted.includes(k)));
}
