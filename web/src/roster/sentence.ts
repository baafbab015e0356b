// Numbers in a sentence: 転入 3人、氏名変更 2人、消失 1人
import type { ChangeCount, RosterImport } from '../app/gives/roster';
import { words } from './words';

const UNITS: Record<string, 'classUnit' | 'item'> = {
  class_new: 'classUnit',
  class_changed: 'classUnit',
  link_ended: 'item',
  role_ended: 'item',
};

export function countText(kind: string, n: number): string {
  return words().count(words().kinds[kind] ?? kind, n, words()[UNITS[kind] ?? 'person']);
}

/** Kinds in the order in which a school thinks of them: who comes, who moves, who goes. */
function inOrder(counts: [kind: string, n: number][]): [kind: string, n: number][] {
  const order = Object.keys(words().kinds);
  return counts.filter(([, n]) => n > 0).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

export function countsOf(of: Pick<RosterImport, 'counts'>): [kind: string, n: number][] {
  return inOrder(Object.entries(of.counts ?? {}));
}

export interface SchoolCounts {
  id: number;
  name: string;
  text: string;
}

export function bySchool(summary: readonly ChangeCount[]): SchoolCounts[] {
  const ids = [...new Set(summary.map((one) => one.school_id))];
  return ids.map((id) => {
    const own = summary.filter((one) => one.school_id === id);
    const text = inOrder(own.map((one) => [one.kind, one.n])).map(([kind, n]) => countText(kind, n)).join('、');
    return { id, name: own[0]?.school_name ?? '', text };
  });
}

export function sentenceOf(of: Pick<RosterImport, 'counts'>): string {
  const counts = countsOf(of);
  return counts.length > 0 ? counts.map(([kind, n]) => countText(kind, n)).join('、') : words().nothing;
}
