// One import: what it would change, in numbers and one by one; applied only after it was seen; taken back as a whole.
import './roster.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatInstant } from '../app/days';
import type { ChangeCount, RosterImport } from '../app/gives/roster';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { explainTo } from '../manage/explain';
import { Manage } from '../manage/frame';
import { Field, TellLast, useAct, type Told } from '../manage/parts';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop } from '../ui/page';
import { Changes } from './changes';
import { ImportStateWord } from './imports';
import { Problems } from './problems';
import { countsOf, sentenceOf } from './sentence';
import { words } from './words';

const LONG_MS = 120_000;

interface ActProps {
  of: RosterImport;
  onDone: (next: RosterImport) => void;
}

function useImportActs({ of, onDone }: ActProps) {
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const path = { import_id: of.id };
  const run = (work: () => Promise<RosterImport>, text: (next: RosterImport) => string) =>
    act(async (): Promise<Told> => {
      const next = await work();
      onDone(next);
      return { tone: 'good', text: text(next) };
    });
  return {
    busy,
    told,
    apply: (body: { missing?: boolean; left_on?: string; problems?: boolean }) =>
      run(
        () => request('POST /api/roster/imports/{import_id}/apply', { path, body, deadline: LONG_MS }),
        (next) => (next.state === 'booked' ? words().booked : words().applied),
      ),
    plan: () => run(() => request('POST /api/roster/imports/{import_id}/plan', { path, deadline: LONG_MS }), () => words().replanned),
    undo: () => run(() => request('POST /api/roster/imports/{import_id}/undo', { path, deadline: LONG_MS }), () => words().undone),
    discard: () => run(() => request('POST /api/roster/imports/{import_id}/discard', { path }), () => words().discarded),
  };
}

type Acts = ReturnType<typeof useImportActs>;

/** Before it is applied: what to do with the missing and the broken lines, then the one button that changes the roster. */
function Decide({ of, acts }: { of: RosterImport; acts: Acts }) {
  const [missing, setMissing] = useState(false);
  const [leftOn, setLeftOn] = useState(today.value);
  const [problems, setProblems] = useState(false);
  const gone = countsOf(of).find(([kind]) => kind === 'missing')?.[1] ?? 0;
  const body = { ...(missing ? { missing: true, left_on: leftOn } : {}), ...(problems ? { problems: true } : {}) };
  return (
    <div class="panel decide">
      {gone > 0 && (
        <div class="row">
          <label class="tick">
            <input type="checkbox" checked={missing} onChange={(event) => setMissing(event.currentTarget.checked)} />
            <span>{words().withMissing(gone)}</span>
          </label>
          {missing ? (
            <Field type="date" label={words().leftOn} value={leftOn} max={today.value} onInput={setLeftOn} />
          ) : (
            <span class="sub">{words().missingKept(gone)}</span>
          )}
        </div>
      )}
      {of.n_errors > 0 && (
        <label class="tick">
          <input type="checkbox" checked={problems} onChange={(event) => setProblems(event.currentTarget.checked)} />
          <span>{words().withoutErrors(of.n_errors)}</span>
        </label>
      )}
      <div class="row">
        <button type="button" class="button primary" disabled={acts.busy || (of.n_errors > 0 && !problems)} onClick={() => void acts.apply(body)}>
          {acts.busy ? words().applying : words().apply}
        </button>
        <button type="button" class="button" disabled={acts.busy} onClick={() => void acts.plan()}>
          {words().replan}
        </button>
        <button type="button" class="button" disabled={acts.busy} onClick={() => void acts.discard()}>
          {words().discard}
        </button>
      </div>
    </div>
  );
}

function Facts({ of }: { of: RosterImport }) {
  const when = (at: string | null) => (at ? formatInstant(at, today.value) : '');
  return (
    <p class="row">
      <ImportStateWord state={of.state} />
      <span>{[words().kind[of.kind], words().mode[of.mode ?? ''], words().encoding[of.encoding ?? '']].filter(Boolean).join(' ')}</span>
      <span class="digits">{words().facts(of.n_rows, of.school_year)}</span>
      <span class="sub digits">{words().by(of.made_by ?? words().system, when(of.made_at))}</span>
      {of.applied_at && <span class="sub digits">{words().appliedAt(when(of.applied_at), of.applied_by ?? words().system)}</span>}
      {of.undone_at && <span class="sub digits">{words().undoneAt(when(of.undone_at), of.undone_by ?? words().system)}</span>}
    </p>
  );
}

function Import({ school_id, ...props }: ActProps & { school_id?: number; summary: ChangeCount[] }) {
  const { of, summary } = props;
  const acts = useImportActs(props);
  const home = `${school_id ? `/school/${school_id}` : '/city'}/roster`;
  return (
    <Manage school_id={school_id} tab="roster" title={words().importTitle} beside={<Facts of={of} />}>
      <PageTop back={home} text={words().back} heading={<p class="import-sentence digits">{sentenceOf(of)}</p>} />
      <TellLast told={acts.told} />
      {of.state === 'checked' && <Decide of={of} acts={acts} />}
      {(of.state === 'applied' || of.state === 'booked') && of.may_undo && (
        <div class="row">
          <button type="button" class="button" disabled={acts.busy} onClick={() => void acts.undo()}>
            {words().undo}
          </button>
          <span class="sub">{words().undoLead}</span>
        </div>
      )}
      <Problems of={of} />
      {of.state !== 'discarded' && <Changes key={of.planned_at} of={of} summary={summary} />}
    </Manage>
  );
}

async function load(import_id: number) {
  const path = { import_id };
  const [of, summary] = await Promise.all([
    request('GET /api/roster/imports/{import_id}', { path }),
    request('GET /api/roster/imports/{import_id}/summary', { path }),
  ]);
  return { of, summary: summary.rows };
}

export function ImportScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.import);
  const [newer, setNewer] = useState<RosterImport>();
  const { data, error, retry } = useResource(() => load(id), [id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  const of = newer?.id === id ? newer : data.of;
  return (
    <Import
      school_id={Number(params.id) || undefined}
      of={of}
      summary={data.summary}
      onDone={(next) => {
        setNewer(next);
        retry();
      }}
    />
  );
}
