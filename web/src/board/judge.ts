// Which schools are unusual today: a pure rule, the same for every school, so that a mark can be explained.
import type { DayFigure, SchoolGauge } from '../app/nouns';

export type Judgement = 'usual' | 'raised' | 'high';

export interface Usual {
  /** The rate of each of the last days, oldest first, in percent. */
  rates: number[];
  mean: number;
}

/** Of those who are not there: a wave of influenza is no fall, so who is suspended counts too, as in the reports of former days. */
export function rateOf(gauge: Pick<SchoolGauge, 'absent' | 'students'> & { suspended?: number }): number {
  return gauge.students > 0 ? (100 * (gauge.absent + (gauge.suspended ?? 0))) / gauge.students : 0;
}

export function usualOf(days: readonly DayFigure[]): Map<number, Usual> {
  const bySchool = new Map<number, Usual>();
  for (const day of [...days].sort((a, b) => a.day.localeCompare(b.day))) {
    const usual = bySchool.get(day.school_id) ?? { rates: [], mean: 0 };
    usual.rates.push(rateOf(day));
    usual.mean = usual.rates.reduce((sum, rate) => sum + rate, 0) / usual.rates.length;
    bySchool.set(day.school_id, usual);
  }
  return bySchool;
}

/** A rise of one or two children is never a mark, however small the school. */
const FEWEST = 5;

export function judge(gauge: SchoolGauge, usual: Usual | undefined): Judgement {
  const rate = rateOf(gauge);
  if (gauge.absent + gauge.suspended < FEWEST) return 'usual';
  const mean = usual?.mean ?? 0;
  if (rate >= 10 || (mean > 0 && rate >= 5 && rate >= 2.5 * mean)) return 'high';
  if (rate >= 5 && (mean === 0 || rate >= 1.5 * mean)) return 'raised';
  return 'usual';
}

/** A number against what is usual: the server says from where it is unusual, so that every screen and file says the same. */
export function judgeCount(n: number, usual: { raised_from: number | null; high_from: number | null } | undefined): Judgement {
  if (!usual || usual.raised_from === null || usual.high_from === null || n < usual.raised_from) return 'usual';
  return n < usual.high_from ? 'raised' : 'high';
}
