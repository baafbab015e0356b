// A rule in one sentence, as a vice-principal would say it.
import { formatDays, formatTime } from '../app/days';
import type { IntakeRule } from '../app/gives/settings';
import { words } from './words';

export type RuleDraft = Pick<IntakeRule, 'days' | 'weekdays' | 'first_day' | 'last_day' | 'from_time' | 'to_time' | 'kinds' | 'about' | 'message'>;

function daysText({ days, weekdays, first_day, last_day }: RuleDraft): string {
  const text = words().hours;
  if (days === 'dates') return first_day ? formatDays(first_day, last_day || first_day) : text.day.dates;
  if (days !== 'weekdays') return text.day[days];
  const chosen = [...(weekdays ?? [])].sort((a, b) => a - b);
  if (chosen.join() === '1,2,3,4,5') return text.weekdaysAll;
  if (chosen.join() === '6,7') return text.weekendAll;
  return text.weekdaysOf(chosen.map((day) => text.weekday[day - 1] ?? '').join('・'));
}

function spanText({ from_time, to_time }: RuleDraft): string {
  const text = words().hours;
  const [from, to] = [from_time.slice(0, 5), to_time.slice(0, 5)];
  if (from === to && from === '00:00') return text.wholeDay;
  return text.span(formatTime(from), to <= from ? text.nextDay(formatTime(to)) : formatTime(to));
}

function whatText({ kinds, about }: RuleDraft): string {
  const text = words().hours;
  const names = kinds.length === Object.keys(words().kind).length ? '' : kinds.map((kind) => words().kind[kind]).join('・');
  const what = names ? text.report(names) : text.anyReport;
  return about === 'same_day' ? text.sameDay(what) : what;
}

/** 平日の8:30から15:00まで、当日の欠席の連絡は受け付けません。 */
export function ruleSentence(rule: RuleDraft): string {
  const text = words().hours;
  return text.sentence(text.of(daysText(rule), spanText(rule)), whatText(rule));
}
