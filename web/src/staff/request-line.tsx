// A request under its report: what would change, and the school's answer.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatDays, formatInstant } from '../app/days';
import { t } from '../app/i18n';
import type { Absence, AbsenceRequest } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { Changes } from '../requests/changes';
import { words } from '../requests/words';
import { KindMark, Shape, StateMark } from '../ui/mark';
import { decide, deciding } from './requests';
import { studentName } from './roster';

function RequestMark({ of }: { of: AbsenceRequest }) {
  return (
    <span class="mark request-mark">
      <Shape name="asked" />
      {words().asked[of.action]}
    </span>
  );
}

/** Why not, in a line, if there is something to say. */
function Declining({ of, row, onKeep }: { of: AbsenceRequest; row: Absence; onKeep: () => void }) {
  const [answer, setAnswer] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  return (
    <form
      class="declining"
      onKeyDown={(event) => event.key === 'Escape' && onKeep()}
      onSubmit={(event) => {
        event.preventDefault();
        void decide(of, row, 'declined', answer).then((sent) => !sent && onKeep());
      }}
    >
      <label class="field">
        <span>{words().declineHint}</span>
        <input ref={input} autocomplete="off" maxLength={200} value={answer} onInput={(event) => setAnswer(event.currentTarget.value)} />
      </label>
      <button class="button primary" disabled={deciding.value.has(of.id)}>
        {words().declineSend}
      </button>
      <button type="button" class="button" onClick={onKeep}>
        {words().keep}
      </button>
    </form>
  );
}

interface Props {
  of: AbsenceRequest;
  row: Absence;
  name: string;
  mayAct: boolean;
}

export function RequestLine({ of, row, name, mayAct }: Props) {
  const [declining, setDeclining] = useState(false);
  const busy = deciding.value.has(of.id);
  return (
    <div class="request-line" data-request={of.id}>
      <RequestMark of={of} />
      <span class="sub digits">{formatInstant(of.made_at, today.value)}</span>
      <Changes of={of} row={row} />
      {mayAct && !declining && (
        <span class="request-act">
          <button type="button" class="button primary" aria-label={words().acceptOf(name)} disabled={busy} onClick={() => void decide(of, row, 'accepted')}>
            {words().accept}
          </button>
          <button type="button" class="button" aria-label={words().declineOf(name)} disabled={busy} onClick={() => setDeclining(true)}>
            {words().decline}
          </button>
        </span>
      )}
      {mayAct && declining && <Declining of={of} row={row} onKeep={() => setDeclining(false)} />}
    </div>
  );
}

function Elsewhere({ of, mayAct }: { of: AbsenceRequest; mayAct: boolean }) {
  const { data } = useResource(() => request('GET /api/absences/{id}', { path: { id: of.absence_id } }), [of.absence_id]);
  const name = studentName(of.student_id);
  return (
    <li>
      <p class="marks">
        <b>{name}</b>
        {data && <span class="digits">{formatDays(data.first_day, data.last_day)}</span>}
        {data && <KindMark kind={data.kind} />}
        {data && <StateMark row={data} />}
      </p>
      {data ? <RequestLine of={of} row={data} name={name} mayAct={mayAct} /> : <p class="sub">{t().app.loading}</p>}
    </li>
  );
}

/** Those whose report is not on the day that is shown: they must not wait unseen. */
export function OtherRequests({ open, rows, mayAct }: { open: AbsenceRequest[]; rows: Absence[]; mayAct: boolean }) {
  const shown = new Set(rows.map((row) => row.id));
  const others = open.filter((of) => !shown.has(of.absence_id));
  if (others.length === 0) return null;
  return (
    <section class="card other-requests no-print" aria-labelledby="other-requests">
      <h2 id="other-requests">{words().elsewhere}</h2>
      <ul>
        {others.map((of) => (
          <Elsewhere key={of.id} of={of} mayAct={mayAct} />
        ))}
      </ul>
    </section>
  );
}
