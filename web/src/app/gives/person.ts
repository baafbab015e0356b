// What the routes of registration, recovery and the own account give (modules invitations, accounts, own_data).
import type {
  Account,
  AddedChild,
  Certificate,
  Invitation,
  LinkedChild,
  Names,
  OpenInvitation,
  OwnData,
  Recovered,
  Registered,
  Started,
  Terms,
} from '../../person/nouns';
import type { Rows } from './rows';

export interface PersonGives {
  'POST /api/invitations/look': Invitation;
  'GET /api/children/{student_id}/invitations': Rows<OpenInvitation>;
  'POST /api/children/{student_id}/invitations': OpenInvitation;
  'DELETE /api/invitations/{invitation_id}': undefined;
  'POST /api/registrations': Started;
  'POST /api/registrations/resend': undefined;
  'POST /api/registrations/confirm': undefined;
  'POST /api/registrations/finish': Registered;
  'POST /api/recoveries': Started;
  'POST /api/recoveries/resend': undefined;
  'POST /api/recoveries/confirm': { login_id: string };
  'POST /api/recoveries/finish': Recovered;
  'GET /api/account': Account;
  'PUT /api/account/names': Names;
  'POST /api/account/email': { old_code_due: boolean; expires_at: string };
  'POST /api/account/email/confirm': { email: string };
  'DELETE /api/account/email': undefined;
  'POST /api/account/email/stop': undefined;
  'GET /api/account/children': Rows<LinkedChild>;
  'POST /api/account/children': AddedChild;
  'GET /api/terms': Terms;
  'POST /api/consent': { version: string; consented_at: string };
  'GET /api/own-data': OwnData;
  'POST /api/own-data/erase': Certificate;
}
