// The school asks where the child is: answered with one tap, or by a report.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { live, useTopic } from '../app/connection';
import { explain } from '../app/explain';
import type { Inquiry } from '../app/gives/roll';
import { t } from '../app/i18n';
import type { Absence, Child } from '../app/nouns';
import { today } from '../app/store';
import { accountedFor } from '../roll/judge';
import { Notice } from '../ui/notice';
import { Phones } from '../ui/phone';

export function InquiryCard({ child, report }: { child: Child; report: Absence | undefined }) {
  const name = `inquiries/student/${child.student_id}`;
  const topic = useTopic<Inquiry>(name);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const words = t().inquiry;
  const row = [...topic.rows.value.values()].find((one) => one.day === today.value);
  if (!row || row.answer === 'closed' || accountedFor(report, false, Date.now())) return null;
  const answer = async (said: 'on_the_way' | 'not_known') => {
    setBusy(true);
    setProblem('');
    try {
      const { version, at } = await request('PUT /api/inquiries/{id}/answer', { path: { id: row.id }, body: { answer: said } });
      const told: Inquiry = { ...row, answer: said, answered_at: at, version };
      live.learn(name, told);
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  };
  return (
    <Notice tone="bad" urgent>
      <p>
        <b>{words.title(child.given_name)}</b>
      </p>
      <p>{row.answer ? words.answered[row.answer] : words.lead}</p>
      <div class="row">
        {child.may_report && (
          <a class="button primary" href={`/report?child=${child.student_id}`}>
            {words.report}
          </a>
        )}
        {row.answer !== 'on_the_way' && (
          <button type="button" class="button" disabled={busy} onClick={() => void answer('on_the_way')}>
            {words.onTheWay}
          </button>
        )}
        {!row.answer && (
          <button type="button" class="button" disabled={busy} onClick={() => void answer('not_known')}>
            {words.notKnown}
          </button>
        )}
      </div>
      {problem && <p>{problem}</p>}
      {(row.answer === 'not_known' || problem) && <Phones of={[child]} />}
    </Notice>
  );
}
