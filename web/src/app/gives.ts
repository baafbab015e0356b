// What each route of the API gives, by the aliases of its statement; a route that Takes knows must be here.
import type { Takes } from './api-types';
import type { Absence, Child, DayFigure, DemoAccount, DemoMail, Reason, Receipt, School, SchoolClass, Session, Student, Version } from './nouns';
import type * as person from '../person/nouns';

interface Rows<Row> {
  rows: Row[];
}

export interface Gives {
  'POST /api/session': Session;
  'GET /api/session': Session;
  'DELETE /api/session': undefined;
  'GET /api/demo-accounts': Rows<DemoAccount>;
  'GET /api/demo-mails': Rows<DemoMail>;
  'GET /api/children': Rows<Child>;
  'GET /api/children/{student_id}/absences': Rows<Absence>;
  'GET /api/reasons': Rows<Reason>;
  'POST /api/absences': Receipt;
  'GET /api/absences/{id}': Absence;
  'GET /api/absences/{id}/versions': Rows<Version>;
  'PUT /api/absences/{id}': Receipt;
  'POST /api/absences/{id}/cancel': Receipt;
  'POST /api/absences/{id}/acknowledge': Receipt;
  'GET /api/classes': Rows<SchoolClass>;
  'GET /api/classes/{class_id}/students': Rows<Student>;
  'POST /api/classes/{class_id}/acknowledge': Rows<Receipt>;
  'GET /api/schools': Rows<School>;
  'POST /api/schools/{school_id}/students/search': Rows<Student>;
  'GET /api/city/history': Rows<DayFigure>;
  'POST /api/invitations/look': person.Invitation;
  'GET /api/children/{student_id}/invitations': Rows<person.OpenInvitation>;
  'POST /api/children/{student_id}/invitations': person.OpenInvitation;
  'DELETE /api/invitations/{invitation_id}': undefined;
  'POST /api/registrations': person.Started;
  'POST /api/registrations/resend': undefined;
  'POST /api/registrations/confirm': undefined;
  'POST /api/registrations/finish': person.Registered;
  'POST /api/recoveries': person.Started;
  'POST /api/recoveries/resend': undefined;
  'POST /api/recoveries/confirm': { login_id: string };
  'POST /api/recoveries/finish': person.Recovered;
  'GET /api/account': person.Account;
  'PUT /api/account/names': person.Names;
  'POST /api/account/email': { old_code_due: boolean; expires_at: string };
  'POST /api/account/email/confirm': { email: string };
  'DELETE /api/account/email': undefined;
  'POST /api/account/email/stop': undefined;
  'GET /api/account/children': Rows<person.LinkedChild>;
  'POST /api/account/children': person.AddedChild;
  'GET /api/terms': person.Terms;
  'POST /api/consent': { version: string; consented_at: string };
  'GET /api/own-data': person.OwnData;
  'POST /api/own-data/erase': person.Certificate;
}

export type Route = keyof Takes & keyof Gives;
