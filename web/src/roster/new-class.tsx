// One class of this school year by hand.
import './roster.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { School } from '../app/nouns';
import { useResource } from '../app/resource';
import { Manage } from '../manage/frame';
import { useRetryKey } from '../manage/retry-key';
import { TextField } from '../person/fields';
import { useForm } from '../person/form';
import { className } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { Choice, EntryForm, explainBy } from './entry-parts';
import { words } from './entry-words';

const EMPTY = { grade: '1', name: '', kind: 'regular', code: '' };
const GRADES: Record<string, number> = { elementary: 6, junior_high: 3 };

function explain(error: unknown) {
  const { problem } = words();
  return explainBy({ class_taken: ['name', problem.class_taken], code_taken: ['code', problem.class_code_taken] })(error);
}

interface Made {
  id: number;
  name: string;
}

function NewClass({ school, onMade }: { school: School; onMade: (made: Made) => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const once = useRetryKey();
  const change = (part: Partial<typeof EMPTY>) => setDraft((now) => ({ ...now, ...part }));
  const form = useForm(
    () => ({ name: draft.name.trim() ? '' : words().empty.name }),
    async () => {
      const [grade, name, code] = [Number(draft.grade), draft.name.trim(), draft.code.trim()];
      const body = { school_id: school.id, grade, name, kind: draft.kind as 'regular' | 'support', ...(code ? { code } : {}) };
      const { id } = await once(body, (key) => request('POST /api/classes', { body, key }));
      onMade({ id, name: className({ grade, name }) });
    },
    explain,
  );
  const w = words().class;
  const { errors } = form.trouble;
  const grades = Array.from({ length: GRADES[school.kind] ?? 9 }, (_, i): [string, string] => [String(i + 1), w.gradeOf(i + 1)]);
  return (
    <EntryForm form={form} lead={w.lead} save={w.save}>
      <Choice label={w.grade} name="grade" value={draft.grade} options={grades} onValue={(grade) => change({ grade })} error={errors.grade} />
      <TextField label={w.name} name="name" autocomplete="off" maxLength={30} value={draft.name} onValue={(name) => change({ name })} hint={w.nameHint} error={errors.name} />
      <Choice label={w.kind} name="kind" value={draft.kind} options={Object.entries(w.kinds)} onValue={(kind) => change({ kind })} error={errors.kind} />
      <TextField label={w.code} name="code" autocomplete="off" maxLength={100} value={draft.code} onValue={(code) => change({ code })} hint={w.codeHint} error={errors.code} />
    </EntryForm>
  );
}

function Done({ made, school_id, onAnother }: { made: Made; school_id: number; onAnother: () => void }) {
  const w = words().class;
  return (
    <div class="panel entry-form">
      <Notice tone="good" urgent>
        {w.done(made.name)}
      </Notice>
      <div class="row">
        <a class="button primary" href={`/school/${school_id}/students/new?class=${made.id}`}>
          {w.next}
        </a>
        <button type="button" class="button" onClick={onAnother}>
          {w.another}
        </button>
      </div>
    </div>
  );
}

export function NewClassScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const [made, setMade] = useState<Made>();
  const load = async () => ({ school: (await request('GET /api/schools')).rows.find((one) => one.id === school_id) });
  const { data, error, retry } = useResource(load, [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={6} />;
  if (!data.school) return <FailurePage reason="notFound" />;
  return (
    <Manage school_id={school_id} tab="roster" title={words().class.title}>
      {made ? <Done made={made} school_id={school_id} onAnother={() => setMade(undefined)} /> : <NewClass school={data.school} onMade={setMade} />}
    </Manage>
  );
}
