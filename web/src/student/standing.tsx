// Long absences of one child, as agreed with the family: entered, changed, taken back. Guardians see them too.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { addDays, covers, formatDays, schoolYear } from '../app/days';
import { t } from '../app/i18n';
import type { Reason, Standing } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { explainTo } from '../manage/explain';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field, Select, TellLast, useAct, type Told } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { State } from '../manage/state';
import { SureButton } from '../manage/sure';
import { FoldedForm } from './folded-form';
import { words } from './words';

interface Draft {
  first_day: string;
  last_day: string;
  reason_id: number | null;
  note: string;
}

const yearEnd = (day: string) => `${schoolYear(day) + 1}-03-31`;
const draftOf = ({ first_day, last_day, reason_id, note }: Standing): Draft => ({ first_day, last_day, reason_id, note: note ?? '' });

function bodyOf({ first_day, last_day, reason_id, note }: Draft) {
  return { first_day, last_day, ...(reason_id && { reason_id }), ...(note.trim() && { note: note.trim() }) };
}

const wrong = ({ first_day, last_day }: Draft) => !first_day || !last_day || last_day < first_day || last_day >= addDays(first_day, 400);

function reasonOptions(reasons: Reason[], own?: Standing): [string, string][] {
  const listed = reasons.map((one): [string, string] => [String(one.id), one.label]);
  const ownIsListed = !own?.reason_id || reasons.some((one) => one.id === own.reason_id);
  return [['', words().standing.noReason], ...listed, ...(ownIsListed ? [] : [[String(own.reason_id), own.reason ?? ''] as [string, string]])];
}

interface FieldsProps {
  draft: Draft;
  reasons: [string, string][];
  change: (part: Partial<Draft>) => void;
}

function Fields({ draft, reasons, change }: FieldsProps) {
  const w = words().standing;
  return (
    <>
      <div class="form-grid">
        <Field type="date" label={w.first} value={draft.first_day} onInput={(first_day) => change({ first_day })} />
        <Field type="date" label={w.last} min={draft.first_day} value={draft.last_day} onInput={(last_day) => change({ last_day })} />
        <Select label={w.reason} value={String(draft.reason_id ?? '')} options={reasons} onChange={(id) => change({ reason_id: id ? Number(id) : null })} />
      </div>
      <Field label={w.note} hint={w.noteHint} maxLength={500} value={draft.note} onInput={(note) => change({ note })} />
      {wrong(draft) && (
        <p class="field-error" role="alert">
          {w.wrongDays}
        </p>
      )}
    </>
  );
}

/** What is stored where something else was typed. */
function storedBeside(of: Standing, draft: Draft): [string, string][] {
  const w = words().standing;
  const stored = draftOf(of);
  const all: [keyof Draft, string, string][] = [
    ['first_day', w.first, of.first_day],
    ['last_day', w.last, of.last_day],
    ['reason_id', w.reason, of.reason ?? ''],
    ['note', w.note, of.note ?? ''],
  ];
  return all.filter(([name]) => draft[name] !== stored[name]).map(([, label, text]) => [label, text]);
}

interface Props {
  of: Standing;
  reasons: Reason[];
  onChanged: () => void;
}

function Edit({ of, reasons, onChanged }: Props) {
  const { draft, change, changed, overtaken, takeStored, expectOwn } = useEdited(draftOf(of), of.version);
  const { busy, told, act } = useAct((error) => explainTo(words().standing.problem, error));
  const w = words().standing;
  const put = (body: Draft, ended: boolean, text: string) =>
    act(async (): Promise<Told> => {
      try {
        await request('PUT /api/standing/{id}', { path: { id: of.id }, body: { version: of.version, ...bodyOf(body), ...(ended && { ended }) } });
        expectOwn();
      } finally {
        onChanged();
      }
      return { tone: 'good', text };
    });
  return (
    <FoldedForm
      title={w.edit}
      save={w.save}
      disabled={busy || !changed || wrong(draft)}
      onSave={() => put(draft, false, w.saved)}
      told={overtaken ? <Overtaken stored={storedBeside(of, draft)} onTake={takeStored} /> : <TellLast told={told} />}
      more={<SureButton button={w.end} title={w.endTitle} lead={w.endLead} keep={words().keep} disabled={busy} onSure={() => void put(draftOf(of), true, w.ended)} />}
    >
      <Fields draft={draft} reasons={reasonOptions(reasons, of)} change={change} />
    </FoldedForm>
  );
}

