// What the module surveillance gives.
import type { Receipt } from '../nouns';
import type { Rows } from './rows';

export type Symptom = 'fever' | 'headache' | 'respiratory' | 'diarrhea' | 'nausea' | 'rash' | 'flu_like' | 'other_symptom' | 'not_told';

/** A disease's line in the surveillance of infections at schools. */
export type Line =
  | 'influenza'
  | 'covid'
  | 'gastroenteritis'
  | 'strep'
  | 'mumps'
  | 'chickenpox'
  | 'mycoplasma'
  | 'erythema_infectiosum'
  | 'hand_foot_mouth'
  | 'pharyngoconjunctival'
  | 'keratoconjunctivitis'
  | 'other';

export type SurveillanceRow = {
  class_id: number;
  day: string;
  grade: number;
  class_name: string;
  special: boolean;
  enrolled: number;
  absent: number;
  suspended: number;
  closed: boolean;
  called: boolean;
  near_closure: boolean;
  /** By what was reported, against the class's own last twenty days of school. */
  unusual: 'raised' | 'high' | null;
} & Record<Symptom | `suspended_${Line}` | `diagnosed_${Line}`, number>;

/** What the map counts. */
export type Measure = 'ill' | Exclude<Symptom, 'not_told'> | 'suspended';

/** Today's ill children in numbers: of a school (topic symptoms/all; near_closure: how many classes), */
export type SymptomGauge = Record<Measure, number> & { id: number; version: number; enrolled: number; near_closure: number };

/** or of a class (topic class_symptoms/school/<id>). */
export type ClassSymptomGauge = Omit<SymptomGauge, 'near_closure'> & { school_id: number; near_closure: boolean };

/** Of a school or a class. Null: too few days are known. `counts`: the last twenty days of school, oldest first. */
export interface UsualCount {
  id: number;
  usual: number | null;
  raised_from: number | null;
  high_from: number | null;
  counts: number[] | null;
}

export interface ClosureGuide {
  closure_percent: number;
  closure_fewest: number;
  version: number;
}

export interface HealthShown {
  shows_health: boolean;
  version: number;
}

/** Without a grade: the whole school. n null: fewer than five, or hidden with such. */
export interface SchoolHealthRow {
  grade: number | null;
  n: number | null;
  at: string;
}

export interface HealthGives {
  'GET /api/schools/{school_id}/surveillance': Rows<SurveillanceRow>;
  'GET /api/city/symptoms': Rows<UsualCount>;
  'GET /api/schools/{school_id}/symptoms': Rows<UsualCount>;
  'GET /api/city/closure-guide': ClosureGuide;
  'PUT /api/city/closure-guide': Pick<Receipt, 'version' | 'at'>;
  'GET /api/schools/{school_id}/health-shown': HealthShown;
  'PUT /api/schools/{school_id}/health-shown': Receipt;
  'GET /api/children/{student_id}/school-health': Rows<SchoolHealthRow>;
}
