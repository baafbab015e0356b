// What each route of the API takes. Made by `npm run types` from the server's OpenAPI document; not edited by hand.

export interface Takes {
  'POST /api/session': {
    login_id: string;
    password: string;
    shared?: boolean;
  };
  'GET /api/session': undefined;
  'DELETE /api/session': undefined;
  'GET /api/sessions': undefined;
  'DELETE /api/sessions': undefined;
  'DELETE /api/sessions/{id}': undefined;
  'GET /api/demo-accounts': undefined;
  'POST /api/session/second-factor': {
    code: string;
  };
  'GET /api/factors': undefined;
  'POST /api/factors/totp': undefined;
  'DELETE /api/factors/totp': undefined;
  'POST /api/factors/totp/confirm': {
    code: string;
  };
  'POST /api/factors/recovery-codes': undefined;
  'POST /api/accounts/{account_id}/factors/reset': undefined;
  'GET /api/session/passkey': undefined;
  'POST /api/session/passkey': {
    client_data: string;
    authenticator_data: string;
    credential_id: string;
    signature: string;
    user_handle?: string;
    shared?: boolean;
  };
  'GET /api/passkeys': undefined;
  'POST /api/passkeys': {
    client_data: string;
    authenticator_data: string;
    name: string;
  };
  'GET /api/passkeys/challenge': undefined;
  'PUT /api/passkeys/{id}': {
    name: string;
  };
  'DELETE /api/passkeys/{id}': undefined;
  'GET /api/children': undefined;
  'GET /api/children/{student_id}/absences': undefined;
  'GET /api/schools': undefined;
  'POST /api/schools/{school_id}/students/search': {
    q: string;
  };
  'GET /api/classes': undefined;
  'GET /api/classes/{class_id}/students': undefined;
  'GET /api/city/history': undefined;
  'GET /api/reasons': undefined;
  'POST /api/absences': {
    student_id: number;
    first_day: string;
    last_day?: string;
    kind: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early';
    arrive_at?: string;
    leave_at?: string;
    reason_id?: number;
    note?: string;
  };
  'GET /api/absences/{id}': undefined;
  'PUT /api/absences/{id}': {
    version: number;
    first_day: string;
    last_day?: string;
    kind: 'absent' | 'late' | 'leave_early' | 'late_and_leave_early';
    arrive_at?: string;
    leave_at?: string;
    reason_id?: number;
    note?: string;
  };
  'GET /api/absences/{id}/versions': undefined;
  'POST /api/absences/{id}/cancel': {
    version: number;
  };
  'POST /api/absences/{id}/acknowledge': undefined;
  'POST /api/classes/{class_id}/acknowledge': {
    absence_ids: number[];
  };
  'GET /api/demo-mails': undefined;
}
