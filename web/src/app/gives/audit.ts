// What the routes of the audit log give (module audits).
import type { Rows } from './rows';

export type ActorKind = 'staff' | 'board' | 'operator' | 'guardian' | 'gone' | 'system';

export interface AuditRow {
  id: number;
  at: string;
  action: string;
  object_kind: string | null;
  object_id: number | null;
  school_id: number | null;
  school_name: string | null;
  student_id: number | null;
  person_id: number | null;
  account_id: number | null;
  actor_name: string | null;
  actor_kind: ActorKind;
  detail: Record<string, unknown> | null;
}

export interface StudentAuditRow {
  at: string;
  /** Where the next page begins. */
  moment: number;
  id: number;
  source: 'audit' | 'absence';
  scope: 'student' | 'class' | 'school';
  action: string;
  object_kind: string | null;
  object_id: number | null;
  account_id: number | null;
  actor_name: string | null;
  actor_kind: ActorKind;
  detail: Record<string, unknown> | null;
}

export interface AuditGives {
  'GET /api/audit': Rows<AuditRow>;
  'GET /api/students/{student_id}/audit': Rows<StudentAuditRow>;
}
