// What the module surveillance gives.
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
} & Record<Symptom | `suspended_${Line}` | `diagnosed_${Line}`, number>;

export interface HealthGives {
  'GET /api/schools/{school_id}/surveillance': Rows<SurveillanceRow>;
}
