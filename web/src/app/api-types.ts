// What each route of the API takes. Made by `npm run types` from the server's OpenAPI document; not edited by hand.

export interface Takes {
  'POST /api/session': {
    login_id: string;
    password: string;
  };
  'GET /api/session': undefined;
  'DELETE /api/session': undefined;
  'GET /api/demo-accounts': undefined;
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
  'POST /api/invitations/look': {
    code: string;
  };
  'GET /api/children/{student_id}/invitations': undefined;
  'POST /api/children/{student_id}/invitations': {
    email?: string;
  };
  'DELETE /api/invitations/{invitation_id}': undefined;
  'POST /api/registrations': {
    code: string;
    email?: string;
  };
  'POST /api/registrations/resend': {
    token: string;
  };
  'POST /api/registrations/confirm': {
    token: string;
    mail_code: string;
  };
  'POST /api/registrations/finish': {
    token: string;
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
    relation: 'mother' | 'father' | 'grandparent' | 'other';
    password: string;
    consent_version: string;
    language?: string;
  };
  'POST /api/recoveries': {
    login?: string;
    code?: string;
  };
  'POST /api/recoveries/resend': {
    token: string;
  };
  'POST /api/recoveries/confirm': {
    token: string;
    mail_code: string;
  };
  'POST /api/recoveries/finish': {
    token: string;
    password: string;
  };
  'GET /api/account': undefined;
  'PUT /api/account/names': {
    family_name: string;
    given_name: string;
    family_kana: string;
    given_kana: string;
  };
  'PUT /api/account/password': {
    old_password?: string;
    password: string;
  };
  'POST /api/account/email': {
    email: string;
    password: string;
  };
  'POST /api/account/email/confirm': {
    mail_code: string;
    old_mail_code?: string;
  };
  'DELETE /api/account/email': undefined;
  'POST /api/account/email/stop': {
    code: string;
  };
  'GET /api/account/children': undefined;
  'POST /api/account/children': {
    code: string;
    relation: 'mother' | 'father' | 'grandparent' | 'other';
  };
  'GET /api/terms': undefined;
  'POST /api/consent': {
    version: string;
  };
  'GET /api/own-data': undefined;
  'POST /api/own-data/erase': {
    password: string;
  };
}
