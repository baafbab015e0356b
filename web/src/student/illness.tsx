// 病気・出席停止 of one child: what was diagnosed, until when the law keeps it away, when it came again. For the school.
import '../illness/illness.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { useTopic } from '../app/connection';
import type { Disease, Illness } from '../app/gives/illness';
import { t } from '../app/i18n';
import { freeFrom, isSuspended } from '../app/illness';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { loadDiseases, reckoning } from '../illness/diseases';
import { bodyOf, type Draft, draftOf, EMPTY, isWhole } from '../illness/draft';
import { IllnessFields } from '../illness/fields';
import { IllnessVersions, illnessFacts } from '../illness/history';
import { explainReturn, ReturnFields, returnOf, sendReturn } from '../illness/return';
import { words } from '../illness/words';
import { useEdited } from '../manage/edited';
import { explainTo } from '../manage/explain';
import { Overtaken } from '../manage/overtaken';
import { Select, TellLast, useAct } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { State } from '../manage/state';
import { SureButton } from '../manage/sure';
import { SuspendedMark } from '../ui/mark';
import { FoldedForm } from './folded-form';

interface Props {
  of: Illness;
  diseases: Disease[];
  onChanged: () => void;
}

const explainOwn = (error: unknown) => explainTo(words().problem, error);
const suspends = (diseases: Disease[], draft: Draft) => diseases.find((one) => one.code === draft.disease)?.suspends !== 'no';

/** What is stored where something else was typed. */
function storedBeside(of: Illness, draft: Draft): [string, string][] {
  const w = words();
  const stored = draftOf(of);
  const all: [keyof Draft, string, string][] = [
    ['disease', w.disease, of.label],
    ['onset_on', w.onset, of.onset_on],
    ['diagnosed_on', w.diagnosed, stored.diagnosed_on],
    ['institution', w.institution, stored.institution],
    ['ended_on', w.endedPlain, stored.ended_on],
    ['treated_until', w.treated, stored.treated_until],
    ['cleared_on', w.cleared, stored.cleared_on],
    ['suspended_from', w.from, stored.suspended_from],
    ['note', w.note, stored.note],
  ];
  return all.filter(([name]) => draft[name] !== stored[name]).map(([, label, text]) => [label, text]);
}

function Edit({ of, diseases, onChanged }: Props) {
  const { draft, change, changed, overtaken, takeStored, expectOwn } = useEdited(draftOf(of), of.version);
  const { busy, told, act } = useAct(explainOwn);
  const w = words();
  const write = (send: () => Promise<unknown>, text: string) =>
    void act(async () => {
      try {
        await send();
        expectOwn();
      } finally {
        onChanged();
      }
      return { tone: 'good', text };
    });
  const path = { id: of.id };
  const save = () =>
    write(
      () => request('PUT /api/illnesses/{id}', { path, body: { version: of.version, ...bodyOf(draft, { suspends: suspends(diseases, draft) }) } }),
      w.staff.saved,
    );
  return (
    <FoldedForm
      title={w.staff.edit}
      save={w.staff.save}
      disabled={busy || !changed || !isWhole(draft)}
      onSave={save}
      told={overtaken ? <Overtaken stored={storedBeside(of, draft)} onTake={takeStored} /> : <TellLast told={told} />}
      more={
        <SureButton
          button={w.withdraw}
          title={w.withdrawTitle}
          lead={w.withdrawLead}
          keep={w.keep}
          disabled={busy}
          onSure={() => write(() => request('PUT /api/illnesses/{id}/withdraw', { path, body: { version: of.version } }), w.staff.withdrawnDone)}
        />
      }
    >
      <IllnessFields staff draft={draft} diseases={diseases} change={change} />
    </FoldedForm>
  );
}

function Back({ of, diseases, onChanged }: Props) {
  const { draft, change } = useEdited(returnOf(of), of.version);
  const { busy, told, act } = useAct(explainReturn);
  const w = words().staff;
  const disease = diseases.find((one) => one.code === of.disease);
  if (!disease) return null;
  const send = () =>
    act(async () => {
      try {
        await sendReturn(of, draft);
      } finally {
        onChanged();
      }
      return { tone: 'good', text: w.returned(draft.returned_on) };
    });
  return (
    <FoldedForm title={w.return} save={w.returnSave} disabled={busy || !draft.returned_on} onSave={send} told={<TellLast told={told} />}>
      <ReturnFields disease={disease} draft={draft} change={change} />
    </FoldedForm>
  );
}

