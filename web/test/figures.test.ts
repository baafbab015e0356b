import { describe, expect, it } from 'vitest';
import type { Absence, School } from '../src/app/nouns';
import { windowOf } from '../src/board/arrivals';
import { judge, usualOf } from '../src/board/judge';
import { columnsOf, placesOf, sharedStart } from '../src/board/places';
import { byMonth } from '../src/guardian/months';
import { filtersFrom, matching } from '../src/office/filters';
import { figuresOf, onDay, staffFiguresOf } from '../src/staff/figures';

function absence(id: number, change: Partial<Absence> = {}): Absence {
  return {
    id,
    school_id: 1,
    class_id: 1,
    student_id: id,
    first_day: '2026-11-24',
    last_day: '2026-11-24',
    kind: 'absent',
    arrive_at: null,
    leave_at: null,
    reason_id: 1,
    reason: '発熱',
    note: null,
    pick_up: null,
    pick_up_note: null,
    symptoms: null,
    via: 'guardian',
    reported_at: `2026-11-24T07:0${id}:00+09:00`,
    acknowledged_at: null,
    acknowledged_role: null,
    cancelled_at: null,
    version: 1,
    ...change,
  };
}

const rowsOf = (...rows: Absence[]) => new Map(rows.map((row) => [row.id, row]));

describe('the figures of a day', () => {
  it('count each child in every kind that it has, and what is not acknowledged', () => {
    const rows = [
      absence(1),
      absence(2, { kind: 'late_and_leave_early' }),
      absence(3, { kind: 'late', acknowledged_at: '2026-11-24T08:00:00+09:00' }),
    ];
    const none = { suspended: new Map(), away: new Map() };
    expect(figuresOf(rows, none)).toEqual({ absent: 1, suspended: 0, standing: 0, late: 2, early: 1, open: 2 });
  });

  it('5(2)ア count children away for long who say nothing, and what guardians ask for', () => {
    const away = new Map([[1, {}], [7, {}], [8, {}]]);
    expect(staffFiguresOf([absence(1, { kind: 'attend', acknowledged_at: '2026-11-24T08:00:00+09:00' })], { suspended: new Map(), away }, [{}])).toEqual({
      absent: 0, suspended: 0, late: 0, early: 0, open: 0, standing: 2, requests: 1,
    });
  });

  it('5(2) count a child once: suspended, though reported absent or away for long; not where a report says that it comes', () => {
    const suspended = new Map([[1, {}], [2, {}], [3, {}], [4, {}]]);
    const away = new Map([[3, {}], [5, {}], [6, {}]]);
    const rows = [absence(1), absence(2, { kind: 'late' }), absence(5), absence(9)];
    expect(figuresOf(rows, { suspended, away })).toMatchObject({ absent: 2, suspended: 3, standing: 1, late: 1 });
  });

  it('leave out the cancelled and other days, newest first', () => {
    const rows = rowsOf(
      absence(1, { last_day: '2026-11-26' }),
      absence(2),
      absence(3, { cancelled_at: '2026-11-24T07:10:00+09:00' }),
    );
    expect(onDay(rows, '2026-11-24').map((row) => row.id)).toEqual([2, 1]);
    expect(onDay(rows, '2026-11-25').map((row) => row.id)).toEqual([1]);
  });
});

describe("the office's filters", () => {
  const classes = [
    { id: 1, school_id: 1, grade: 1, name: '1組', kind: 'regular', students: 30, sort: 1, may_act: true },
    { id: 2, school_id: 1, grade: 2, name: '1組', kind: 'regular', students: 30, sort: 2, may_act: true },
  ];
  const rows = [absence(1), absence(2, { class_id: 2, kind: 'late_and_leave_early' })];

  it('come from the address', () => {
    expect(filtersFrom(new URLSearchParams('grade=2&kind=late&state=open&class=x'))).toEqual({
      grade: 2,
      class_id: undefined,
      kind: 'late',
      open: true,
    });
  });

  it('both late and leaving early is found under either', () => {
    for (const kind of ['late', 'leave_early'] as const) {
      expect(matching(rows, { kind, open: false }, classes).map((row) => row.id)).toEqual([2]);
    }
    expect(matching(rows, { grade: 1, open: false }, classes).map((row) => row.id)).toEqual([1]);
  });
});

describe('the unusual', () => {
  const gauge = (absent: number, students = 500) => ({
    id: 1,
    students,
    absent,
    late: 0,
    leave_early: 0,
    unacknowledged: 0,
    classes: 12,
    called: 0,
    unaccounted: 0,
    contradicted: 0, suspended: 0, standing: 0,
    version: 1,
  });
  const usual = usualOf([
    { school_id: 1, day: '2026-11-20', absent: 15, late: 0, students: 500 },
    { school_id: 1, day: '2026-11-19', absent: 20, late: 0, students: 500 },
  ]).get(1);

  it('keeps the days in order and knows their mean', () => {
    expect(usual).toEqual({ rates: [4, 3], mean: 3.5 });
  });

  it('is marked against what the school is used to', () => {
    expect(judge(gauge(20), usual)).toBe('usual');
    expect(judge(gauge(30), usual)).toBe('raised');
    expect(judge(gauge(45), usual)).toBe('high');
    expect(judge(gauge(50), undefined)).toBe('high');
    expect(judge({ ...gauge(15), suspended: 30 }, usual)).toBe('high');
  });

  it('a few children of a small school are not unusual', () => {
    expect(judge(gauge(4, 30), undefined)).toBe('usual');
  });
});

describe('places on the wall', () => {
  const school = (id: number, district: string, kind = 'elementary', sort = id): School => ({
    id,
    code: '',
    name: '',
    kind,
    district,
    sort,
    students: 1,
    classes: 1,
  });

  it('go by district and kind, in the order of the roster', () => {
    const places = placesOf([school(3, '小田'), school(2, '中央', 'junior_high'), school(1, '中央')]);
    expect(places.map((place) => place.name)).toEqual(['中央', '小田']);
    expect(places[0]?.elementary.map((one) => one.id)).toEqual([1]);
    expect(places[0]?.others.map((one) => one.id)).toEqual([2]);
    expect(columnsOf(6)).toBe(2);
  });
});

describe('a name on the wall', () => {
  it('leaves out what all of them begin with', () => {
    expect(sharedStart(['見本市立西小学校', '見本市立東小学校'])).toBe('見本市立');
    expect(sharedStart(['西小学校', '東小学校'])).toBe('');
    expect(sharedStart(['西小学校'])).toBe('');
  });
});

describe('the curve of arrivals', () => {
  const at = (id: number) => ({ id, n: 1, version: 1 });
  it('shows the morning, or the last hours of a day without one', () => {
    expect(windowOf([])).toEqual([390, 540]);
    expect(windowOf([at(430), at(1300)])).toEqual([390, 540]);
    expect(windowOf([at(1300)])).toEqual([1170, 1320]);
  });
});

describe('a history by month', () => {
  it('adds up days of absence and times late, not what was cancelled', () => {
    const months = byMonth([
      absence(1, { last_day: '2026-11-26' }),
      absence(2, { first_day: '2026-10-01', last_day: '2026-10-01', kind: 'late' }),
      absence(3, { cancelled_at: '2026-11-24T07:10:00+09:00' }),
    ]);
    expect(months.map(({ month, absent, late }) => [month, absent, late])).toEqual([
      ['2026-11', 3, 0],
      ['2026-10', 0, 1],
    ]);
  });
});
