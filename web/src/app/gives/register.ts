// The register and closures (module registers).
import type { Takes } from '../api-types';
import type { Receipt } from '../nouns';
import type { Rows } from './rows';

export interface RegisterMark {
  mark: string | null;
  late: boolean;
  leave_early: boolean;
  source: 'hand' | 'closure' | 'illness' | 'seen' | 'report' | 'standing' | 'called' | 'nothing';
}

export interface RegisterRow {
  student_id: number;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  school_days: number;
  suspended: number;
  due: number;
  absent: number;
  attended: number;
  late: number;
  leave_early: number;
  /** By day; a day of plain attendance is left out. */
  marks: Record<string, RegisterMark>;
}

export interface RegisterDay {
  day: string;
  closed: boolean;
  called: boolean;
}

export interface Correction {
  id: number;
  automatic: boolean;
  mark: string | null;
  late: boolean;
  leave_early: boolean;
  note: string | null;
  made_at: string;
  made_by: string | null;
}

export type Cause = Takes['POST /api/schools/{school_id}/closures']['cause'];

export interface Closure {
  id: number;
  school_id: number;
  grade: number | null;
  class_id: number | null;
  first_day: string;
  last_day: string;
  cause: Cause;
  note: string | null;
  ended_at: string | null;
  version: number;
}

export interface ChildClosure {
  student_id: number;
  id: number;
  first_day: string;
  last_day: string;
  cause: Cause;
  note: string | null;
}

export interface RegisterGives {
  'GET /api/classes/{class_id}/register': Rows<RegisterRow>;
  'GET /api/classes/{class_id}/register/head': Rows<RegisterDay>;
  'GET /api/classes/{class_id}/register/days': Rows<object>;
  'PUT /api/students/{student_id}/register': { id: number; at: string };
  'GET /api/students/{student_id}/register/corrections': Rows<Correction>;
  'POST /api/schools/{school_id}/closures': Receipt;
  'GET /api/schools/{school_id}/closures': Rows<Closure>;
  'PUT /api/closures/{id}': Receipt;
  'GET /api/children/closures': Rows<ChildClosure>;
}
