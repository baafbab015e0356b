// A page of the log after the other: the school's (the city's), or everything about one child.
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import type { ActorKind } from '../app/gives/audit';

const PAGE = 50;

export interface Filters {
  school_id?: number;
  student_id?: number;
  account_id?: number;
  action?: string;
  from?: string;
  to?: string;
}

/** A line on the screen, of either route. */
export interface Line {
  key: string;
  at: string;
  action: string;
  scope: string;
  school_id: number | null;
  school_name: string | null;
  student_id: number | null;
  account_id: number | null;
  actor_name: string | null;
  actor_kind: ActorKind;
  /** Where the next page begins. */
  before: number;
}

export function filtersFrom(query: URLSearchParams, school_id?: number): Filters {
  return {
    school_id,
    student_id: Number(query.get('student')) || undefined,
    account_id: Number(query.get('account')) || undefined,
    action: query.get('action') ?? undefined,
    from: query.get('from') ?? undefined,
    to: query.get('to') ?? undefined,
  };
}

function known(values: Record<string, string | number | undefined>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string | number] => pair[1] !== undefined));
}

async function ofChild({ student_id = 0, from, to, school_id }: Filters, before?: number): Promise<Line[]> {
  const { rows } = await request('GET /api/students/{student_id}/audit', { path: { student_id }, query: known({ from, to, before, limit: PAGE }) });
  return rows.map((row) => ({ ...row, key: `${row.source}${row.id}`, school_id: school_id ?? null, school_name: null, student_id, before: row.moment }));
}

async function ofAll(filters: Filters, before?: number): Promise<Line[]> {
  const { rows } = await request('GET /api/audit', { query: known({ ...filters, before, limit: PAGE }) });
  return rows.map((row) => ({ ...row, key: String(row.id), scope: 'student', before: row.id }));
}

export function useLog(filters: Filters) {
  const [lines, setLines] = useState<Line[]>();
  const [error, setError] = useState<unknown>();
  const [ended, setEnded] = useState(false);
  const [turn, setTurn] = useState(0);
  const load = async (before: Line[]) => {
    const page = await (filters.student_id ? ofChild : ofAll)(filters, before.at(-1)?.before);
    setLines([...before, ...page]);
    setEnded(page.length < PAGE);
  };
  useEffect(() => {
    setLines(undefined);
    setError(undefined);
    load([]).catch(setError);
  }, [JSON.stringify(filters), turn]);
  return { lines, error, ended, more: () => void load(lines ?? []).catch(setError), retry: () => setTurn((now) => now + 1) };
}
