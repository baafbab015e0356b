import { describe, expect, it } from 'vitest';
import { type Draft, inputOf, missingIn, newDraft, reasonsFor } from '../src/app/draft';

const today = '2026-11-24';
const fever = { id: 1, label: '発熱', needs_note: false, kinds: ['absent', 'late', 'leave_early'] };
const other = { id: 10, label: 'その他', needs_note: true, kinds: [] };
const draft = (change: Partial<Draft> = {}): Draft => ({ ...newDraft(today), reason: '発熱', ...change });

describe('a report being filled in', () => {
  it('the usual case needs nothing but a reason', () => {
    expect(missingIn(draft(), today, fever)).toEqual([]);
    expect(missingIn(draft(), today, undefined)).toEqual(['reason']);
  });

  it('asks for a time only where the kind needs one', () => {
    expect(missingIn(draft({ kind: 'late' }), today, fever)).toEqual(['arrive']);
    expect(missingIn(draft({ kind: 'leave_early' }), today, fever)).toEqual(['leave']);
    const both = draft({ kind: 'late_and_leave_early', arrive: '13:00', leave: '10:30' });
    expect(missingIn(both, today, fever)).toEqual(['order']);
  });

  it('knows which periods can be reported', () => {
    const range = (first: string, last: string) => missingIn(draft({ when: 'range', first, last }), today, fever);
    expect(range('2026-11-24', '2026-12-24')).toEqual([]);
    expect(range('2026-11-24', '2026-12-25')).toEqual(['long']);
    expect(range('2026-11-26', '2026-11-25')).toEqual(['days']);
    expect(range('2026-11-23', '2026-11-25')).toEqual(['past']);
    expect(range('2027-01-20', '2027-01-30')).toEqual(['far']);
    expect(range('', '')).toEqual(['days']);
  });

  it('the school may go back a month, where it was told late', () => {
    const past = draft({ when: 'range', first: '2026-11-20', last: '2026-11-20' });
    expect(missingIn(past, today, fever, '2026-10-24')).toEqual([]);
    expect(missingIn(past, today, fever, '2026-11-21')).toEqual(['past']);
  });

  it('asks for a line where the reason needs one', () => {
    expect(missingIn(draft(), today, other)).toEqual(['note']);
    expect(missingIn(draft({ note: ' ' }), today, other)).toEqual(['note']);
    expect(missingIn(draft({ note: '引っ越し' }), today, other)).toEqual([]);
  });

  it('sends only what its kind needs', () => {
    expect(inputOf(draft({ arrive: '10:00', when: 'tomorrow' }), today, fever)).toEqual({
      first_day: '2026-11-25',
      last_day: '2026-11-25',
      kind: 'absent',
      reason_id: 1,
    });
    expect(inputOf(draft({ kind: 'late', arrive: '10:00', note: ' 歯医者 ' }), today, fever)).toMatchObject({
      arrive_at: '10:00',
      note: '歯医者',
    });
  });

  it('offers the reasons that fit', () => {
    const mourning = { id: 9, label: '忌引', needs_note: false, kinds: ['absent'] };
    expect(reasonsFor([fever, mourning, other], 'late')).toEqual([fever, other]);
  });
});
