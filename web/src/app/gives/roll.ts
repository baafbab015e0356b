// The roll call (module rolls), by REST and live.
import type { Takes } from '../api-types';
import type { Receipt } from '../nouns';
import type { Rows } from './rows';

export type Seen = Takes['PUT /api/students/{student_id}/attendance']['state'];

/** What a teacher saw (topics attendance/class/<id>, attendance/school/<id>). No row: as expected. */
export interface Attendance {
  id: number;
  class_id: number;
  student_id: number;
  day: string;
  state: Seen;
  arrived_at: string | null;
  left_at: string | null;
  changed_at: string;
  version: number;
}

/** Whether a class is done (topics rolls/class/<id>, rolls/school/<id>). */
export interface RollCall {
  id: number;
  class_id: number;
  day: string;
  done_at: string | null;
  version: number;
}

/** A question to the guardians of a child that is not there (topics inquiries/...). */
export interface Inquiry {
  id: number;
  class_id: number;
  student_id: number;
  day: string;
  asked_at: string;
  answer: 'on_the_way' | 'not_known' | 'closed' | null;
  answered_at: string | null;
  version: number;
}

export interface RollGives {
  'PUT /api/students/{student_id}/attendance': Receipt;
  'PUT /api/classes/{class_id}/roll': Receipt;
  'GET /api/classes/{class_id}/attendance': Rows<Attendance>;
  'POST /api/students/{student_id}/inquiry': Receipt;
  'PUT /api/inquiries/{id}/answer': Receipt;
  'PUT /api/inquiries/{id}/close': Receipt;
}
