// The nouns that the screens speak of, as the API gives them. Days are YYYY-MM-DD, times HH:MM[:SS], instants RFC 3339.
import type { Takes } from './api-types';

export interface Role {
  role: string;
  school_id: number | null;
  school_name: string | null;
  class_id: number | null;
  class_name: string | null;
  grade: number | null;
}

export interface Session {
  account_id: number;
  family_name: string;
  given_name: string;
  roles: Role[];
  is_guardian: boolean;
  today: string;
  demo: boolean;
  /** The version of the terms that this person has not agreed to yet. */
  consent_due?: string | null;
  /** Others use this device as well: nothing is kept on it. */
  shared: boolean;
  /** How the second factor that is still due can be shown; null: none is due. */
  second_factor: 'code' | 'passkey' | 'enrol' | null;
}

/** Somewhere else where staff can sign in (OpenID Connect). */
export interface OidcProvider {
  name: string;
  label: string;
}

/** What a code invites to. */
export interface StaffInvitation {
  /** Null: the city. */
  school_name: string | null;
  role: string;
  grade: number | null;
  class_name: string | null;
  family_name: string;
  given_name: string;
  has_account: boolean;
  expires_at: string;
}

export interface DemoAccount {
  label: string;
  login_id: string;
  password: string;
  role: string;
  totp: string | null;
  /** What its authenticator app shows at this moment. */
  code: string | null;
}

/** A device that is signed in. */
export interface Device {
  id: number;
  system: string | null;
  browser: string | null;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  shared: boolean;
  is_this: boolean;
}

/** The ways in that an account has. */
export interface Factors {
  password: boolean;
  totp: boolean;
  totp_since: string | null;
  recovery_codes: number;
  passkeys: number;
  /** Staff: a second factor is a duty. */
  required: boolean;
}

export interface Passkey {
  id: number;
  name: string;
  made_at: string;
  last_used_at: string | null;
  /** Synchronised: other devices of the same person have it too. */
  backed_up: boolean;
}

export interface PasskeyOptions {
  challenge: string;
  rp_id: string;
  user_handle: string;
  user_name: string;
  display_name: string;
  known: string[];
}

export interface RecoveryCodes {
  recovery_codes: string[];
}

export interface DemoMail {
  id: number;
  address: string;
  subject: string;
  body: string;
  sent_at: string;
}

export interface Child {
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
  /** The school shows how many are ill. */
  shows_health: boolean;
}

export type AbsenceInput = Omit<Takes['POST /api/absences'], 'student_id'>;
export type Kind = AbsenceInput['kind'];
export type Symptom = NonNullable<AbsenceInput['symptoms']>[number];
export type PickUp = NonNullable<AbsenceInput['pick_up']>;

/** What a report says: of a version, of a request and of what holds now. */
export interface Content {
  first_day: string;
  last_day: string;
  kind: Kind;
  arrive_at: string | null;
  leave_at: string | null;
  reason: string | null;
  note: string | null;
  pick_up: PickUp | null;
  pick_up_note: string | null;
  symptoms: Symptom[] | null;
}

/** What the one who acknowledged is at the school. */
export type ActingRole = 'homeroom' | 'teacher' | 'nurse' | 'office' | 'administrator';

export interface Absence extends Content {
  id: number;
  school_id: number;
  class_id: number;
  student_id: number;
  reason_id: number | null;
  via: 'guardian' | 'school';
  reported_at: string;
  acknowledged_at: string | null;
  acknowledged_role: ActingRole | null;
  cancelled_at: string | null;
  version: number;
}

export interface Version extends Content {
  version: number;
  action: 'reported' | 'corrected' | 'cancelled' | 'acknowledged';
  made_at: string;
  by: 'you' | 'guardian' | 'other_guardian' | 'school';
}

/** What a guardian asks the school to change after the cut-off. */
interface AskedOf {
  id: number;
  absence_id: number;
  school_id: number;
  class_id: number;
  exchange_class_id: number | null;
  student_id: number;
  reason_id: number | null;
  made_at: string;
  state: 'open' | 'accepted' | 'declined' | 'withdrawn';
  decided_at: string | null;
  answer: string | null;
  version: number;
}

export type AbsenceRequest = AskedOf & (({ action: 'correct' } & Content) | { action: 'cancel'; note: string | null });

/** A child that is away for long (topic standing/...). */
export interface Standing {
  id: number;
  school_id: number;
  class_id: number;
  student_id: number;
  first_day: string;
  last_day: string;
  reason_id: number | null;
  reason: string | null;
  note: string | null;
  made_at: string;
  changed_at: string;
  /** Taken back as a mistake. */
  ended_at: string | null;
  version: number;
}

/** The answer to a write: only what never changes again. */
export interface Receipt {
  id: number;
  version: number;
  at: string;
}

export interface Reason {
  id: number;
  label: string;
  needs_note: boolean;
  kinds: string[];
  asks_symptoms: boolean;
  /** Otherwise the time of arriving and leaving may be left open. */
  asks_times: boolean;
}

export interface SchoolClass {
  id: number;
  school_id: number;
  grade: number;
  name: string;
  kind: string;
  students: number;
  sort: number;
  /** Whether one may acknowledge and enter here, or only look. */
  may_act: boolean;
}

export interface Student {
  student_id: number;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  exchange_class_id?: number | null;
  class_id: number;
}

export interface School {
  id: number;
  code: string;
  name: string;
  kind: string;
  district: string;
  sort: number;
  students: number;
  classes: number;
}

export interface DayFigure {
  school_id: number;
  day: string;
  absent: number;
  late: number;
  students: number;
}

/** One school's figures of the day, live (topic city/all; id is the school's). */
export interface SchoolGauge {
  id: number;
  students: number;
  absent: number;
  late: number;
  leave_early: number;
  unacknowledged: number;
  classes: number;
  called: number;
  unaccounted: number;
  contradicted: number;
  /** Kept away by an illness (出席停止), reported or not; `absent` is without them. */
  suspended: number;
  /** Away for long, without a report. */
  standing: number;
  version: number;
}

/** The same of one class (topic classes/school/<id>). */
export interface ClassGauge extends Omit<SchoolGauge, 'classes' | 'called'> {
  school_id: number;
  /** When its roll was called. */
  called_at: string | null;
  /** A closure holds today. */
  closed: boolean;
}

/** Reports that arrived within one minute of the city's day (topic arrivals/all; id is the minute). */
export interface ArrivalGauge {
  id: number;
  n: number;
  version: number;
}
