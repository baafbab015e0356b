// One child by hand: somebody who moved in, before any file knows of it.
import './roster.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { navigate, place } from '../app/router';
import { Manage } from '../manage/frame';
import { useRetryKey } from '../manage/retry-key';
import { TextField } from '../person/fields';
import { useForm } from '../person/form';
import { NameFields, nameErrors, NO_NAMES, tidyNames } from '../person/names';
import { words as person } from '../person/words';
import { className, loadClasses, loadRoster } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Choice, EntryForm, explainBy } from './entry-parts';
import { words } from './entry-words';

const EMPTY = { ...NO_NAMES, class_id: '', number: '', code: '', exchange_class_id: '' };
type Draft = typeof EMPTY;

const numberOf = (typed: string) => Number(typed.normalize('NFKC').trim());

function check(draft: Draft) {
  const { empty } = words();
  const number = numberOf(draft.number);
  return {
    class_id: draft.class_id ? '' : empty.class_id,
    ...nameErrors(draft),
    number: Number.isInteger(number) && number >= 1 && number <= 999 ? '' : empty.number,
  };
}

function bodyOf(draft: Draft) {
  const { class_id, exchange_class_id, number, code, ...names } = draft;
  return {
    ...tidyNames(names),
    class_id: Number(class_id),
    number: numberOf(number),
    ...(code.trim() ? { code: code.trim() } : {}),
    ...(exchange_class_id ? { exchange_class_id: Number(exchange_class_id) } : {}),
  };
}

function explain(error: unknown) {
  const { problem } = words();
  return explainBy({
    number_taken: ['number', problem.number_taken],
    code_taken: ['code', problem.student_code_taken],
    kana_format: ['family_kana', person().names.kana],
    old_class: ['class_id', problem.old_class],
  })(error);
}

function nextNumber(class_id: string): Promise<number | undefined> {
  if (!class_id) return Promise.resolve(undefined);
  const own = Number(class_id);
  return loadRoster(own).then((all) => 1 + all.filter((one) => one.class_id === own).reduce((most, one) => Math.max(most, one.number), 0));
}

function NewStudent({ school_id, classes }: { school_id: number; classes: SchoolClass[] }) {
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, class_id: place.value.query.get('class') ?? '' });
  const once = useRetryKey();
  const next = useResource(() => nextNumber(draft.class_id), [draft.class_id]).data;
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const form = useForm(
    () => check(draft),
    async () => {
      const body = bodyOf(draft);
      const { id } = await once(body, (key) => request('POST /api/students', { body, key }));
      navigate(`/school/${school_id}/students/${id}`, { replace: true });
    },
    explain,
  );
  const w = words().student;
  const { errors } = form.trouble;
  const options = (of: SchoolClass[], none: string): [string, string][] => [['', none], ...of.map((one): [string, string] => [String(one.id), className(one)])];
  const exchanges = classes.filter((one) => one.kind === 'regular' && String(one.id) !== draft.class_id);
  const supported = classes.find((one) => String(one.id) === draft.class_id)?.kind === 'support';
  return (
    <EntryForm form={form} lead={w.lead} save={w.save}>
      <Choice
        label={w.class}
        name="class_id"
        value={draft.class_id}
        options={options(classes, w.choose)}
        onValue={(class_id) => change({ class_id, exchange_class_id: '' })}
        error={errors.class_id}
      />
      {supported && (
        <Choice
          label={w.exchange}
          name="exchange_class_id"
          value={draft.exchange_class_id}
          options={options(exchanges, w.noExchange)}
          onValue={(exchange_class_id) => change({ exchange_class_id })}
          error={errors.exchange_class_id}
        />
      )}
      <TextField
        label={w.number}
        name="number"
        inputMode="numeric"
        autocomplete="off"
        maxLength={3}
        value={draft.number}
        onValue={(number) => change({ number })}
        hint={next ? w.numberHint(next) : undefined}
        error={errors.number}
      />
      <NameFields names={draft} onChange={change} errors={errors} />
      <TextField label={w.code} name="code" autocomplete="off" maxLength={100} value={draft.code} onValue={(code) => change({ code })} hint={w.codeHint} error={errors.code} />
    </EntryForm>
  );
}

export function NewStudentScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const load = async () => (await loadClasses(school_id)).filter((one) => one.school_id === school_id);
  const { data, error, retry } = useResource(load, [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={8} />;
  const w = words();
  return (
    <Manage school_id={school_id} tab="roster" title={w.student.title}>
      {data.length > 0 ? (
        <NewStudent school_id={school_id} classes={data} />
      ) : (
        <p class="empty panel">
          {w.student.noClasses} <a href={`/school/${school_id}/classes/new`}>{w.class.title}</a>
        </p>
      )}
    </Manage>
  );
}
