// A day of the register in words and in the one or two signs that a cell has room for.
import type { RegisterMark } from '../app/gives/register';
import type { Mark } from '../app/gives/settings';
import { addDays } from '../app/days';
import { words } from './words';

export type Marks = ReadonlyMap<string, Mark>;

export function signOf(of: RegisterMark | undefined, marks: Marks): string {
  if (!of) return '';
  if (of.mark) return marks.get(of.mark)?.symbol ?? '？';
  return [of.late && marks.get('late')?.symbol, of.leave_early && marks.get('leave_early')?.symbol].filter(Boolean).join('');
}

export function wordOf(of: Pick<RegisterMark, 'mark' | 'late' | 'leave_early'> | undefined, marks: Marks): string {
  const say = words();
  if (of?.mark) return marks.get(of.mark)?.label ?? of.mark;
  if (of?.late && of.leave_early) return say.bothWord;
  if (of?.late) return say.lateWord;
  return of?.leave_early ? say.earlyWord : say.attended;
}

/** The first and the last day of the month that a day is in. */
export function monthOf(day: string): [first: string, last: string] {
  const first = `${day.slice(0, 8)}01`;
  return [first, addDays(monthAfter(first), -1)];
}

export function monthAfter(first: string): string {
  return `${addDays(first, 31).slice(0, 8)}01`;
}

export function monthBefore(first: string): string {
  return `${addDays(first, -1).slice(0, 8)}01`;
}
