// What the routes of groups and audiences give.
import type { Takes } from '../api-types';
import type { Receipt } from '../nouns';
import type { Rows } from './rows';

export type Purpose = Takes['POST /api/groups']['purpose'];

export interface Group {
  id: number;
  school_id: number;
  name: string;
  purpose: Purpose;
  holds: Takes['POST /api/groups']['holds'];
  members: number;
  may_change: boolean;
  version: number;
}

/** A child (with class and number), or a guardian. */
export interface GroupMember {
  student_id: number | null;
  account_id: number | null;
  class_id: number | null;
  number: number | null;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
}

/** Whom a part of an audience reaches; without a part: whom it reaches in all. */
export interface Reach {
  part: string | null;
  children: number;
  guardians: number;
  unreached: number;
}

export interface GroupGives {
  'GET /api/schools/{school_id}/groups': Rows<Group>;
  'POST /api/groups': Receipt;
  'PUT /api/groups/{id}': Receipt;
  'GET /api/groups/{id}/members': Rows<GroupMember>;
  'PUT /api/groups/{id}/members': { id: number; version: number; added: number; removed: number };
  'POST /api/audience': Rows<Reach>;
}
