// Why a report was not taken; the school's own words where it has some.
import { explainCode } from '../app/explain';
import type { Report } from '../app/queue';
import { untilText } from './shut';

export function explainRefusal({ code, status, members }: NonNullable<Report['problem']>): string {
  const said = explainCode(code, status);
  if (code !== 'outside_hours') return said;
  const own = typeof members.message === 'string' ? members.message : said;
  return typeof members.until === 'string' ? `${own} ${untilText(members.until)}` : own;
}
