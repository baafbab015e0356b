// The plan: its numbers, its day, and what may be done with it.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatDay, formatInstant } from '../app/days';
import type { RosterImport } from '../app/gives/roster';
import { today } from '../app/store';
import { explainTo } from '../manage/explain';
import { Field, TellLast, useAct, type Told } from '../manage/parts';
import { SureButton } from '../manage/sure';
import { ImportStateWord } from '../roster/imports';
import { Problems } from '../roster/problems';
import { sentenceOf } from '../roster/sentence';
import { words } from './words';

const LONG_MS = 180_000;

function useRollover(of: RosterImport, onDone: (next: RosterImport) => void) {
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const path = { import_id: of.id };
  const run = (work: () => Promise<RosterImport>, text: (next: RosterImport) => string) =>
    void act(async (): Promise<Told> => {
      const next = await work();
      onDone(next);
      return { tone: 'good', text: text(next) };
    });
  return {
    busy,
    told,
    plan: () => run(() => request('POST /api/roster/imports/{import_id}/plan', { path, deadline: LONG_MS }), () => words().replanned),
    schedule: (on: string) => run(() => request('POST /api/roster/imports/{import_id}/schedule', { path, body: { on_day: on } }), () => words().scheduled(formatDay(on))),
    unschedule: () => run(() => request('POST /api/roster/imports/{import_id}/unschedule', { path }), () => words().unscheduled),
    apply: () =>
      run(() => request('POST /api/roster/imports/{import_id}/apply', { path, body: { missing: false, problems: true }, deadline: LONG_MS }), () => words().ran),
    undo: () => run(() => request('POST /api/roster/imports/{import_id}/undo', { path, deadline: LONG_MS }), () => words().undone),
    discard: () => run(() => request('POST /api/roster/imports/{import_id}/discard', { path }), () => words().discarded),
  };
}

type Acts = ReturnType<typeof useRollover>;

function Actions({ of, acts }: { of: RosterImport; acts: Acts }) {
  const [on, setOn] = useState(of.on_day ?? today.value);
  const due = (of.on_day ?? '') <= today.value;
  if (of.state === 'applied') {
    return of.may_undo ? (
      <SureButton button={words().undo} title={words().undoTitle} lead={words().undoLead} keep={words().keep} disabled={acts.busy} onSure={acts.undo} />
    ) : null;
  }
  return (
    <div class="tools">
      {of.state === 'checked' && (
        <>
          <Field type="date" label={words().on} value={on} min={today.value} onInput={setOn} />
          <button type="button" class="button primary" disabled={acts.busy || !on} onClick={() => acts.schedule(on)}>
            {words().schedule}
          </button>
        </>
      )}
      {of.state === 'scheduled' && (
        <button type="button" class="button" disabled={acts.busy} onClick={acts.unschedule}>
          {words().unschedule}
        </button>
      )}
      {due && <SureButton calm button={words().run} title={words().runTitle} lead={words().runLead} keep={words().keep} disabled={acts.busy} onSure={acts.apply} />}
      <button type="button" class="button" disabled={acts.busy} onClick={acts.plan}>
        {words().replan}
      </button>
      <button type="button" class="button" disabled={acts.busy} onClick={acts.discard}>
        {words().discard}
      </button>
    </div>
  );
}

export function PlanPanel({ of, onDone }: { of: RosterImport; onDone: (next: RosterImport) => void }) {
  const acts = useRollover(of, onDone);
  return (
    <>
      <section class="panel" aria-labelledby="plan-title">
        <h2 id="plan-title">{words().title(of.school_year)}</h2>
        <p class="row">
          <ImportStateWord state={of.state} />
          {of.state === 'scheduled' && of.on_day && <b class="digits">{words().scheduledOn(formatDay(of.on_day))}</b>}
          {of.applied_at && <span class="digits">{words().appliedAt(formatInstant(of.applied_at, today.value))}</span>}
        </p>
        <p class="import-sentence digits">{sentenceOf(of)}</p>
        <TellLast told={acts.told} />
        <Actions of={of} acts={acts} />
      </section>
      <Problems of={of} />
    </>
  );
}
