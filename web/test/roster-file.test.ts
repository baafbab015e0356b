import { describe, expect, it } from 'vitest';
import { schoolYear } from '../src/app/days';
import { toCsv } from '../src/roster/csv';
import { guess, missingFields } from '../src/roster/guess';

describe("a workbook's rows as CSV", () => {
  it('are quoted, so that commas, quotes and line breaks stay in their cells', () => {
    expect(toCsv([['学年', '氏名'], ['1', '𠮷田 "花"'], ['2,', '改\n行']])).toBe('"学年","氏名"\r\n"1","𠮷田 ""花"""\r\n"2,","改\n行"\r\n');
  });

  it('hold numbers, days and empty cells as text', () => {
    expect(toCsv([[1, new Date('2026-04-01T00:00:00Z'), null, undefined, true]])).toBe('"1","2026-04-01","","","true"\r\n');
  });
});

describe('columns by their headings', () => {
  it('are found in the usual words', () => {
    expect(guess(['学年', '組', '出席番号', '氏名', 'ふりがな', '個人番号', '備考'])).toEqual({
      grade: '学年',
      class_name: '組',
      number: '出席番号',
      full_name: '氏名',
      full_kana: 'ふりがな',
      code: '個人番号',
    });
  });

  it('are never one column for two fields', () => {
    const columns = Object.values(guess(['番号', '姓', '名', 'せい', 'めい', '学年', '学級名']));
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('tell what is still missing', () => {
    expect(missingFields(guess(['学年', '組', '番号', '氏名']), true)).toEqual([]);
    expect(missingFields(guess(['学年', '組', '番号', '氏名']), false)).toEqual(['school_code']);
    expect(missingFields({}, true)).toEqual(['grade', 'class_name', 'number', 'family_name', 'given_name']);
    expect(missingFields({ class_code: 'c', number: 'n', family_name: 'f', given_name: 'g' }, true)).toEqual([]);
  });
});

describe('a school year', () => {
  it('begins in April', () => {
    expect(schoolYear('2027-03-31')).toBe(2026);
    expect(schoolYear('2027-04-01')).toBe(2027);
  });
});
