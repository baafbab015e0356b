// A report is corrected; after the cut-off the same form asks the school to do it. Which of the two it is, the server knows
// best: what was typed stays while the one becomes the other.
import { useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { useTopic } from '../app/connection';
import { daysOf, type Draft, draftOf, fitted, inputOf, kindsFor } from '../app/draft';
import { explain } from '../app/explain';
import { t } from '../app/i18n';
import type { Absence, AbsenceInput, Child, Reason, Standing } from '../app/nouns';
import { Unreachable } from '../app/problem';
import { useResource } from '../app/resource';
import { navigate } from '../app/router';
import { awayOn } from '../app/standing';
import { useSteadyKey } from '../app/steady-key';
import { today } from '../app/store';
import { words } from '../requests/words';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { Name } from '../ui/name';
import { PageTop, usePageTitle } from '../ui/page';
import { Phones } from '../ui/phone';
import { loadChildren, loadReasons } from './children';
import { useIntake } from './intake';
import { NoteField } from './reason';
import { explainRefusal } from './refusal';
import { ReportForm } from './report-form';
import { ShutNow } from './shut';

interface Loaded {
  row: Absence;
  child: Child | undefined;
  reasons: Reason[];
}

type Action = 'correct' | 'cancel';

/** A reason that is no longer offered stays the report's own. */
function withOwn(reasons: Reason[], row: Absence): Reason[] {
  if (row.reason_id === null || row.reason === null || reasons.some((one) => one.id === row.reason_id)) return reasons;
  const own = { id: row.reason_id, label: row.reason, needs_note: false, kinds: [], asks_symptoms: row.symptoms !== null, asks_times: false };
  return [...reasons, own];
}

async function load(id: number): Promise<Loaded> {
  const [row, children] = await Promise.all([request('GET /api/absences/{id}', { path: { id } }), loadChildren()]);
  const child = children.find((one) => one.student_id === row.student_id);
  return { row, child, reasons: withOwn(await loadReasons(row.school_id), row) };
}

function why(error: unknown, asking: boolean): string {
  if (isProblem(error, 'outside_hours')) return explainRefusal(error);
  if (error instanceof Unreachable) return asking ? words().offline : t().report.offlineCorrect;
  if (isProblem(error, 'stale_version')) return t().report.stale;
  if (isProblem(error, 'after_cutoff')) return words().late;
  if (isProblem(error, 'still_open')) return words().early;
  return explain(error);
}

function useCorrecting({ row, reasons }: Loaded, asks: boolean) {
  const [asking, setAsking] = useState(asks);
  const [action, setAction] = useState<Action>('correct');
  const [version, setVersion] = useState(row.version);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const [begun] = useState(Date.now);
  const keyOf = useSteadyKey();
  const path = { id: row.id };

  const send = async (input: AbsenceInput, note: string) => {
    if (!asking) {
      const body = { ...input, version, began_at: Math.floor(begun / 1000) };
      return request('PUT /api/absences/{id}', { path, body, key: keyOf(body) });
    }
    const body = action === 'correct' ? { ...input, version, action } : { version, action, ...(note && { note }) };
    return request('POST /api/absences/{id}/requests', { path, body, key: keyOf(body) });
  };
  const submit = async (draft: Draft, note: string) => {
    const inputFor = (of: Draft) => inputOf(of, reasons.find((one) => one.label === of.reason));
    const input = inputFor(draft);
    if (asking && action === 'correct' && JSON.stringify(input) === JSON.stringify(inputFor(draftOf(row, today.value)))) return setProblem(words().nothing);
    setSending(true);
    setProblem('');
    try {
      await send(input, note.trim());
      navigate(`/sent/${row.id}`, { replace: true });
    } catch (error) {
      setProblem(why(error, asking));
      if (isProblem(error, 'after_cutoff')) setAsking(true);
      if (isProblem(error, 'still_open')) setAsking(false);
      if (isProblem(error, 'stale_version')) setVersion((await request('GET /api/absences/{id}', { path })).version);
    } finally {
      setSending(false);
    }
  };
  return { begun, asking, action: asking ? action : 'correct', setAction, sending, problem, submit };
}

function ActionField({ action, onChange }: { action: Action; onChange: (action: Action) => void }) {
  const w = words();
  return (
    <>
      <p>{w.lead}</p>
      <fieldset class="field-set">
        <legend>{w.what}</legend>
        <div class="whens">
          {(['correct', 'cancel'] as const).map((one) => (
            <label key={one} class="tile">
              <input type="radio" name="action" checked={action === one} onChange={() => onChange(one)} />
              <span>{w.action[one]}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}

function Correcting({ asks, ...loaded }: Loaded & { asks: boolean }) {
  const { row, child, reasons } = loaded;
  const standing = useTopic<Standing>(`standing/student/${row.student_id}`);
  const [typed, setDraft] = useState(() => draftOf(row, today.value));
  const [note, setNote] = useState('');
  const { begun, asking, action, setAction, sending, problem, submit } = useCorrecting(loaded, asks);
  useIntake();
  const away = awayOn(standing.rows.value, daysOf(typed)[0]).has(row.student_id);
  const kinds = kindsFor(away, row.kind);
  const draft = fitted(typed, kinds);
  const isNew = draft.kind !== row.kind || draft.first !== row.first_day;
  const before = (
    <>
      {child && (
        <p class="only-child">
          <Name of={child} ruby={false} />
        </p>
      )}
      {child && !asking && isNew && <ShutNow chosen={[child]} draft={draft} begun={begun} />}
      {asking && <ActionField action={action} onChange={setAction} />}
    </>
  );
  const problems = problem && (
    <Notice tone="bad" urgent>
      {problem}
      {child && <Phones of={[child]} />}
    </Notice>
  );
  if (action === 'cancel') {
    return (
      <form
        class="report"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(draft, note);
        }}
      >
        {before}
        <NoteField draft={{ ...draft, note }} label={words().cancelNote} hint="" needed={false} onChange={(change) => setNote(change.note ?? '')} missing={[]} />
        {problems}
        <div class="thumb">
          <button class="button primary wide large" disabled={sending}>
            {sending ? t().report.sending : words().submit}
          </button>
        </div>
      </form>
    );
  }
  return (
    <ReportForm
      draft={draft}
      onChange={(change) => setDraft({ ...draft, ...change })}
      kinds={kinds}
      away={away}
      reasons={reasons}
      names={child ? [t().child.san(child.given_name)] : []}
      sending={sending}
      onSubmit={() => submit(draft, '')}
      correcting={row}
      label={asking ? words().submit : t().report.submitCorrect}
      before={before}
      problems={problems}
    />
  );
}

function Screen({ id, asks, title }: { id: number; asks: boolean; title: string }) {
  const { data, error, retry } = useResource(() => load(id), [id]);
  const heading = usePageTitle(title);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow">
      <PageTop back={`/sent/${id}`} heading={heading} />
      {data ? <Correcting {...data} asks={asks} /> : <Loading lines={6} />}
    </div>
  );
}

export function CorrectScreen({ params }: { params: Record<string, string> }) {
  return <Screen id={Number(params.id)} asks={false} title={t().report.correctTitle} />;
}

export function AskScreen({ params }: { params: Record<string, string> }) {
  return <Screen id={Number(params.id)} asks title={words().ask} />;
}
