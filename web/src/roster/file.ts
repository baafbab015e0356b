// What kind of file was chosen, and what it is sent as; of a CSV the first lines, as the server reads them.
import type { CsvColumns } from '../app/gives/roster';
import { upload } from '../app/upload';
import { toCsv } from './csv';

export const MAX_BYTES = 32 * 1024 * 1024;
const SAMPLE_BYTES = 64 * 1024;
const LINE_END = 10;

export interface RosterFile {
  name: string;
  size: number;
  format: 'csv' | 'xlsx' | 'oneroster';
  body: Blob;
  type: string;
  /** Of a CSV or a workbook. */
  columns?: CsvColumns;
}

async function sheet(file: File): Promise<Blob> {
  const { readSheet } = await import('read-excel-file/universal');
  return new Blob([toCsv(await readSheet(file))]);
}

/** The beginning, cut at a line's end so that no character is divided. */
async function beginning(of: Blob): Promise<Blob> {
  if (of.size <= SAMPLE_BYTES) return of;
  const bytes = new Uint8Array(await of.slice(0, SAMPLE_BYTES).arrayBuffer());
  return of.slice(0, bytes.lastIndexOf(LINE_END) + 1 || SAMPLE_BYTES);
}

async function withColumns(file: RosterFile): Promise<RosterFile> {
  const columns = await upload('POST /api/roster/columns', { body: await beginning(file.body), type: 'text/csv' });
  return { ...file, columns };
}

async function formatOf(file: File): Promise<RosterFile['format'] | undefined> {
  const [p, k] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (p === 0x50 && k === 0x4b) return /\.xlsx$/i.test(file.name) ? 'xlsx' : 'oneroster';
  return /\.(csv|txt)$/i.test(file.name) || file.type === 'text/csv' ? 'csv' : undefined;
}

/** Undefined: none of the three, or a workbook that can't be read. */
export async function openFile(file: File): Promise<RosterFile | undefined> {
  const format = await formatOf(file);
  const { name, size } = file;
  if (format === 'oneroster') return { name, size, format, body: file, type: 'application/zip' };
  if (format === 'csv') return withColumns({ name, size, format, body: file, type: 'text/csv' });
  const body = format && (await sheet(file).catch(() => undefined));
  return body && format && withColumns({ name, size, format, body, type: 'text/csv' });
}

export function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))}KB` : `${(bytes / 1024 / 1024).toFixed(1)}MB`;
}
