// What was asked of the school after the cut-off, for both guardians alike: open, then what became of it, live.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { live, useTopic } from '../app/connection';
import { formatInstant } from '../app/days';
import { explain } from '../app/explain';
import type { Absence, AbsenceRequest } from '../app/nouns';
import { useResource } from '../app/resource';
import { upsert } from '../app/rows';
import { today } from '../app/store';
import { Changes } from '../requests/changes';
import { words } from '../requests/words';
import { Notice } from '../ui/notice';

/** Newest first. The live topic ends a week after the report's last day; what was asked then is still to be read. */
export function useRequests(id: number, student_id: number) {
  const asked = useResource(() => request('GET /api/absences/{id}/requests', { path: { id } }), [id]);
  const topic = useTopic<AbsenceRequest>(`requests/student/${student_id}`);
  const known = new Map((asked.data?.rows ?? []).map((row) => [row.id, row]));
  const { rows } = upsert(known, [...topic.rows.value.values()].filter((row) => row.absence_id === id));
  return [...rows.values()].sort((a, b) => b.id - a.id);
}

const tones = { open: 'warn', accepted: 'good', declined: 'info', withdrawn: 'info' } as const;

function Asked({ of, row, mayWithdraw }: { of: AbsenceRequest; row: Absence; mayWithdraw: boolean }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const w = words();
  const withdraw = async () => {
    setBusy(true);
    setProblem('');
    try {
      const body = { version: of.version, state: 'withdrawn' as const };
      const { version, at } = await request('POST /api/requests/{id}/withdraw', { path: { id: of.id }, body });
      live.learn(`requests/student/${of.student_id}`, { ...of, state: 'withdrawn', version, decided_at: at } as AbsenceRequest);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li data-request={of.id} data-state={of.state}>
      <Notice tone={tones[of.state]}>
        <div class="asked">
          <h3>{w[of.state][of.action]}</h3>
          <span class="sub digits">{formatInstant(of.decided_at ?? of.made_at, today.value)}</span>
          {of.answer && (
            <p>
              {w.answer}：{of.answer}
            </p>
          )}
          {(of.state === 'open' || of.state === 'declined') && <Changes of={of} row={row} />}
          {of.state === 'open' && <p class="sub">{w.waits}</p>}
          {problem && (
            <p class="field-error" role="alert">
              {problem}
            </p>
          )}
          {of.state === 'open' && mayWithdraw && (
            <button type="button" class="button" disabled={busy} onClick={() => void withdraw()}>
              {w.withdraw}
            </button>
          )}
        </div>
      </Notice>
    </li>
  );
}

export function Requests({ all, row, mayWithdraw }: { all: AbsenceRequest[]; row: Absence; mayWithdraw: boolean }) {
  if (all.length === 0) return null;
  return (
    <ul class="requests" aria-label={words().list} aria-live="polite">
      {all.map((of) => (
        <Asked key={of.id} of={of} row={row} mayWithdraw={mayWithdraw} />
      ))}
    </ul>
  );
}
