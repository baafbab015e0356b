// 訂正する and 取り消す until the named cut-off. Cancelling asks nothing: 元に戻す makes the same report again.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { instantAt } from '../app/days';
import { explain } from '../app/explain';
import { t } from '../app/i18n';
import type { Absence, Child } from '../app/nouns';
import { navigate } from '../app/router';
import { useSteadyKey } from '../app/steady-key';
import { today } from '../app/store';
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

export function ReceiptActions({ row, child, onChanged }: { row: Absence; child?: Child; onChanged: () => void }) {
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
  if (over) {
    return row.last_day < today.value ? null : (
      <>
        <p class="sub">{words.closed(child.correct_until)}</p>
        <Phones of={[child]} />
      </>
    );
  }
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
