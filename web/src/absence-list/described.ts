// The filters in words, for paper.
import { formatDays } from '../app/days';
import { t } from '../app/i18n';
import type { Reason, SchoolClass } from '../app/nouns';
import { className } from '../staff/roster';
import type { Asked } from './ask';
import { words } from './words';

export function described(asked: Asked, q: string, classes: readonly SchoolClass[], reasons: readonly Reason[]): string {
  const w = words();
  const of = classes.find((one) => one.id === asked.class_id);
  return [
    formatDays(asked.from, asked.to),
    asked.grade && w.gradeOf(asked.grade),
    of && className(of),
    asked.kind && w.kinds[asked.kind],
    reasons.find((one) => one.id === asked.reason_id)?.label,
    asked.state && w.states[asked.state],
    asked.via && w.vias[asked.via],
    asked.away && t().state[asked.away],
    q.trim() && `「${q.trim()}」`,
  ]
    .filter(Boolean)
    .join('　');
}
