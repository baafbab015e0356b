import { describe, expect, it } from 'vitest';
import { changesOf } from '../src/app/content';
import { type Draft, draftOf, fitted, inputOf, kindsFor, missingIn, newDraft, openTimes, reasonsFor, UNKNOWN } from '../src/app/draft';
import type { Absence } from '../src/app/nouns';

const today = '2026-11-24';
const fever = { id: 1, label: '発熱', needs_note: false, kinds: ['absent', 'late', 'leave_early'], asks_symptoms: true, asks_times: true };
const other = { id: 10, label: 'その他', needs_note: true, kinds: [], asks_symptoms: false, asks_times: false };
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

  it('5(2)誤-5 midnight goes by while the form is open: the day that was meant stays, and one that is over is not sent as another', () => {
    const evening = draft({ first: '2026-11-25' });
    expect(inputOf(evening, fever)).toMatchObject({ first_day: '2026-11-25', last_day: '2026-11-25' });
    expect(missingIn(evening, '2026-11-25', fever)).toEqual([]);
    expect(inputOf(evening, fever)).toMatchObject({ first_day: '2026-11-25' });
    expect(missingIn(draft(), '2026-11-25', fever)).toEqual(['past']);
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
    expect(inputOf(draft({ arrive: '10:00', first: '2026-11-25' }), fever)).toEqual({
      first_day: '2026-11-25',
      last_day: '2026-11-25',
      kind: 'absent',
      reason_id: 1,
    });
    expect(inputOf(draft({ kind: 'late', arrive: '10:00', note: ' 歯医者 ' }), fever)).toMatchObject({
      arrive_at: '10:00',
      note: '歯医者',
    });
  });

  it('5(2)ア-4 a time may stay open only where the reason does not ask for it', () => {
    const late = draft({ kind: 'late', note: '検査' });
    expect(missingIn({ ...late, arrive: UNKNOWN }, today, fever)).toEqual(['arrive']);
    expect(missingIn({ ...late, arrive: UNKNOWN }, today, other)).toEqual([]);
    expect(missingIn(late, today, other)).toEqual(['arrive']);
    expect(inputOf({ ...late, arrive: UNKNOWN }, other)).not.toHaveProperty('arrive_at');
    // At the telephone an empty field says the same, without another key.
    expect(missingIn(openTimes(late, other), today, other)).toEqual([]);
    expect(missingIn(openTimes(late, fever), today, fever)).toEqual(['arrive']);
    const both = draft({ kind: 'late_and_leave_early', arrive: UNKNOWN, leave: '10:30', note: '検査' });
    expect(missingIn(both, today, other)).toEqual([]);
  });

  it('5(2)ア-6 5(2)エ-2 symptoms go only with a reason that asks, who picks up only with leaving early', () => {
    const ill = draft({ symptoms: ['rash', 'fever'], pickUp: 'other_person', pickUpNote: ' 祖母 ', leave: '12:30', note: '熱' });
    expect(inputOf(ill, fever)).toMatchObject({ symptoms: ['fever', 'rash'] });
    expect(inputOf(ill, fever)).not.toHaveProperty('pick_up');
    expect(inputOf(ill, other)).not.toHaveProperty('symptoms');
    expect(inputOf({ ...ill, kind: 'leave_early' }, other)).toMatchObject({ pick_up: 'other_person', pick_up_note: '祖母' });
    expect(missingIn({ ...ill, kind: 'leave_early', pickUpNote: ' ' }, today, fever)).toEqual(['pickUp']);
    expect(missingIn({ ...ill, pickUpNote: '' }, today, fever)).toEqual([]);
  });

  it('5(2)ア-5 a child away for long only says when it comes, without a reason', () => {
    expect(kindsFor(true)).toEqual(['attend', 'late', 'leave_early']);
    expect(kindsFor(true, 'absent')).toEqual(['absent', 'attend', 'late', 'leave_early']);
    expect(kindsFor(false, 'late_and_leave_early')).toEqual(['absent', 'late', 'leave_early']);
    const coming = fitted(draft({ reason: '', kind: 'absent' }), kindsFor(true));
    expect(coming.kind).toBe('attend');
    expect(missingIn(coming, today, undefined, today, true)).toEqual([]);
    expect(inputOf(coming, fever)).toEqual({ first_day: today, last_day: today, kind: 'attend' });
    expect(missingIn({ ...coming, kind: 'late', arrive: '10:00' }, today, undefined, today, true)).toEqual([]);
    expect(fitted(coming, kindsFor(false)).kind).toBe('absent');
  });

  it('5(2)ア-7 5(2)ア-9 a correction begins with all that the report says, and knows what it changes', () => {
    const row = {
      first_day: today, last_day: today, kind: 'leave_early', arrive_at: null, leave_at: null, reason: 'その他', note: '検査',
      pick_up: 'other_person', pick_up_note: '祖母', symptoms: null,
    } as Absence;
    const again = draftOf(row, today);
    expect(inputOf(again, other)).toEqual({
      first_day: today, last_day: today, kind: 'leave_early', reason_id: 10, note: '検査', pick_up: 'other_person', pick_up_note: '祖母',
    });
    expect(changesOf(row, row)).toEqual([]);
    expect(changesOf(row, { ...row, leave_at: '13:30:00', pick_up: null, pick_up_note: null })).toEqual([
      { name: 'time', before: '早退の時刻は未定', after: '13:30ごろ早退' },
      { name: 'pickUp', before: 'ほかの人が迎えに行きます（祖母）', after: '' },
    ]);
  });

  it('offers the reasons that fit', () => {
    const mourning = { id: 9, label: '忌引', needs_note: false, kinds: ['absent'], asks_symptoms: false, asks_times: true };
    expect(reasonsFor([fever, mourning, other], 'late')).toEqual([fever, other]);
  });
});
