// 登校届: what ended when, and the day on which the child comes again; in the place of the doctor's paper.
import './illness.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { Disease, Illness } from '../app/gives/illness';
import { Problem } from '../app/problem';
import { useResource } from '../app/resource';
import { navigate } from '../app/router';
import { children } from '../guardian/children';
import { explainTo } from '../manage/explain';
import { Field, TellLast, useAct } from '../manage/parts';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Name } from '../ui/name';
import { PageTop, usePageTitle } from '../ui/page';
import { reckoning } from './diseases';
import { EndFields } from './fields';
import { loadIllness } from './tell';
import { words } from './words';

/** The refusal names the day. */
export function explainReturn(error: unknown): string {
  const earliest = error instanceof Problem && error.code === 'too_early' && error.members.earliest_return;
  return typeof earliest === 'string' ? words().form.tooEarly(earliest) : explainTo(words().problem, error);
}

export interface Return {
  onset_on: string;
  ended_on: string;
  treated_until: string;
  cleared_on: string;
  institution: string;
  returned_on: string;
}

export function returnOf(of: Illness): Return {
  const { onset_on, ended_on, treated_until, cleared_on, institution, returned_on, earliest_return } = of;
  return {
    onset_on,
    ended_on: ended_on ?? '',
    treated_until: treated_until ?? '',
    cleared_on: cleared_on ?? '',
    institution: institution ?? '',
    returned_on: returned_on ?? earliest_return ?? '',
  };
}

export async function sendReturn(of: Illness, { onset_on: _, ...draft }: Return): Promise<void> {
  const said = Object.fromEntries(Object.entries(draft).filter(([, value]) => value.trim() !== ''));
  await request('PUT /api/illnesses/{id}/return', { path: { id: of.id }, body: { version: of.version, returned_on: draft.returned_on, ...said } });
}

export function ReturnFields({ disease, draft, change }: { disease: Disease; draft: Return; change: (part: Partial<Return>) => void }) {
  const w = words();
  const named = disease.suspends === 'by_doctor' || draft.cleared_on !== '';
  return (
    <>
      <EndFields of={disease} draft={draft} change={change} />
      {disease.suspends !== 'no' && (
        <Field name="institution" label={named ? w.institution : `${w.institution}${w.optional}`} maxLength={100} value={draft.institution} onInput={(institution) => change({ institution })} />
      )}
      <Field type="date" name="returned_on" label={w.form.day} min={draft.onset_on} value={draft.returned_on} onInput={(returned_on) => change({ returned_on })} />
    </>
  );
}

function Form({ of, disease }: { of: Illness; disease: Disease }) {
  const [draft, setDraft] = useState(() => returnOf(of));
  const [isChecked, setChecked] = useState(false);
  const { busy, told, tell, act } = useAct(explainReturn);
  const w = words().form;
  const submit = () => {
    if (!draft.returned_on) return tell({ tone: 'bad', text: words().problem.validation ?? '' });
    if (!isChecked) return tell({ tone: 'bad', text: w.checkMissing });
    void act(async () => {
      await sendReturn(of, draft);
      navigate('/home');
    });
  };
  return (
    <form
      class="illness-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p>{w.lead(of.label)}</p>
      <p class="sub">{reckoning(disease)}</p>
      <ReturnFields disease={disease} draft={draft} change={(part) => setDraft((now) => ({ ...now, ...part }))} />
      <label class="tick">
        <input type="checkbox" checked={isChecked} onChange={() => setChecked(!isChecked)} />
        <span>{w.check}</span>
      </label>
      <div class="thumb">
        <TellLast told={told} />
        <button class="button primary wide large" disabled={busy}>
          {busy ? words().sending : w.send}
        </button>
      </div>
    </form>
  );
}

export function ReturnScreen({ params }: { params: Record<string, string> }) {
  const student_id = Number(params.id);
  const id = Number(params.illness);
  const { data, error, retry } = useResource(() => loadIllness(student_id, id), [student_id, id]);
  const child = children.value?.find((one) => one.student_id === student_id);
  const heading = usePageTitle(words().form.title);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  const disease = data?.diseases.find((one) => one.code === data.of?.disease);
  if (data && (!data.of || !disease || child?.may_report === false)) return <FailurePage reason="notFound" />;
  return (
    <div class="page narrow">
      <PageTop back="/home" text={words().back} heading={heading} />
      {child && (
        <p class="only-child">
          <Name of={child} ruby={false} />
        </p>
      )}
      {data?.of && disease ? <Form of={data.of} disease={disease} /> : <Loading lines={6} />}
    </div>
  );
}
