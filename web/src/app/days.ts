// Days and times as a school writes them: 8:05, 11月24日(火). A day is the text YYYY-MM-DD and always a day of
// Asia/Tokyo (UTC+9, no summer time), whatever zone the device is in.

const WEEKDAYS = '日月火水木金土';
const TOKYO_MS = 9 * 3600_000;

function toUtc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day: string, n: number): string {
  const date = toUtc(day);
  date.setUTCDate(date.getUTCDate() + n);
  return date.toISOString().slice(0, 10);
}

export function weekday(day: string): string {
  return WEEKDAYS[toUtc(day).getUTCDay()] ?? '';
}

export function isWeekend(day: string): boolean {
  return '土日'.includes(weekday(day));
}

/** 11月24日(火) */
export function formatDay(day: string): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日(${weekday(day)})`;
}

/** 11/24(火), where room is short. */
export function formatShortDay(day: string): string {
  return `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}(${weekday(day)})`;
}

/** One day, or 11月24日(火)〜26日(木), naming the month again only when it changes. */
export function formatDays(first: string, last: string): string {
  if (first === last) return formatDay(first);
  const end = formatDay(last);
  return `${formatDay(first)}〜${first.slice(0, 7) === last.slice(0, 7) ? end.slice(end.indexOf('月') + 1) : end}`;
}

/** April begins a school year. */
export function schoolYear(day: string): number {
  return Number(day.slice(0, 4)) - (day.slice(5, 7) < '04' ? 1 : 0);
}

/** 2026年11月 */
export function formatMonth(day: string): string {
  return `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月`;
}

/** 08:05 or 08:05:00 -> 8:05 */
export function formatTime(time: string): string {
  return `${Number(time.slice(0, 2))}:${time.slice(3, 5)}`;
}

function tokyo(instant: string | number): string {
  return new Date(new Date(instant).getTime() + TOKYO_MS).toISOString();
}

export function dayOf(instant: string | number): string {
  return tokyo(instant).slice(0, 10);
}

export function timeOf(instant: string | number): string {
  return formatTime(tokyo(instant).slice(11, 16));
}

/** Minutes since midnight in Tokyo. */
export function minuteOf(instant: string | number): number {
  const text = tokyo(instant);
  return Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
}

/** 8:05 on the same day, else with its day. */
export function formatInstant(instant: string, today: string): string {
  const day = dayOf(instant);
  return day === today ? timeOf(instant) : `${formatDay(day)} ${timeOf(instant)}`;
}

/** The instant of a school's wall-clock time on a day. */
export function instantAt(day: string, time: string): number {
  return Date.parse(`${day}T${time.slice(0, 5)}:00+09:00`);
}

export function covers(row: { first_day: string; last_day: string }, day: string): boolean {
  return row.first_day <= day && day <= row.last_day;
}
