// What the routes of the calendar, the hours and the reasons give.
import type { Takes } from '../api-types';
import type { Receipt } from '../nouns';
import type { Rows } from './rows';

export type EntryKind = Takes['POST /api/calendar']['kind'];
export type SchoolKind = NonNullable<Takes['POST /api/calendar']['school_kind']>;
export type RuleDays = Takes['POST /api/intake']['days'];
export type RuleKind = Takes['POST /api/intake']['kinds'][number];
export type CountsAs = Takes['PUT /api/marks']['counts_as'];

/** An entry of the calendar. National holidays have no id; without a school it is the city's. */
export interface CalendarEntry {
  id: number | null;
  school_id?: number | null;
  school_kind: SchoolKind | null;
  grades: number[] | null;
  first_day: string;
  last_day: string;
  kind: EntryKind | 'national';
  label: string;
  version: number | null;
}

/** What a file would do to the calendar; `line` null: an entry that the file does not name. */
export interface CalendarChange {
  line: number | null;
  action: 'added' | 'replaced' | 'same' | 'removed';
  first_day: string;
  last_day: string;
  school_kind: SchoolKind | null;
  grades: number[] | null;
  kind: EntryKind;
  label: string;
  kind_before: EntryKind | null;
  label_before: string | null;
}

export interface CalendarProblem {
  line: number | null;
  column_no: number | null;
  column_name: string | null;
  code: string;
  text: string;
}

/** `plan` names exactly these changes. */
export interface CalendarCheck {
  plan: string;
  encoding: string;
  changes: CalendarChange[];
  problems: CalendarProblem[];
}

/** When reports are not taken. `holds`: at this school, now. */
export interface IntakeRule {
  id: number;
  school_id?: number | null;
  overrides?: number | null;
  days: RuleDays;
  weekdays: number[] | null;
  first_day: string | null;
  last_day: string | null;
  from_time: string;
  to_time: string;
  kinds: RuleKind[];
  about: 'same_day' | 'any';
  message: string;
  active: boolean;
  holds?: boolean;
  overridden?: number;
  version: number;
}

export interface KeptReason {
  id: number;
  school_id?: number | null;
  overrides?: number | null;
  sort: number;
  label: string;
  labels: Record<string, string>;
  needs_note: boolean;
  kinds: RuleKind[];
  asks_symptoms: boolean;
  asks_times: boolean;
  mark: string | null;
  external_code: string | null;
  active: boolean;
  holds?: boolean;
  overridden?: number;
  version: number;
}

export interface Mark {
  code: string;
  label: string;
  symbol: string;
  counts_as: CountsAs;
  sort: number;
  external_code: string | null;
  version: number;
}

export interface Times {
  correct_until: string;
  escalate_at: string;
  escalate_again_at: string | null;
  version: number;
}

/** Hours in which a school takes no reports: open now, or to come until the day after tomorrow. */
export interface ShutWindow {
  school_id: number;
  rule_id: number;
  kinds: RuleKind[];
  about: 'same_day' | 'any';
  message: string;
  starts_at: string;
  ends_at: string;
}

/** A day of a child's that is not as Monday to Friday are. */
export interface ChildDay {
  student_id: number;
  day: string;
  is_school: boolean;
  label: string;
}

export interface SettingsGives {
  'GET /api/schools/{school_id}/calendar': Rows<CalendarEntry>;
  'GET /api/city/calendar': Rows<CalendarEntry>;
  'GET /api/children/days': Rows<ChildDay>;
  'POST /api/calendar': Receipt;
  'PUT /api/calendar/{entry_id}': Receipt;
  'DELETE /api/calendar/{entry_id}': undefined;
  'GET /api/calendar/file': unknown;
  'POST /api/calendar/check': CalendarCheck;
  'POST /api/calendar/import': { added: number; replaced: number; removed: number; same: number };
  'GET /api/schools/{school_id}/intake': Rows<IntakeRule>;
  'GET /api/city/intake': Rows<IntakeRule>;
  'GET /api/children/intake': Rows<ShutWindow>;
  'POST /api/intake': Receipt;
  'PUT /api/intake/{rule_id}': Receipt;
  'DELETE /api/intake/{rule_id}': undefined;
  'GET /api/schools/{school_id}/times': Times;
  'PUT /api/schools/{school_id}/times': Receipt;
  'GET /api/schools/{school_id}/reasons': Rows<KeptReason>;
  'GET /api/city/reasons': Rows<KeptReason>;
  'POST /api/reasons': Receipt;
  'POST /api/reasons/order': Rows<{ id: number; sort: number }>;
  'PUT /api/reasons/{reason_id}': Receipt;
  'DELETE /api/reasons/{reason_id}': undefined;
  'GET /api/marks': Rows<Mark>;
  'PUT /api/marks': { code: string; version: number; at: string };
}
