// The nouns that the screens speak of, named once, from the API's own types.
import type { AbsenceGives, AbsenceTakes, ReceiptGives, Routes, SessionGives, StudentGives } from './api-types';

type Rows<R extends keyof Routes> = Routes[R]['gives'] extends { rows: (infer Row)[] } ? Row : never;

export type Session = SessionGives;
export type Absence = AbsenceGives;
export type AbsenceInput = AbsenceTakes;
export type Kind = Absence['kind'];
export type Receipt = ReceiptGives;
export type Student = StudentGives;
export type Child = Rows<'GET /api/children'>;
export type Reason = Rows<'GET /api/reasons'>;
export type Version = Rows<'GET /api/absences/{id}/versions'>;
export type SchoolClass = Rows<'GET /api/classes'>;
export type School = Rows<'GET /api/schools'>;
export type DayFigure = Rows<'GET /api/city/history'>;
export type DemoAccount = Rows<'GET /api/demo-accounts'>;

/** One school's figures of the day, live (topic city/all; id is the school's). */
export interface SchoolGauge {
  id: number;
  students: number;
  absent: number;
  late: number;
  leave_early: number;
  unacknowledged: number;
  version: number;
}

/** Reports that arrived within one minute of the city's day (topic arrivals/all; id is the minute). */
export interface ArrivalGauge {
  id: number;
  n: number;
  version: number;
}
