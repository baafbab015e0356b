// Children who are kept from school by an illness: the same rule as the database's suspended_on.
import type { Illness } from './gives/illness';
import type { Rows } from './rows';

/** The first day on which the child may come, or comes, again; undefined: not known yet. */
export const freeFrom = (row: Illness): string | undefined => row.returned_on ?? row.earliest_return ?? undefined;

export function isSuspended(row: Illness, day: string): boolean {
  const free = freeFrom(row);
  return row.suspended_from !== null && !row.withdrawn_at && row.suspended_from <= day && (free === undefined || day < free);
}

/** Those that hold on a day, by child. */
export function suspendedOn(rows: Rows<Illness>, day: string): Map<number, Illness> {
  return new Map([...rows.values()].filter((row) => isSuspended(row, day)).map((row) => [row.student_id, row]));
}
