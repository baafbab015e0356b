// Children who are away for long: which day that holds for whom.
import { covers } from './days';
import type { Standing } from './nouns';
import type { Rows } from './rows';

/** Those that hold on a day, by child. */
export function awayOn(rows: Rows<Standing>, day: string): Map<number, Standing> {
  const holding = [...rows.values()].filter((row) => !row.ended_at && covers(row, day));
  return new Map(holding.map((row) => [row.student_id, row]));
}
