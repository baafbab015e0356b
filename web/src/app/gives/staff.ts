// What the routes of the staff give (module staff).
import type { Takes } from '../api-types';
import type { OidcProvider, StaffInvitation as InvitedTo } from '../nouns';
import type { Rows } from './rows';

export type StaffRole = Takes['POST /api/staff-roles']['role'];

export interface Member {
  role_id: number;
  account_id: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  role: StaffRole;
  school_id: number | null;
  class_id: number | null;
  grade: number | null;
  class_name: string | null;
  valid_from: string;
  valid_to: string | null;
  last_signed_in_at: string | null;
  second_factor: boolean;
  is_self: boolean;
}

export interface StaffInvitation {
  id: number;
  role: StaffRole;
  class_id: number | null;
  grade: number | null;
  class_name: string | null;
  family_name: string;
  given_name: string;
  email_masked: string | null;
  made_at: string;
  expires_at: string;
}

export interface StaffGives {
  'GET /api/schools/{school_id}/staff': Rows<Member>;
  'GET /api/city/staff': Rows<Member>;
  'GET /api/schools/{school_id}/staff-invitations': Rows<StaffInvitation>;
  'GET /api/city/staff-invitations': Rows<StaffInvitation>;
  'POST /api/staff-invitations': { id: number; code: string; expires_at: string };
  'DELETE /api/staff-invitations/{invitation_id}': undefined;
  'POST /api/staff-roles': { role_id: number };
  'DELETE /api/staff-roles/{role_id}': undefined;
  'POST /api/staff-invitations/look': InvitedTo;
  'POST /api/staff-invitations/join': { account_id: number; login_id: string };
  'POST /api/staff-invitations/accept': { school_name: string | null; role: string };
  'GET /api/oidc/providers': Rows<OidcProvider>;
  'POST /api/oidc/start': { url: string };
  'POST /api/oidc/finish': { account_id: number };
}
