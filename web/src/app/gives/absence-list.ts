// What the routes of lists, files and day sheets give (module absence_list).
import type { Absence, PickUp, Symptom } from '../nouns';
import type { Rows } from './rows';

export type AbsenceState = 'unacknowledged' | 'acknowledged' | 'cancelled';

export interface ListedAbsence extends Absence {
  exchange_class_id: number | null;
  grade: number;
  class_name: string;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  state: AbsenceState;
  /** What keeps the child away on one of the days besides the report. */
  away: 'suspended' | 'standing' | null;
  /** The row's place in the order: the next page begins after it. */
  key: number[];
  /** How many there are on all pages. */
  total: number;
}

export interface DaySheetRow {
  school: string;
  class_id: number;
  grade: number;
  class_name: string;
  guest: boolean;
  student_id: number;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  /** Null: no report. */
  id: number | null;
  kind: string | null;
  arrive_at: string | null;
  leave_at: string | null;
  reason: string | null;
  note: string | null;
  symptoms: Symptom[] | null;
  pick_up: PickUp | null;
  pick_up_note: string | null;
  via: 'guardian' | 'school' | null;
  acknowledged_at: string | null;
  standing_id: number | null;
  standing_reason: string | null;
  /** Suspended on the day; free_from null: nobody knows until when. */
  illness_id: number | null;
  free_from: string | null;
}

export interface AbsenceListGives {
  'POST /api/schools/{school_id}/absences/list': Rows<ListedAbsence>;
  'POST /api/schools/{school_id}/absences/file': Blob;
  'GET /api/schools/{school_id}/day-sheets': Rows<DaySheetRow>;
  'GET /api/city/absences': Blob;
}
