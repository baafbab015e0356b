// The columns of a file of the register, in their order, with its first lines as they would be.
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import type { ExportCharset, ExportFile, ExportMapping } from '../app/gives/exports';
import { Field, Select } from '../manage/parts';
import { Act, Choice, SettingsForm, Tick } from './parts';
import { exportWords } from './words';

export type ExportDraft = Omit<ExportMapping, 'id' | 'school_id'>;

/** What is shown of: a month of a school, or nothing for the city. */
export interface Shown {
  school_id: number;
  class_id?: number;
  first_day: string;
  last_day: string;
}

const FIRST_FIELDS = ['code', 'number', 'name', 'school_days', 'suspended', 'due', 'absent', 'attended', 'late', 'leave_early'];

export function newExport(): ExportDraft {
  const names = exportWords().fields.sums ?? {};
  return {
    name: '',
    file: 'sums',
    headings: FIRST_FIELDS.map((field) => names[field] ?? ''),
    fields: FIRST_FIELDS,
    charset: 'utf8_bom',
    separator: 'comma',
    with_heading: true,
    neutralised: true,
  };
}

interface Column {
  heading: string;
  field: string;
}

const columnsOf = (draft: ExportDraft): Column[] => draft.fields.map((field, i) => ({ field, heading: draft.headings[i] ?? '' }));

const withColumns = (columns: Column[]) => ({ headings: columns.map((one) => one.heading), fields: columns.map((one) => one.field) });

/** Another file has other fields: those that it lacks fall away. */
function withFile(draft: ExportDraft, file: ExportFile): Partial<ExportDraft> {
  const known = exportWords().fields[file] ?? {};
  const left = columnsOf(draft).filter(({ field }) => field.startsWith('text:') || field in known);
  return { file, ...withColumns(left.length > 0 ? left : [{ field: 'code', heading: known.code ?? '' }]) };
}

function usePreview({ file, headings, fields }: ExportDraft, shown: Shown | undefined) {
  const [lines, setLines] = useState<string[][] | 'wrong'>();
  const asked = JSON.stringify([file, headings, fields, shown]);
  useEffect(() => {
    if (!shown) return;
    let stale = false;
    const { school_id, ...period } = shown;
    const soon = setTimeout(() => {
      request('POST /api/schools/{school_id}/register/export/preview', { path: { school_id }, body: { file, headings, fields, ...period } })
        .then(({ rows }) => rows.map((row) => row.cells))
        .catch(() => 'wrong' as const)
        .then((found) => !stale && setLines(found));
    }, 300);
    return () => {
      stale = true;
      clearTimeout(soon);
    };
  }, [asked]);
  return lines;
}

