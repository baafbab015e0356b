// What the routes of the register's files by a saved mapping give.
import type { Takes } from '../api-types';
import type { Rows } from './rows';

type Put = Takes['PUT /api/export-mappings'];
export type ExportFile = Put['file'];
export type ExportCharset = Put['charset'];

/** Without a school it is the city's. */
export interface ExportMapping {
  id: number;
  school_id: number | null;
  name: string;
  file: ExportFile;
  headings: string[];
  fields: string[];
  charset: ExportCharset;
  separator: Put['separator'];
  with_heading: boolean;
  neutralised: boolean;
}

/** What would stand empty. */
export interface ExportLack {
  lacks: 'code' | 'class_code' | 'mark_code' | 'reason_code';
  name: string | null;
  student_id: number | null;
  grade: number | null;
  class_name: string | null;
  number: number | null;
  lines: number;
}

export interface ExportGives {
  'GET /api/export-mappings': Rows<ExportMapping>;
  'PUT /api/export-mappings': { id: number };
  'DELETE /api/export-mappings/{export_mapping_id}': undefined;
  'GET /api/schools/{school_id}/register/export': unknown;
  'GET /api/schools/{school_id}/register/export/check': Rows<ExportLack>;
  'POST /api/schools/{school_id}/register/export/preview': Rows<{ cells: string[] }>;
}
