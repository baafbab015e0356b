// 訂正する and 取り消す until the named cut-off, then what the school is asked for. Cancelling asks nothing: 元に戻す makes the same report again.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { addDays, instantAt } from '../app/days';
import { explain } from '../app/explain';
import { t } from '../app/i18n';
import type { Absence, Child } from '../app/nouns';
import { navigate } from '../app/router';
import { useSteadyKey } from '../app/steady-key';
import { today } from '../app/store';
import { words as requestWords } from '../requests/words';
import { Notice } from '../ui/notice';
import { Phones } from '../ui/phone';

type KeyOf = (body: unknown) => string;

async function cancel(row: Absence, keyOf: KeyOf): Promise<void> {
  const body = { version: row.version };
  await request('POST /api/absences/{id}/cancel', { path: { id: row.id }, body, key: keyOf(body) });
}

async function restore(row: Absence, keyOf: KeyOf): Promise<number> {
  const body = {
    student_id: row.student_id,
    first_day: row.first_day,
    last_day: row.last_day,
    kind: row.kind,
    ...(row.arrive_at && { arrive_at: row.arrive_at.slice(0, 5) }),
    ...(row.leave_at && { leave_at: row.leave_at.slice(0, 5) }),
    ...(row.reason_id !== null && { reason_id: row.reason_id }),
    ...(row.note && { note: row.note }),
    ...(row.pick_up && { pick_up: row.pick_up, ...(row.pick_up_note && { pick_up_note: row.pick_up_note }) }),
    ...(row.symptoms && { symptoms: row.symptoms }),
  };
  const answer = await request('POST /api/absences', { body, key: keyOf(body) });
  return answer.id;
}

function useAction() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    try {
      await act();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}

/** How long the school may be asked for something. */
const ASK_DAYS = 31;

/** Too late to change it alone: the school is asked. The telephone stays for what can't wait. */
function Ask({ row, child, asked }: { row: Absence; child: Child; asked: boolean }) {
  const words = t().receipt;
  if (row.last_day < addDays(today.value, -ASK_DAYS)) return null;
  return (
    <>
      {!asked && (
        <>
          <p class="sub">{words.closed(child.correct_until)}</p>
          <a class="button" href={`/absences/${row.id}/ask`}>
            {requestWords().ask}
          </a>
        </>
      )}
      {row.last_day >= today.value && (
        <div>
          <p class="sub">{words.urgent}</p>
          <Phones of={[child]} />
        </div>
      )}
    </>
  );
}

interface Props {
  row: Absence;
  child?: Child;
  /** The school has been asked and has not answered yet. */
  asked: boolean;
  onChanged: () => void;
}

export function ReceiptActions({ row, child, asked, onChanged }: Props) {
  const { busy, problem, run } = useAction();
  const keyOf = useSteadyKey();
  const words = t().receipt;
  const over = !child || Date.now() >= instantAt(row.first_day, child.correct_until);
  const failed = problem && (
    <Notice tone="bad" urgent>
      {problem}
      {child && <Phones of={[child]} />}
    </Notice>
  );
  if (row.cancelled_at) {
    if (over || row.first_day < today.value) return null;
    return (
      <>
        {failed}
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => run(async () => navigate(`/sent/${await restore(row, keyOf)}`, { replace: true }))}
        >
          {busy ? words.undoing : words.undo}
        </button>
      </>
    );
  }
  if (!child?.may_report) return null;
  if (over) return <Ask row={row} child={child} asked={asked} />;
  const onCancel = () =>
    run(async () => {
      await cancel(row, keyOf);
      onChanged();
    });
  return (
    <>
      {failed}
      <p class="sub">{words.until(row.first_day, child.correct_until)}</p>
      <div class="row">
        <a class="button" href={`/absences/${row.id}/correct`}>
          {words.correct}
        </a>
        <button type="button" class="button danger" disabled={busy} onClick={onCancel}>
          {busy ? words.cancelling : words.cancel}
        </button>
      </div>
    </>
  );
}
