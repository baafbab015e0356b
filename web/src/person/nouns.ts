// The nouns of registration, recovery and the own account, as the API gives them.
import type { Takes } from '../app/api-types';
import type { Role } from '../app/nouns';

export type Relation = Takes['POST /api/account/children']['relation'];
export type Rights = 'report' | 'read' | 'contact';

export interface Invitation {
  kind: 'link' | 'guardian' | 'reset';
  expires_at: string;
  school_name: string;
  school_phone: string;
  grade: number;
  class_name: string;
  family_name: string;
  given_name: string;
  guardians: number;
  guardians_max: number;
  room: boolean;
}

/** What holds the steps of a registration or a recovery together; only this tab knows the token. */
export interface Started {
  token: string;
  by_mail: boolean;
  expires_at: string;
}

export interface Registered {
  account_id: number;
  login_id: string;
  family_name: string;
  given_name: string;
  student_id: number;
}

export type Recovered = Omit<Registered, 'student_id'>;

export interface Account {
  account_id: number;
  login_id: string;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  email: string | null;
  email_pending: string | null;
  language: string;
  has_password: boolean;
  second_factor: boolean;
  consent_version: string | null;
  consented_at: string | null;
  made_at: string;
}

export type Names = Pick<Account, 'family_name' | 'given_name' | 'family_kana' | 'given_kana'>;

export interface LinkedChild {
  student_id: number;
  school_id: number;
  school_name: string;
  school_phone: string;
  grade: number;
  class_name: string;
  family_name: string;
  given_name: string;
  relation: Relation;
  rights: Rights;
  guardians: number;
  guardians_max: number;
  others: Relation[];
  may_invite: boolean;
  valid_to: string | null;
}

export interface AddedChild {
  student_id: number;
  school_name: string;
  family_name: string;
  given_name: string;
  already: boolean;
}

export interface OpenInvitation {
  id: number;
  code: string;
  expires_at: string;
}

export interface Terms {
  version: string;
  published_at: string;
  changes: string | null;
  body: string;
}

export interface OwnData {
  account: Omit<Account, 'account_id' | 'email_pending' | 'consent_version' | 'consented_at'> & { id: number; last_signed_in_at: string | null };
  children: (Pick<LinkedChild, 'student_id' | 'school_name' | 'grade' | 'class_name' | 'family_name' | 'given_name' | 'relation'> & {
    number: number;
    rights: Rights | 'blocked';
    valid_from: string;
    valid_to: string | null;
    made_at: string;
  })[];
  roles: Role[];
  sessions: { device: string; created_at: string; last_seen_at: string; expires_at: string; current: boolean }[];
  reports: { at: string; student_id: number; action: string; first_day: string; last_day: string; kind: string; reason: string | null; note: string | null }[];
  illnesses: { at: string; student_id: number; action: string; disease: string }[];
  consents: { version: string; at: string }[];
  mails: { at: string; state: string }[];
  audit: { action: string; rows: number; last_at: string }[];
  leaving: { may: boolean; why: 'still_staff' | null; alone: { student_id: number; family_name: string; given_name: string }[] };
}

export interface Certificate {
  id: number;
  applied_at: string;
  counts: Record<string, number>;
  backups_until: string;
}
