// The filters stay in the address, so that a view can be kept and shared: ids and codes only.
import type { Absence, AbsenceRequest, Kind, SchoolClass } from '../app/nouns';

export interface Filters {
  grade?: number;
  class_id?: number;
  kind?: Kind;
  open: boolean;
  /** Only those that the school is asked to change. */
  asked?: boolean;
}

const KINDS: Kind[] = ['absent', 'late', 'leave_early', 'late_and_leave_early', 'attend'];

export function filtersFrom(query: URLSearchParams): Filters {
  const kind = KINDS.find((one) => one === query.get('kind'));
  return {
    grade: Number(query.get('grade')) || undefined,
    class_id: Number(query.get('class')) || undefined,
    kind,
    open: query.get('state') === 'open',
    ...(query.get('state') === 'request' && { asked: true }),
  };
}

export function isFiltered(filters: Filters): boolean {
  return Boolean(filters.grade ?? filters.class_id ?? filters.kind) || filters.open || filters.asked === true;
}

function kindMatches(row: Absence, kind: Kind): boolean {
  return row.kind === kind || (row.kind === 'late_and_leave_early' && (kind === 'late' || kind === 'leave_early'));
}

export function matching(
  rows: readonly Absence[],
  filters: Filters,
  classes: readonly SchoolClass[],
  requests: readonly AbsenceRequest[] = [],
): Absence[] {
  const asked = new Set(requests.map((of) => of.absence_id));
  const gradeOf = new Map(classes.map((one) => [one.id, one.grade]));
  return rows.filter(
    (row) =>
      (!filters.grade || gradeOf.get(row.class_id) === filters.grade) &&
      (!filters.class_id || row.class_id === filters.class_id) &&
      (!filters.kind || kindMatches(row, filters.kind)) &&
      (!filters.open || !row.acknowledged_at) &&
      (!filters.asked || asked.has(row.id)),
  );
}
