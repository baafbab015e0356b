// Fixed places for the city's schools: districts side by side, kinds one under the other, each in the roster's order.
import type { School } from '../app/nouns';

export interface District {
  name: string;
  elementary: School[];
  others: School[];
}

export function placesOf(schools: readonly School[]): District[] {
  const sorted = [...schools].sort((a, b) => a.sort - b.sort || a.id - b.id);
  const districts = new Map<string, District>();
  for (const school of sorted) {
    const district = districts.get(school.district) ?? { name: school.district, elementary: [], others: [] };
    (school.kind === 'elementary' ? district.elementary : district.others).push(school);
    districts.set(school.district, district);
  }
  return [...districts.values()];
}

/** Tiles in a row of one district so that all districts fill twelve columns. */
export function columnsOf(districts: number): number {
  return Math.max(1, Math.round(12 / Math.max(1, districts)));
}

/** What all names begin with (the city's own name, 市立): on the wall it only takes room. */
export function sharedStart(names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return '';
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}
