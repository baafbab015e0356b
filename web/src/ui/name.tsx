import type { Student } from '../app/nouns';

type Named = Pick<Student, 'family_name' | 'given_name' | 'family_kana' | 'given_kana'>;

/** A child's name with its reading; family and given name are never broken in the middle. */
export function Name({ of, ruby = true }: { of: Named; ruby?: boolean }) {
  if (!ruby) {
    return (
      <span class="name">
        <span>{of.family_name}</span> <span>{of.given_name}</span>
      </span>
    );
  }
  return (
    <span class="name">
      <ruby>
        {of.family_name}
        <rt>{of.family_kana}</rt>
      </ruby>{' '}
      <ruby>
        {of.given_name}
        <rt>{of.given_kana}</rt>
      </ruby>
    </span>
  );
}

export function fullName(of: Pick<Named, 'family_name' | 'given_name'>): string {
  return `${of.family_name} ${of.given_name}`;
}

/** 市立武庫小学校 and 武庫小学校 are known as 武庫小 where room is short. */
export function shortSchool(name: string): string {
  return name
    .replace(/^.*市立/, '')
    .replace(/小学校$/, '小')
    .replace(/中学校$/, '中')
    .replace(/特別支援学校$/, '特支');
}
