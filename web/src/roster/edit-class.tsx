// One class: its name, kind and code, and every version that it had.
import './roster.css';
import { useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import type { ClassVersion } from '../app/gives/roster';
import { useResource } from '../app/resource';
import { useEdited } from '../manage/edited';
import { Manage } from '../manage/frame';
import { type HistoryEntry, HistoryList } from '../manage/history';
import { Overtaken } from '../manage/overtaken';
import { TextField } from '../person/fields';
import { type Form, type Trouble, useForm } from '../person/form';
import { className, loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { Choice, EntryForm, explainBy } from './entry-parts';
import { words } from './entry-words';

type Kind = ClassVersion['kind'];

const draftOf = ({ name, kind, code }: ClassVersion) => ({ name, kind, code: code ?? '' });
type Draft = ReturnType<typeof draftOf>;

function explain(error: unknown): Trouble {
  const { problem } = words();
  if (isProblem(error, 'stale_version')) return { problem: problem.stale_version, errors: {} };
  return explainBy({ class_taken: ['name', problem.class_taken], code_taken: ['code', problem.class_code_taken] })(error);
}

/** The other's version is told beside the fields: that says it all. */
const withoutProblem = (form: Form): Form => ({ ...form, trouble: { ...form.trouble, problem: undefined } });

/** What is stored where something else was typed. */
function storedBeside(of: ClassVersion, draft: Draft): [string, string][] {
  const w = words().class;
  const stored = draftOf(of);
  const all: [keyof Draft, string, string][] = [
    ['name', w.name, of.name],
    ['kind', w.kind, w.kinds[of.kind] ?? of.kind],
    ['code', w.codeShort, of.code ?? ''],
  ];
  return all.filter(([name]) => draft[name] !== stored[name]).map(([, label, text]) => [label, text]);
}

function ClassForm({ class_id, of, onChanged }: { class_id: number; of: ClassVersion; onChanged: () => void }) {
  const { draft, change, changed, overtaken, takeStored, expectOwn } = useEdited(draftOf(of), of.version);
  const [saved, setSaved] = useState(false);
  const form = useForm(
    () => ({ name: draft.name.trim() ? '' : words().empty.name }),
    async () => {
      setSaved(false);
      const [name, code] = [draft.name.trim(), draft.code.trim()];
      const body = { version: of.version, name, kind: draft.kind, ...(code ? { code } : {}) };
      try {
        await request('PUT /api/classes/{class_id}', { path: { class_id }, body });
        expectOwn();
        setSaved(true);
      } finally {
        onChanged();
      }
    },
    explain,
  );
  const w = words().class;
  const { errors } = form.trouble;
  return (
    <EntryForm form={overtaken ? withoutProblem(form) : form} lead={words().edit.lead} save={words().edit.save} disabled={!changed}>
      <TextField label={w.name} name="name" autocomplete="off" maxLength={30} value={draft.name} onValue={(name) => change({ name })} hint={w.nameHint} error={errors.name} />
      <Choice label={w.kind} name="kind" value={draft.kind} options={Object.entries(w.kinds)} onValue={(kind) => change({ kind: kind as Kind })} error={errors.kind} />
      <TextField label={w.code} name="code" autocomplete="off" maxLength={100} value={draft.code} onValue={(code) => change({ code })} hint={w.codeHint} error={errors.code} />
      {overtaken && <Overtaken stored={storedBeside(of, draft)} onTake={takeStored} />}
      <div role="status">{saved && !changed && <Notice tone="good">{words().edit.saved}</Notice>}</div>
    </EntryForm>
  );
}

function entryOf(of: ClassVersion): HistoryEntry {
  const { edit, class: w } = words();
  return {
    key: String(of.version),
    at: of.made_at,
    what: edit.action[of.action] ?? of.action,
    by: of.import_id ? edit.byImport : (of.made_by ?? edit.system),
    text: edit.version(className(of), w.kinds[of.kind] ?? of.kind, of.code),
  };
}

async function load(school_id: number, class_id: number): Promise<ClassVersion[]> {
  const [classes, { rows }] = await Promise.all([loadClasses(school_id), request('GET /api/classes/{class_id}/versions', { path: { class_id } })]);
  return classes.some((one) => one.id === class_id) ? rows : [];
}

export function EditClassScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const class_id = Number(params.class);
  const { data, error, retry } = useResource(() => load(school_id, class_id), [school_id, class_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={6} />;
  const [newest] = data;
  if (!newest) return <FailurePage reason="notFound" />;
  const { edit } = words();
  const name = className(newest);
  return (
    <Manage school_id={school_id} tab="registrants" title={edit.title(name)}>
      <p>
        <a href={`/school/${school_id}/registrants?class=${class_id}`}>{edit.list(name)}</a>
      </p>
      <div class="two-columns">
        <ClassForm key={class_id} class_id={class_id} of={newest} onChanged={retry} />
        <HistoryList entries={data.map(entryOf)} />
      </div>
    </Manage>
  );
}
