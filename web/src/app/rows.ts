// How a screen's rows converge, whatever order frames arrive in: a snapshot replaces, a row is put in by its id,
// and the higher version wins.

export interface Row {
  id: number;
  version: number;
}

export type Rows<R extends Row = Row> = ReadonlyMap<number, R>;

export interface Merged<R extends Row> {
  rows: Rows<R>;
  /** Ids that were not there before. */
  added: number[];
  changed: boolean;
}

export function upsert<R extends Row>(rows: Rows<R>, incoming: readonly R[]): Merged<R> {
  const next = new Map(rows);
  const added: number[] = [];
  let changed = false;
  for (const row of incoming) {
    const have = next.get(row.id);
    if (have && have.version >= row.version) continue;
    if (!have) added.push(row.id);
    next.set(row.id, row);
    changed = true;
  }
  return { rows: changed ? next : rows, added, changed };
}

/** A snapshot says what there is; a row that we know in a higher version than it does stays as we know it. */
export function replace<R extends Row>(rows: Rows<R>, snapshot: readonly R[]): Merged<R> {
  const next = new Map<number, R>();
  const added: number[] = [];
  for (const row of snapshot) {
    const have = rows.get(row.id);
    if (!have) added.push(row.id);
    next.set(row.id, have && have.version > row.version ? have : row);
  }
  return { rows: next, added, changed: true };
}

/** What to tell the server so that what it sends becomes what is wanted. */
export function reconcile(have: ReadonlySet<string>, want: Iterable<string>): { sub: string[]; unsub: string[] } {
  const wanted = new Set(want);
  return {
    sub: [...wanted].filter((topic) => !have.has(topic)),
    unsub: [...have].filter((topic) => !wanted.has(topic)),
  };
}

/** Milliseconds before the nth attempt: fast first, doubling, never above 15 s, spread so that a city doesn't return at once. */
export function backOff(attempt: number, random: number): number {
  const ceiling = Math.min(15_000, 400 * 2 ** attempt);
  return Math.round(ceiling * (0.25 + 0.75 * random));
}
