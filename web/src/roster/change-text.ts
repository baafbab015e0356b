// One change in words: 3年2組 5番 → 3年2組 6番. Only what differs is shown.
import { formatDay } from '../app/days';
import type { RosterChange, Side } from '../app/gives/roster';
import { className } from '../staff/roster';
import { words } from './words';

/** What exchange classes are called, by id. */
export type ClassNames = ReadonlyMap<number, string>;

const SHOWN = ['class_id', 'number', 'family_name', 'given_name', 'family_kana', 'given_kana', 'exchange_class_id', 'code', 'left_on', 'name', 'kind', 'grade', 'valid_to'];

function classText(grade: number | null, name: string | null): string {
  return name ? className({ grade: grade ?? 0, name }) : '';
}

function valueText(key: string, side: Side, ofClass: string, names: ClassNames): string {
  const value = side?.[key];
  if (value === null || value === undefined || value === '') return words().none;
  if (key === 'class_id') return ofClass;
  if (key === 'exchange_class_id') return names.get(Number(value)) ?? String(value);
  if (key === 'left_on' || key === 'valid_to') return formatDay(String(value));
  if (key === 'kind') return value === 'support' ? words().support : words().regular;
  return String(value);
}

export interface Difference {
  column: string;
  before: string;
  after: string;
}

export function differences(of: RosterChange, names: ClassNames): Difference[] {
  const { before, after } = of;
  return SHOWN.filter((key) => after && key in after && JSON.stringify(before?.[key] ?? null) !== JSON.stringify(after[key] ?? null)).map((key) => ({
    column: words().columns[key.replace('_id', '')] ?? key,
    before: before ? valueText(key, before, classText(of.before_grade, of.before_class), names) : '',
    after: valueText(key, after, classText(of.after_grade, of.after_class), names),
  }));
}

type Named = Record<'family_name' | 'given_name' | 'family_kana' | 'given_kana', string>;

/** Whose change it is: the child's names, or what the class is called. */
export function subject(of: RosterChange): Named | string {
  const side = of.before ?? of.after;
  const text = (key: string) => String(side?.[key] ?? '');
  if (of.object === 'class') return className({ grade: Number(side?.grade ?? 0), name: text('name') });
  if (typeof side?.family_name !== 'string') return '';
  return { family_name: text('family_name'), given_name: text('given_name'), family_kana: text('family_kana'), given_kana: text('given_kana') };
}

/** In which class the change stands on the page: where the child will be, or was. */
export function groupOf(of: RosterChange): string {
  return classText(of.after_grade, of.after_class) || classText(of.before_grade, of.before_class);
}
