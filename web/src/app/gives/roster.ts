// What the routes of the roster give (module roster): imports, roll-overs, children and classes.
import type { Rows } from './rows';

export type ImportState = 'staged' | 'checked' | 'booked' | 'scheduled' | 'applied' | 'undone' | 'discarded';

export interface RosterImport {
  id: number;
  school_id: number | null;
  school_name: string | null;
  kind: 'oneroster' | 'csv' | 'rollover';
  mode: 'bulk' | 'delta' | null;
  encoding: string | null;
  school_year: number;
  state: ImportState;
  on_day: string | null;
  read_days: number | null;
  n_rows: number;
  n_errors: number;
  n_warnings: number;
  counts: Record<string, number> | null;
  made_at: string;
  made_by: string | null;
  planned_at: string | null;
  applied_at: string | null;
  applied_by: string | null;
  undone_at: string | null;
  undone_by: string | null;
  may_undo: boolean;
}

export interface ChangeCount {
  school_id: number;
  school_name: string;
  kind: string;
  n: number;
}

/** What one child or class is before or after: those columns that the change is about. */
export type Side = Record<string, string | number | boolean | null> | null;

export interface RosterChange {
  id: number;
  object: string;
  object_id: number | null;
  school_id: number;
  school_name: string;
  kinds: string[];
  matched_by: string | null;
  line: number | null;
  before: Side;
  after: Side;
  before_grade: number | null;
  before_class: string | null;
  after_grade: number | null;
  after_class: string | null;
}

export interface RosterProblem {
  id: number;
  severity: 'error' | 'warning';
  code: string;
  file: string | null;
  line: number | null;
  column_no: number | null;
  column_name: string | null;
  text: string | null;
  student_id: number | null;
}

export interface Place {
  student_id: number;
  code: string | null;
  number: number | null;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  from_school_id: number;
  from_grade: number;
  from_class: string;
  school_id: number | null;
  grade: number | null;
  class_name: string | null;
  class_kind: string | null;
  next_number: number | null;
  source: 'promoted' | 'list' | 'manual';
  undecided: boolean;
  leaves: boolean;
}

export interface NextClass {
  school_id: number;
  grade: number;
  class_name: string;
  class_kind: 'regular' | 'support';
  students: number;
}

export interface NextSchool {
  school_id: number;
  school_name: string;
  next_school_id: number | null;
  next_school_name: string | null;
}

export interface RosterMapping {
  id: number;
  school_id: number | null;
  name: string;
  encoding: string | null;
  columns: Record<string, string>;
}

/** A look into a CSV: its first lines as cells. */
export interface CsvColumns {
  encoding: string;
  columns: number;
  lines: string[][];
  problems: { line: number; column: number; code: string; text: string }[];
}

export interface StudentRecord {
  id: number;
  version: number;
  school_id: number;
  school_name: string;
  class_id: number;
  class_name: string;
  grade: number;
  class_kind: string;
  number: number;
  code: string | null;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  exchange_class_id: number | null;
  exchange_class_name: string | null;
  left_on: string | null;
}

export interface StudentVersion {
  version: number;
  action: string;
  made_at: string;
  made_by: string | null;
  import_id: number | null;
  school_id: number;
  school_name: string;
  class_name: string;
  grade: number;
  number: number;
  family_name: string;
  given_name: string;
  family_kana: string;
  given_kana: string;
  exchange_class_id: number | null;
  code: string | null;
  left_on: string | null;
}

export interface ClassVersion {
  version: number;
  action: string;
  made_at: string;
  made_by: string | null;
  import_id: number | null;
  school_year: number;
  grade: number;
  name: string;
  kind: 'regular' | 'support';
  code: string | null;
}

interface Written {
  id: number;
  version: number;
  at: string;
}

export interface RosterGives {
  'POST /api/roster/columns': CsvColumns;
  'POST /api/roster/imports': RosterImport;
  'GET /api/roster/imports': Rows<RosterImport>;
  'GET /api/roster/imports/{import_id}': RosterImport;
  'GET /api/roster/imports/{import_id}/summary': Rows<ChangeCount>;
  'GET /api/roster/imports/{import_id}/changes': Rows<RosterChange>;
  'GET /api/roster/imports/{import_id}/problems': Rows<RosterProblem>;
  'POST /api/roster/imports/{import_id}/plan': RosterImport;
  'POST /api/roster/imports/{import_id}/apply': RosterImport;
  'POST /api/roster/imports/{import_id}/undo': RosterImport;
  'POST /api/roster/imports/{import_id}/discard': RosterImport;
  'POST /api/roster/rollovers': RosterImport;
  'POST /api/roster/imports/{import_id}/schedule': RosterImport;
  'POST /api/roster/imports/{import_id}/unschedule': RosterImport;
  'GET /api/roster/imports/{import_id}/places': Rows<Place>;
  'GET /api/roster/imports/{import_id}/classes': Rows<NextClass>;
  'PUT /api/roster/imports/{import_id}/places': Place;
  'POST /api/roster/imports/{import_id}/places/clear': undefined;
  'GET /api/roster/next-schools': Rows<NextSchool>;
  'PUT /api/schools/{school_id}/next-school': { id: number };
  'GET /api/roster/mappings': Rows<RosterMapping>;
  'PUT /api/roster/mappings': { id: number };
  'DELETE /api/roster/mappings/{mapping_id}': undefined;
  'GET /api/students/{student_id}': StudentRecord;
  'GET /api/students/{student_id}/versions': Rows<StudentVersion>;
  'POST /api/students': Written;
  'POST /api/classes': Written;
  'PUT /api/students/{student_id}': Written;
  'PUT /api/classes/{class_id}': Written;
  'GET /api/classes/{class_id}/versions': Rows<ClassVersion>;
  'POST /api/students/{student_id}/leave': Written;
  'POST /api/students/{student_id}/return': Written;
  'POST /api/students/{student_id}/move': Written;
}
