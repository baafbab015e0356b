// 診断を受けた: a guardian tells an illness, corrects it, takes it back.
import './illness.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { Disease, Illness } from '../app/gives/illness';
import { t } from '../app/i18n';
import { useResource } from '../app/resource';
import { navigate } from '../app/router';
import { today } from '../app/store';
import { children, loadChildren } from '../guardian/children';
import { explainTo } from '../manage/explain';
import { TellLast, useAct } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { SureButton } from '../manage/sure';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { bodyOf, type Draft, draftOf, EMPTY, isWhole } from './draft';
import { loadDiseases } from './diseases';
import { IllnessFields } from './fields';
import { words } from './words';

/** The diseases, and the illness with that id where there is one. */
export async function loadIllness(student_id: number, id: number | undefined) {
  const [diseases, rows] = await Promise.all([
    loadDiseases(),
    id === undefined ? [] : request('GET /api/students/{student_id}/illnesses', { path: { student_id } }).then((answer) => answer.rows),
    children.value ?? loadChildren(),
  ]);
  return { diseases, of: rows.find((row) => row.id === id && !row.withdrawn_at) };
}

function Form({ student_id, diseases, of }: { student_id: number; diseases: Disease[]; of: Illness | undefined }) {
  const [draft, setDraft] = useState<Draft>(() => (of ? draftOf(of) : { ...EMPTY, onset_on: today.value }));
  const { busy, told, tell, act } = useAct((error) => explainTo(words().problem, error));
  const underKey = useRetryKey();
  const w = words();
  const submit = () => {
    if (!isWhole(draft)) return tell({ tone: 'bad', text: w.missing });
    void act(async () => {
      const body = bodyOf(draft, { suspends: false });
      if (of) await request('PUT /api/illnesses/{id}', { path: { id: of.id }, body: { version: of.version, ...body } });
      else await underKey(body, (key) => request('POST /api/students/{student_id}/illnesses', { path: { student_id }, body, key }));
      navigate('/home');
    });
  };
  const withdraw = () =>
    void act(async () => {
      if (of) await request('PUT /api/illnesses/{id}/withdraw', { path: { id: of.id }, body: { version: of.version } });
      navigate('/home');
    });
  return (
    <form
      class="illness-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p>{w.lead}</p>
      <IllnessFields draft={draft} diseases={diseases} change={(part) => setDraft((now) => ({ ...now, ...part }))} />
      {of && <SureButton button={w.withdraw} title={w.withdrawTitle} lead={w.withdrawLead} keep={w.keep} disabled={busy} onSure={withdraw} />}
      <div class="thumb">
        <TellLast told={told} />
        <button class="button primary wide large" disabled={busy}>
          {busy ? w.sending : of ? w.save : w.send}
        </button>
      </div>
    </form>
  );
}

export function TellScreen({ params }: { params: Record<string, string> }) {
  const student_id = Number(params.id);
  const id = params.illness === undefined ? undefined : Number(params.illness);
  const { data, error, retry } = useResource(() => loadIllness(student_id, id), [student_id, id]);
  const child = children.value?.find((one) => one.student_id === student_id);
  const heading = usePageTitle(words().title(child ? t().child.san(child.given_name) : ''));
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (data && ((id !== undefined && !data.of) || child?.may_report === false)) return <FailurePage reason="notFound" />;
  return (
    <div class="page narrow">
      <PageTop back="/home" text={words().back} heading={heading} />
      {data ? <Form key={data.of?.version} student_id={student_id} {...data} /> : <Loading lines={8} />}
    </div>
  );
}
