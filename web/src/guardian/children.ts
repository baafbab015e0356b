// The guardian's children and their schools' reasons; kept on the device so that a report can be made without a network.
import { signal } from '@preact/signals';
import { request } from '../app/api';
import { orKept } from '../app/kept';
import type { Child, Reason } from '../app/nouns';

export const children = signal<Child[] | undefined>(undefined);

export async function loadChildren(): Promise<Child[]> {
  const rows = await orKept('children', async () => (await request('GET /api/children')).rows);
  children.value = rows;
  return rows;
}

const asked = new Map<number, Promise<Reason[]>>();

function askReasons(school_id: number): Promise<Reason[]> {
  return orKept(`reasons.${school_id}`, async () => (await request('GET /api/reasons', { query: { school_id } })).rows);
}

/** Asked for once a page: the form never waits for what home has already loaded. */
export function loadReasons(school_id: number): Promise<Reason[]> {
  const known = asked.get(school_id);
  if (known) return known;
  const asking = askReasons(school_id);
  asked.set(school_id, asking);
  asking.catch(() => asked.delete(school_id));
  return asking;
}

/** By school. */
export async function loadAllReasons(of: Child[]): Promise<Map<number, Reason[]>> {
  const schools = [...new Set(of.map((child) => child.school_id))];
  return new Map(await Promise.all(schools.map(async (id) => [id, await loadReasons(id)] as const)));
}
