// The API's types, by route: what it takes and what it gives. Made by `npm run types` from the server's OpenAPI document.

export interface Routes {
  'POST /api/session': { takes: { login_id: string; password: string }; gives: SessionGives };
  'GET /api/session': { takes: undefined; gives: SessionGives };
  'DELETE /api/session': { takes: undefined; gives: undefined };
  'GET /api/demo-accounts': {
    takes: undefined;
    gives: { rows: { label: string; login_id: string; password: string; role: string }[] };
  };
  'GET /api/children': {
    takes: undefined;
    gives: {
      rows: {
        student_id: number;
        school_id: number;
        school_name: string;
        school_phone: string;
        class_id: number;
        class_name: string;
        grade: number;
        number: number;
        family_name: string;
        given_name: string;
        family_kana: string;
        given_kana: string;
        may_report: boolean;
        correct_until: string;
      }[];
    };
  };
  'GET /api/children/{student_id}/absences': { takes: undefined; gives: { rows: AbsenceGives[] } };
  'GET /api/reasons': {
    takes: undefined;
    gives: { rows: { id: number; label: string; needs_note: boolean; kinds: string[] }[] };
  };
  'POST /api/absences': { takes: AbsenceTakes & { student_id: number }; gives: ReceiptGives };
  'GET /api/absences/{id}': { takes: undefined; gives: AbsenceGives };
  'PUT /api/absences/{id}': { takes: AbsenceTakes & { version: number }; gives: ReceiptGives };
  'GET /api/absences/{id}/versions': {
    takes: undefined;
    gives: {
      rows: {
        version: number;
        action: 'reported' | 'corrected' | 'cancelled' | 'acknowledged';
        made_at: string;
        by: 'you' | 'guardian' | 'other_guardian' | 'school';
        first_day: string;
        last_day: string;
        kind: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early';
        arrive_at: string | null;
        leave_at: string | null;
        reason: string | null;
        note: string | null;
      }[];
    };
  };
  'POST /api/absences/{id}/cancel': { takes: { version: number }; gives: ReceiptGives };
  'POST /api/absences/{id}/acknowledge': { takes: undefined; gives: ReceiptGives };
  'POST /api/classes/{class_id}/acknowledge': {
    takes: { absence_ids: number[] };
    gives: { rows: ReceiptGives[] };
  };
  'GET /api/classes': {
    takes: undefined;
    gives: {
      rows: {
        id: number;
        school_id: number;
        grade: number;
        name: string;
        kind: string;
        students: number;
        sort: number;
      }[];
    };
  };
  'GET /api/classes/{class_id}/students': { takes: undefined; gives: { rows: StudentGives[] } };
  'GET /api/schools': {
    takes: undefined;
    gives: {
      rows: {
        id: number;
        code: string;
        name: string;
        kind: string;
        district: string;
        sort: number;
        students: number;
        classes: number;
      }[];
    };
  };
  'GET /api/schools/{school_id}/students': { takes: undefined; gives: { rows: StudentGives[] } };
  'GET /api/city/history': {
    takes: undefined;
    gives: { rows: { school_id: number; day: string; absent: number; late: number; students: number }[] };
  };
}

export interface SessionGives {
  account_id: number;
  family_name: string;
  given_name: string;
  roles: {
    role: string;
    school_id: number | null;
    school_name: string | null;
    class_id: number | null;
    class_name: string | null;
    grade: number | null;
  }[];
  is_guardian: boolean;
  today: string;
  demo: boolean;
}

export interface AbsenceTakes {
  first_day: string;
  last_day?: string;
  kind: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early';
  arrive_at?: string;
  leave_at?: string;
  reason_id?: number;
  note?: string;
}

export interface AbsenceGives {
  id: number;
  school_id: number;
  class_id: number;
  student_id: number;
  first_day: string;
  last_day: string;
  kind: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early';
  arrive_at: string | null;
  leave_at: string | null;
  reason_id: number | null;
  reason: string | null;
  note: string | null;
  via: 'guardian' | 'school';
  reported_at: string;
  acknowledged_at: string | null;
  cancelled_at: string | null;
  version: number;
}

export interface ReceiptGives {
  id: number;
  version: number;
  at: string;
}

export interface StudentGives {
  student_id: number;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  exchange_class_id: number | null;
  class_id: number;
}
