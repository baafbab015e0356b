// What the module illnesses gives.
import type { Receipt, Version } from '../nouns';
import type { Rows } from './rows';

export interface Disease {
  code: string;
  label: string;
  labels: Record<string, string>;
  suspends: 'by_days' | 'by_doctor' | 'no';
  onset_days: number | null;
  end_sign: 'fever' | 'symptoms' | 'cough' | 'well' | 'rash' | 'crusts' | null;
  end_days: number | null;
  treatment_days: number | null;
}

/** A row of the topic illnesses/... */
export interface Illness {
  id: number;
  school_id: number;
  class_id: number;
  exchange_class_id: number | null;
  student_id: number;
  disease: string;
  label: string;
  suspends: Disease['suspends'];
  onset_on: string;
  diagnosed_on: string | null;
  institution: string | null;
  ended_on: string | null;
  treated_until: string | null;
  cleared_on: string | null;
  suspended_from: string | null;
  earliest_return: string | null;
  /** No earlier than that, while what decides is not known. */
  not_before: string | null;
  needs: 'ended_on' | 'cleared_on' | null;
  suspended: boolean;
  returned_on: string | null;
  return_stated_at: string | null;
  note: string | null;
  via: 'guardian' | 'phone' | 'school';
  made_at: string;
  changed_at: string;
  withdrawn_at: string | null;
  version: number;
}

/** A version of one; stated in a return form where return_stated_at is new with it. */
export interface IllnessVersion
  extends Pick<
    Illness,
    | 'disease'
    | 'label'
    | 'onset_on'
    | 'diagnosed_on'
    | 'institution'
    | 'ended_on'
    | 'treated_until'
    | 'cleared_on'
    | 'suspended_from'
    | 'returned_on'
    | 'return_stated_at'
    | 'note'
  > {
  version: number;
  action: 'made' | 'changed' | 'returned' | 'withdrawn';
  made_at: string;
  by: Version['by'];
}

export interface IllnessGives {
  'GET /api/diseases': Rows<Disease>;
  'GET /api/students/{student_id}/illnesses': Rows<Illness>;
  'POST /api/students/{student_id}/illnesses': Receipt;
  'GET /api/illnesses/{id}/versions': Rows<IllnessVersion>;
  'PUT /api/illnesses/{id}': Receipt;
  'PUT /api/illnesses/{id}/return': Receipt;
  'PUT /api/illnesses/{id}/withdraw': Receipt;
}
