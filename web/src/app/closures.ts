// Which closure (学級閉鎖 and the like) holds for a class on a day.
import { covers } from './days';
import type { Closure } from './gives/register';
import type { SchoolClass } from './nouns';

export function closureOn(rows: Iterable<Closure>, of: Pick<SchoolClass, 'id' | 'grade'>, day: string): Closure | undefined {
  return [...rows].find(
    (row) =>
      !row.ended_at && covers(row, day) && (row.class_id === null || row.class_id === of.id) && (row.grade === null || row.grade === of.grade),
  );
}
