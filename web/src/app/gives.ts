// What each route of the API gives, by the aliases of its statement; a route that Takes knows must be here.
import type { Takes } from './api-types';
import type {
  Absence,
  AbsenceRequest,
  Child,
  DayFigure,
  DemoAccount,
  DemoMail,
  Device,
  Factors,
  Passkey,
  PasskeyOptions,
  Reason,
  Receipt,
  RecoveryCodes,
  School,
  SchoolClass,
  Session,
  Standing,
  Student,
  Version,
} from './nouns';
import type { AbsenceListGives } from './gives/absence-list';
import type { AuditGives } from './gives/audit';
import type { ExportGives } from './gives/exports';
import type { GroupGives } from './gives/groups';
import type { HealthGives } from './gives/health';
import type { IllnessGives } from './gives/illness';
import type { NotificationGives } from './gives/notifications';
import type { PersonGives } from './gives/person';
import type { RegistrantGives } from './gives/registrants';
import type { RegisterGives } from './gives/register';
import type { RollGives } from './gives/roll';
import type { RosterGives } from './gives/roster';
import type { Rows } from './gives/rows';
import type { SettingsGives } from './gives/settings';
import type { StaffGives } from './gives/staff';

export interface Gives
  extends PersonGives,
    NotificationGives,
    RegistrantGives,
    RegisterGives,
    ExportGives,
    RollGives,
    RosterGives,
    StaffGives,
    AuditGives,
    SettingsGives,
    IllnessGives,
    HealthGives,
    GroupGives,
    AbsenceListGives {
  'POST /api/session': Session;
  'GET /api/session': Session;
  'DELETE /api/session': undefined;
  'POST /api/session/proof': Session;
  'POST /api/session/proof/passkey': Session;
  'GET /api/sessions': Rows<Device>;
  'DELETE /api/sessions': { ended: number };
  'DELETE /api/sessions/{id}': { id: number };
  'POST /api/session/second-factor': Session;
  'GET /api/factors': Factors;
  'POST /api/factors/totp': { secret: string; uri: string };
  'POST /api/factors/totp/confirm': RecoveryCodes;
  'DELETE /api/factors/totp': { at: string };
  'POST /api/factors/recovery-codes': RecoveryCodes;
  'POST /api/accounts/{account_id}/factors/reset': { id: number; at: string };
  'GET /api/session/passkey': Pick<PasskeyOptions, 'challenge' | 'rp_id'>;
  'POST /api/session/passkey': Session;
  'GET /api/passkeys': Rows<Passkey>;
  'GET /api/passkeys/challenge': PasskeyOptions;
  'POST /api/passkeys': Session;
  'PUT /api/passkeys/{id}': { id: number; name: string };
  'DELETE /api/passkeys/{id}': { id: number; at: string };
  'PUT /api/account/password': undefined;
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
  'POST /api/absences/{id}/requests': Receipt;
  'GET /api/absences/{id}/requests': Rows<AbsenceRequest>;
  'POST /api/requests/{id}/decide': Receipt;
  'POST /api/requests/{id}/withdraw': Receipt;
  'GET /api/students/{student_id}/standing': Rows<Standing>;
  'POST /api/students/{student_id}/standing': Receipt;
  'PUT /api/standing/{id}': Receipt;
  'GET /api/classes': Rows<SchoolClass>;
  'GET /api/classes/{class_id}/students': Rows<Student>;
  'POST /api/classes/{class_id}/acknowledge': Rows<Receipt>;
  'GET /api/schools': Rows<School>;
  'POST /api/schools/{school_id}/students/search': Rows<Student>;
  'GET /api/city/history': Rows<DayFigure>;
}

export type Route = keyof Takes & keyof Gives;
