// What the routes about guardians and their registration give (modules invitations and registrants).
import type { Names } from '../../person/nouns';
import type { Rows } from './rows';

export type Rights = 'report' | 'read' | 'contact' | 'blocked';
export type Relation = 'mother' | 'father' | 'grandparent' | 'other';
export type MailState = 'none' | 'ok' | 'problem';
/** Why neither mail nor a notification reaches somebody. */
export type Unreached = 'no_address' | 'undeliverable';
export type LetterState = 'none' | 'open' | 'used' | 'expired' | 'revoked';

export interface ClassRegistration {
  class_id: number;
  grade: number;
  class_name: string;
  children: number;
  registered: number;
  open_letters: number;
  no_letter: number;
  mail_problems: number;
}

export interface RegistrantGuardian {
  account_id: number;
  family_name: string;
  given_name: string;
  relation: Relation;
  rights: Rights;
  last_signed_in_at: string | null;
  mail: MailState;
  unreached: Unreached | null;
}

export interface Registrant {
  student_id: number;
  class_id: number;
  grade: number;
  class_name: string;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  letter: LetterState;
  letter_expires_at: string | null;
  guardians: RegistrantGuardian[];
}

/** One guardian of one child, as the office sees them. */
export interface Guardianship extends RegistrantGuardian {
  version: number;
  names_version: number;
  login_id: string;
  family_kana: string;
  given_kana: string;
  valid_from: string;
  valid_to: string | null;
  via: 'letter' | 'guardian' | 'school';
  made_at: string;
  email_masked: string | null;
  devices: number;
  is_staff: boolean;
}

interface MadeVersion extends Names {
  account_id: number;
  version: number;
  made_at: string;
  made_by: 'guardian' | 'school' | 'board' | 'roster';
}

export interface GuardianshipVersion extends MadeVersion {
  action: 'made' | 'changed' | 'removed';
  relation: Relation;
  rights: Rights;
  valid_from: string;
  valid_to: string | null;
}

/** The names as they were made then, and what they had been. */
export interface GuardianRenamed extends MadeVersion {
  action: 'renamed';
  former: Names;
}

export type GuardianVersion = GuardianshipVersion | GuardianRenamed;

export interface Letter {
  id: number;
  code: string;
  letter: number;
  student_id: number;
  school_id: number;
  school_name: string;
  school_phone: string | null;
  class_id: number;
  grade: number;
  class_name: string;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  guardians: number;
  made_at: string;
  expires_at: string;
}

export interface ResetCode {
  code: string;
  login_id: string;
  family_name: string;
  given_name: string;
  expires_at: string;
}

export interface RegistrantGives {
  'POST /api/schools/{school_id}/letters': { issued: number; revoked: number; open: number };
  'POST /api/schools/{school_id}/letters/list': Rows<Letter>;
  'POST /api/schools/{school_id}/letters/revoke': { revoked: number };
  'GET /api/schools/{school_id}/registrants': Rows<ClassRegistration>;
  'POST /api/schools/{school_id}/registrants/search': Rows<Registrant>;
  'POST /api/schools/{school_id}/registrants/list': Rows<unknown>;
  'GET /api/students/{student_id}/guardians': Rows<Guardianship>;
  'PUT /api/students/{student_id}/guardians/{account_id}': { version: number; at: string };
  'PUT /api/students/{student_id}/guardians/{account_id}/names': { version: number; at: string };
  'DELETE /api/students/{student_id}/guardians/{account_id}': undefined;
  'GET /api/students/{student_id}/guardians/versions': Rows<GuardianVersion>;
  'POST /api/students/{student_id}/guardians/{account_id}/reset': ResetCode;
  'POST /api/students/{student_id}/guardians/{account_id}/forget-email': undefined;
}