function Preview({ draft, shown }: { draft: ExportDraft; shown: Shown }) {
  const text = exportWords();
  const lines = usePreview(draft, shown);
  return (
    <section aria-labelledby="export-preview">
      <h3 id="export-preview">{text.preview}</h3>
      <div class="export-preview" role="status">
        {lines === 'wrong' && <p>{text.previewWrong}</p>}
        {lines !== 'wrong' && lines?.length === 0 && <p>{text.previewEmpty}</p>}
        {lines !== 'wrong' && lines && lines.length > 0 && (
          <div class="export-lines" tabIndex={0} role="group" aria-labelledby="export-preview">
            <table class="export-table">
              {draft.with_heading && (
                <thead>
                  <tr>
                    {draft.headings.map((one, i) => (
                      <th key={i} scope="col">
                        {one || <span class="for-readers">{text.columnOf(text.heading, i + 1)}</span>}
                      </th>
                    ))}
                  </tr>
                </thead>
              )}
              <tbody>
                {lines.map((cells, n) => (
                  <tr key={n}>
                    {cells.map((cell, i) => (
                      <td key={i}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </section>
  );
}

interface ColumnProps {
  column: Column;
  n: number;
  last: boolean;
  names: Record<string, string>;
  onChange: (column: Column) => void;
  onMove: (by: -1 | 1) => void;
  onDrop: () => void;
}

function ColumnRow({ column, n, last, names, onChange, onMove, onDrop }: ColumnProps) {
  const text = exportWords();
  const fixed = column.field.startsWith('text:');
  const choose = (field: string) => onChange({ field, heading: column.heading === (names[column.field] ?? '') ? (names[field] ?? '') : column.heading });
  return (
    <li class="export-column">
      <Select
        label={text.columnOf(text.field, n)}
        value={fixed ? 'text:' : column.field}
        options={[...Object.entries(names), ['text:', text.fixed] as const]}
        onChange={choose}
      />
      {fixed && (
        <Field label={text.columnOf(text.fixedText, n)} maxLength={60} value={column.field.slice(5)} onInput={(one) => onChange({ ...column, field: `text:${one}` })} />
      )}
      <Field label={text.columnOf(text.heading, n)} maxLength={60} value={column.heading} onInput={(heading) => onChange({ ...column, heading })} />
      <span class="row">
        <Act text={text.up} of={text.actOf(text.up, n)} busy={n === 1} onClick={() => onMove(-1)} />
        <Act text={text.down} of={text.actOf(text.down, n)} busy={last} onClick={() => onMove(1)} />
        <Act text={text.drop} of={text.actOf(text.drop, n)} busy={n === 1 && last} onClick={onDrop} />
      </span>
    </li>
  );
}

function moved(columns: Column[], at: number, by: -1 | 1): Column[] {
  const copy = [...columns];
  const [one] = copy.splice(at, 1);
  if (one) copy.splice(at + by, 0, one);
  return copy;
}

interface FormProps {
  stored: ExportDraft;
  isNew: boolean;
  busy: boolean;
  shown?: Shown;
  onSave: (draft: ExportDraft) => void;
  onClose?: () => void;
}

export function ExportForm({ stored, isNew, busy, shown, onSave, onClose }: FormProps) {
  const text = exportWords();
  const [draft, setDraft] = useState(stored);
  const change = (part: Partial<ExportDraft>) => setDraft((now) => ({ ...now, ...part }));
  const columns = columnsOf(draft);
  const setColumns = (next: Column[]) => change(withColumns(next));
  const names = text.fields[draft.file] ?? {};
  return (
    <SettingsForm title={isNew ? text.add : text.editTitle} busy={busy} submit={exportWords().save} onSubmit={() => onSave(draft)} onClose={onClose}>
      <Field label={text.name} hint={text.nameHint} maxLength={60} value={draft.name} onInput={(name) => change({ name })} />
      <Choice
        legend={text.file}
        name="export-file"
        options={Object.entries(text.files) as [ExportFile, string][]}
        chosen={draft.file}
        onChange={(file) => change(withFile(draft, file))}
      />
      <fieldset class="field-set">
        <legend>{text.columns}</legend>
        <ol class="export-columns">
          {columns.map((column, i) => (
            <ColumnRow
              key={i}
              column={column}
              n={i + 1}
              last={i + 1 === columns.length}
              names={names}
              onChange={(one) => setColumns(columns.map((old, at) => (at === i ? one : old)))}
              onMove={(by) => setColumns(moved(columns, i, by))}
              onDrop={() => setColumns(columns.filter((_, at) => at !== i))}
            />
          ))}
        </ol>
        <div class="row">
          <button
            type="button"
            class="button small"
            disabled={columns.length >= 60}
            onClick={() => setColumns([...columns, { field: 'code', heading: names.code ?? '' }])}
          >
            {text.addColumn}
          </button>
        </div>
      </fieldset>
      <Select
        label={text.charset}
        value={draft.charset}
        options={Object.entries(text.charsets)}
        onChange={(charset) => change({ charset: charset as ExportCharset })}
      />
      <Select
        label={text.separator}
        value={draft.separator}
        options={Object.entries(text.separators)}
        onChange={(separator) => change({ separator: separator as ExportDraft['separator'] })}
      />
      <Tick checked={draft.with_heading} onChange={(with_heading) => change({ with_heading })}>
        {text.withHeading}
      </Tick>
      <Tick checked={draft.neutralised} onChange={(neutralised) => change({ neutralised })}>
        {text.neutralised}
      </Tick>
      <p class="sub">{text.neutralisedHint}</p>
      {shown && <Preview draft={draft} shown={shown} />}
    </SettingsForm>
  );
}
