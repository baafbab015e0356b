// スズキ校務などへの出力: a month of the register as a file in columns that are saved, and what those columns are.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { ExportLack, ExportMapping } from '../app/gives/exports';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { Field, Select, TellLast } from '../manage/parts';
import { monthOf } from '../register/marks';
import { className, loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { type ExportDraft, ExportForm, newExport, type Shown } from './export-form';
import { Act, bad, good, useSettingsAct } from './parts';
import { exportWords, words } from './words';

async function load(school_id?: number): Promise<{ mappings: ExportMapping[]; classes: SchoolClass[] }> {
  const query: Record<string, number> = school_id === undefined ? {} : { school_id };
  const [mappings, classes] = await Promise.all([request('GET /api/export-mappings', { query }), school_id === undefined ? [] : loadClasses()]);
  return { mappings: mappings.rows, classes: classes.filter((one) => one.school_id === school_id) };
}

const nameOf = (lack: ExportLack) =>
  [lack.grade && lack.student_id && `${lack.grade}年${lack.class_name}`, lack.student_id && `${lack.number}番`, lack.name].filter(Boolean).join(' ');

function Lacks({ rows }: { rows: ExportLack[] }) {
  const text = exportWords();
  const kinds = [...new Set(rows.map((one) => one.lacks))];
  if (rows.length === 0) return <Notice tone="good">{text.complete}</Notice>;
  return (
    <div class="stack">
      {kinds.map((kind) => {
        const of = rows.filter((one) => one.lacks === kind);
        return (
          <Notice key={kind} tone="warn">
            <span>{text.lacks[kind](of.length)}</span>
            <details class="export-lacks">
              <summary>{text.lacksWho}</summary>
              <ul>
                {of.map((one) => (
                  <li key={`${one.student_id} ${one.name}`}>{nameOf(one)}</li>
                ))}
              </ul>
            </details>
          </Notice>
        );
      })}
      <p class="sub">{text.lacksEmpty}</p>
    </div>
  );
}

function Checked({ mapping, shown: { school_id, ...period } }: { mapping: ExportMapping; shown: Shown }) {
  const text = exportWords();
  const query = { export_mapping_id: mapping.id, ...period };
  const { data, error, retry } = useResource(
    async () => (await request('GET /api/schools/{school_id}/register/export/check', { path: { school_id }, query })).rows,
    [JSON.stringify([mapping, school_id, period])],
  );
  if (error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <p role="status">{text.checking}</p>;
  const asked = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
  return (
    <>
      <Lacks rows={data} />
      {mapping.charset === 'cp932' && <p class="sub">{text.cp932}</p>}
      <div class="row">
        <a class="button primary" href={`/api/schools/${school_id}/register/export?${asked}`} download>
          {text.download}
        </a>
      </div>
    </>
  );
}

interface MakeProps {
  mappings: ExportMapping[];
  classes: SchoolClass[];
  shown: Shown;
  month: string;
  onMonth: (month: string) => void;
  onClass: (class_id: number | undefined) => void;
}

function Make({ mappings, classes, shown, month, onMonth, onClass }: MakeProps) {
  const text = exportWords();
  const [id, setId] = useState(mappings[0]?.id);
  const mapping = mappings.find((one) => one.id === id) ?? mappings[0];
  return (
    <section class="panel stack" aria-labelledby="export-make">
      <h2 id="export-make">{text.make}</h2>
      {mapping ? (
        <Select label={text.mapping} value={String(mapping.id)} options={mappings.map((one) => [String(one.id), one.name] as const)} onChange={(one) => setId(Number(one))} />
      ) : (
        <p class="empty">{text.none}</p>
      )}
      <Field label={text.month} type="month" value={month} max={today.value.slice(0, 7)} onInput={(one) => one && onMonth(one)} />
      <Select
        label={text.klass}
        value={String(shown.class_id ?? '')}
        options={[['', text.wholeSchool], ...classes.map((one) => [String(one.id), className(one)] as const)]}
        onChange={(one) => onClass(Number(one) || undefined)}
      />
      {mapping && <Checked key={mapping.id} mapping={mapping} shown={shown} />}
    </section>
  );
}

interface ListProps {
  mappings: ExportMapping[];
  school_id?: number;
  busy: boolean;
  onEdit: (mapping: ExportMapping) => void;
  onRemove: (mapping: ExportMapping) => void;
}

function Saved({ mappings, school_id, busy, onEdit, onRemove }: ListProps) {
  const text = exportWords();
  return (
    <section class="panel" aria-labelledby="export-list">
      <h2 id="export-list">{text.list}</h2>
      {mappings.length === 0 && <p class="empty">{text.none}</p>}
      <ul class="entries">
        {mappings.map((one) => {
          const mine = school_id === undefined || one.school_id !== null;
          return (
            <li key={one.id}>
              <b>{one.name}</b>
              <span class="sub">{[text.files[one.file], !mine && text.city].filter(Boolean).join('　')}</span>
              <span class="row push">
                <Act text={mine ? words().edit : text.copy} of={mine ? words().editOf(one.name) : text.copyOf(one.name)} busy={busy} onClick={() => onEdit(one)} />
                {mine && <Act text={words().remove} of={words().removeOf(one.name)} busy={busy} onClick={() => onRemove(one)} />}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function Exports({ school_id }: { school_id?: number }) {
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  const [month, setMonth] = useState(today.value.slice(0, 7));
  const [class_id, setClass] = useState<number>();
  const [editing, setEditing] = useState<{ turn: number; of?: ExportMapping }>({ turn: 0 });
  const { busy, told, run } = useSettingsAct(retry);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={8} />;
  const text = exportWords();
  const [first_day, end] = monthOf(`${month}-01`);
  const last_day = end > today.value ? today.value : end;
  const shown = school_id === undefined ? undefined : { school_id, first_day, last_day, ...(class_id !== undefined && { class_id }) };
  const edit = (of?: ExportMapping) => setEditing((now) => ({ turn: now.turn + 1, of }));
  const put = (draft: ExportDraft) => request('PUT /api/export-mappings', { body: { ...(school_id !== undefined && { school_id }), ...draft } });
  const draftOf = ({ id: _, school_id: __, ...draft }: ExportMapping): ExportDraft => draft;
  const save = (draft: ExportDraft) =>
    run(async () => {
      if (!draft.name.trim()) return bad(text.missing);
      await put({ ...draft, name: draft.name.trim() });
      edit();
      return good(words().saved);
    });
  const remove = (of: ExportMapping) =>
    run(async () => {
      await request('DELETE /api/export-mappings/{export_mapping_id}', { path: { export_mapping_id: of.id } });
      const undo = () => run(async () => (await put(draftOf(of)), good(words().restored)));
      return { ...good(words().removed(of.name)), action: { text: words().undo, run: undo } };
    });
  return (
    <>
      <p>{school_id === undefined ? text.leadCity : text.lead}</p>
      <TellLast told={told} />
      <div class="two-columns">
        <div class="stack">
          {shown && <Make mappings={data.mappings} classes={data.classes} shown={shown} month={month} onMonth={setMonth} onClass={setClass} />}
          <Saved mappings={data.mappings} school_id={school_id} busy={busy} onEdit={edit} onRemove={remove} />
        </div>
        <ExportForm
          key={editing.turn}
          stored={editing.of ? draftOf(editing.of) : newExport()}
          isNew={!editing.of}
          busy={busy}
          shown={shown}
          onSave={save}
          onClose={editing.of && (() => edit())}
        />
      </div>
    </>
  );
}
