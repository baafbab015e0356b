// What a report says, fact by fact in fixed places, so that two of them can be laid beside each other.
import { comesLate, leavesEarly } from './draft';
import { formatDays } from './days';
import { t } from './i18n';
import type { Content } from './nouns';

/** A report, or one on its way, which leaves out what it doesn't say. */
export type Said = Pick<Content, 'first_day' | 'kind'> & { [fact in keyof Content]?: Content[fact] | undefined };
export type FactName = 'kind' | 'day' | 'time' | 'reason' | 'symptoms' | 'pickUp' | 'note';

export function timesText(row: Said): string {
  const words = t().times;
  const arrive = comesLate(row.kind) && (row.arrive_at ? words.arrive(row.arrive_at) : words.arriveUnknown);
  const leave = leavesEarly(row.kind) && (row.leave_at ? words.leave(row.leave_at) : words.leaveUnknown);
  return [arrive, leave].filter(Boolean).join('　');
}

export function symptomsText(row: Said): string {
  return (row.symptoms ?? []).map((one) => t().symptom[one]).join('、');
}

export function pickUpText(row: Said): string {
  if (!row.pick_up) return '';
  return t().pickUp[row.pick_up] + (row.pick_up_note ? `（${row.pick_up_note}）` : '');
}

/** All facts, in the order of the screens; empty where nothing is said. */
export function factsOf(row: Said): [name: FactName, text: string][] {
  return [
    ['kind', t().kind[row.kind]],
    ['day', formatDays(row.first_day, row.last_day ?? row.first_day)],
    ['time', timesText(row)],
    ['reason', row.reason ?? ''],
    ['symptoms', symptomsText(row)],
    ['pickUp', pickUpText(row)],
    ['note', row.note ?? ''],
  ];
}

export interface Change {
  name: FactName;
  before: string;
  after: string;
}

export function changesOf(before: Said, after: Said): Change[] {
  const now = new Map(factsOf(before));
  return factsOf(after)
    .map(([name, text]) => ({ name, before: now.get(name) ?? '', after: text }))
    .filter((change) => change.before !== change.after);
}