function Entry(props: Props) {
  const { of, diseases } = props;
  const w = words();
  const disease = diseases.find((one) => one.code === of.disease);
  return (
    <li data-illness={of.id} data-version={of.version}>
      <p class="row">
        <b>{of.label}</b>
        {of.withdrawn_at ? (
          <State shape="cross" tone="quiet">
            {w.staff.withdrawn}
          </State>
        ) : (
          isSuspended(of, today.value) && <SuspendedMark />
        )}
        {of.return_stated_at && (
          <State shape="done" tone="good">
            {w.staff.stated}
          </State>
        )}
      </p>
      {of.suspended_from && !of.withdrawn_at && (
        <p>
          {w.staff.period(of.suspended_from, freeFrom(of))}
          {of.needs && `　${w.staff.unknown[of.needs]}`}
        </p>
      )}
      {of.suspended_from && !of.withdrawn_at && disease && <p class="sub">{reckoning(disease)}</p>}
      <p>{[...illnessFacts(of), w.staff.by[of.via]].join('　')}</p>
      <IllnessVersions of={of} />
      {!of.withdrawn_at && <Edit {...props} />}
      {!of.withdrawn_at && <Back {...props} />}
    </li>
  );
}

function New({ student_id, diseases, onChanged }: Omit<Props, 'of'> & { student_id: number }) {
  const empty = (): Draft => ({ ...EMPTY, onset_on: today.value });
  const [draft, setDraft] = useState(empty);
  const [via, setVia] = useState<'school' | 'phone'>('school');
  const { busy, told, act } = useAct(explainOwn);
  const underKey = useRetryKey();
  const w = words().staff;
  const make = () =>
    void act(async () => {
      const body = { via, ...bodyOf(draft, { suspends: suspends(diseases, draft) }) };
      try {
        await underKey(body, (key) => request('POST /api/students/{student_id}/illnesses', { path: { student_id }, body, key }));
      } finally {
        onChanged();
      }
      setDraft(empty());
      return { tone: 'good', text: w.made };
    });
  return (
    <FoldedForm title={w.new} save={w.make} disabled={busy || !isWhole(draft)} onSave={make} told={<TellLast told={told} />}>
      <Select label={w.via} value={via} options={Object.entries(w.ways)} onChange={(way) => setVia(way === 'phone' ? 'phone' : 'school')} />
      <IllnessFields staff draft={draft} diseases={diseases} change={(part) => setDraft((now) => ({ ...now, ...part }))} />
    </FoldedForm>
  );
}

async function load(student_id: number) {
  const [diseases, illnesses] = await Promise.all([loadDiseases(), request('GET /api/students/{student_id}/illnesses', { path: { student_id } })]);
  return { diseases, rows: illnesses.rows };
}

/** Follows its class's topic only to know when to ask again: the history is longer than what is live. */
function useMoves(class_id: number, student_id: number): string {
  const { rows } = useTopic<Illness>(`illnesses/class/${class_id}`);
  const mine = [...rows.value.values()].filter((row) => row.student_id === student_id);
  return mine.map((row) => `${row.id}.${row.version}`).join();
}

/** For those who work with the child; the board sees numbers, no child's illness. */
export function IllnessSection({ class_id, student_id, left }: { class_id: number; student_id: number; left: boolean }) {
  const moves = useMoves(class_id, student_id);
  const { data, error, retry } = useResource(() => load(student_id), [student_id, moves]);
  const w = words().staff;
  return (
    <section class="panel" aria-labelledby="illness-title" data-section="illness">
      <h2 id="illness-title">{w.title}</h2>
      <p class="sub">{w.lead}</p>
      {!data && Boolean(error) && (
        <div class="row">
          <p class="field-error">{explainOwn(error)}</p>
          <button type="button" class="button" onClick={retry}>
            {t().app.retry}
          </button>
        </div>
      )}
      {data?.rows.length === 0 && <p class="empty">{w.none}</p>}
      <ul class="illnesses">
        {data?.rows.map((of) => (
          <Entry key={of.id} of={of} diseases={data.diseases} onChanged={retry} />
        ))}
      </ul>
      {data && !left && <New student_id={student_id} diseases={data.diseases} onChanged={retry} />}
    </section>
  );
}