function Entry(props: Props) {
  const { of } = props;
  const w = words().standing;
  const holds = covers(of, today.value);
  return (
    <li data-standing={of.id} data-version={of.version}>
      <p class="row">
        <b class="digits">{formatDays(of.first_day, of.last_day)}</b>
        {of.ended_at ? (
          <State shape="cross" tone="quiet">
            {w.takenBack}
          </State>
        ) : (
          holds && (
            <State shape="half" tone="info">
              {w.holds}
            </State>
          )
        )}
      </p>
      {(of.reason || of.note) && <p>{[of.reason, of.note].filter(Boolean).join('　')}</p>}
      {!of.ended_at && <Edit {...props} />}
    </li>
  );
}

function New({ student_id, reasons, onChanged }: Omit<Props, 'of'> & { student_id: number }) {
  const empty = (): Draft => ({ first_day: today.value, last_day: yearEnd(today.value), reason_id: null, note: '' });
  const [draft, setDraft] = useState(empty);
  const { busy, told, act } = useAct((error) => explainTo(words().standing.problem, error));
  const underKey = useRetryKey();
  const w = words().standing;
  // Until the end of the first day's school year, as long as nothing else was chosen.
  const change = (part: Partial<Draft>) =>
    setDraft((now) => {
      const follows = part.first_day && now.last_day === yearEnd(now.first_day || today.value);
      return { ...now, ...part, ...(follows && { last_day: yearEnd(part.first_day ?? now.first_day) }) };
    });
  const make = () =>
    act(async (): Promise<Told> => {
      const body = bodyOf(draft);
      try {
        await underKey(body, (key) => request('POST /api/students/{student_id}/standing', { path: { student_id }, body, key }));
      } finally {
        onChanged();
      }
      setDraft(empty());
      return { tone: 'good', text: w.made };
    });
  return (
    <FoldedForm title={w.new} save={w.make} disabled={busy || wrong(draft)} onSave={make} told={<TellLast told={told} />}>
      <Fields draft={draft} reasons={reasonOptions(reasons)} change={change} />
    </FoldedForm>
  );
}

async function load(school_id: number, student_id: number) {
  const [standing, reasons] = await Promise.all([
    request('GET /api/students/{student_id}/standing', { path: { student_id } }),
    request('GET /api/reasons', { query: { school_id } }),
  ]);
  return { rows: standing.rows, reasons: reasons.rows.filter((one) => one.kinds.length === 0 || one.kinds.includes('absent')) };
}

/** For those who work with the child's absences; the board sees numbers, no child's absence. */
export function StandingSection({ school_id, student_id, left }: { school_id: number; student_id: number; left: boolean }) {
  const { data, error, retry } = useResource(() => load(school_id, student_id), [school_id, student_id]);
  const w = words().standing;
  return (
    <section class="panel standing" aria-labelledby="standing-title">
      <h2 id="standing-title">{w.title}</h2>
      <p class="sub">{w.lead}</p>
      {!data && Boolean(error) && (
        <div class="row">
          <p class="field-error">{explainTo(w.problem, error)}</p>
          <button type="button" class="button" onClick={retry}>
            {t().app.retry}
          </button>
        </div>
      )}
      {data?.rows.length === 0 && <p class="empty">{w.none}</p>}
      <ul class="stack">
        {data?.rows.map((of) => (
          <Entry key={of.id} of={of} reasons={data.reasons} onChanged={retry} />
        ))}
      </ul>
      {data && !left && <New student_id={student_id} reasons={data.reasons} onChanged={retry} />}
    </section>
  );
}
