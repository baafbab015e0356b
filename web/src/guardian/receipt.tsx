import { request } from '../app/api';
import { live, useTopic } from '../app/connection';
import { formatInstant } from '../app/days';
import { explainRefusal } from './refusal';
import { t } from '../app/i18n';
import { kept } from '../app/kept';
import type { Absence, Child, Reason } from '../app/nouns';
import type { Report } from '../app/queue';
import { removeReport, reports } from '../app/reports';
import { useResource } from '../app/resource';
import { navigate } from '../app/router';
import { online, today } from '../app/store';
import { TellDiagnosis } from '../illness/card';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { Phones } from '../ui/phone';
import { Facts } from './facts';
import { children, loadChildren } from './children';
import { ReceiptActions } from './receipt-actions';
import { Requests, useRequests } from './requests';
import { type Stage, Stages } from './stages';

function stagesOf(row: Absence): Stage[] {
  const words = t().receipt;
  const at = formatInstant(row.reported_at, today.value);
  return [
    { name: words.sent, at },
    { name: words.delivered, at },
    row.acknowledged_at
      ? { name: t().seenBy(row.acknowledged_role), at: formatInstant(row.acknowledged_at, today.value) }
      : { name: words.seen },
  ];
}

function headline(row: Absence): { text: string; tone: string } {
  const words = t().receipt;
  if (row.cancelled_at) return { text: words.cancelledTitle, tone: 'off' };
  return row.acknowledged_at ? { text: t().seenBy(row.acknowledged_role), tone: 'seen' } : { text: words.arrived, tone: 'arrived' };
}

function Headline({ text, tone }: { text: string; tone: string }) {
  return (
    <div role="status">
      <h2 class={`headline ${tone}`}>
        <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <circle cx="16" cy="16" r="16" />
          <path d={tone === 'off' ? 'M10 10l12 12M22 10L10 22' : tone === 'waiting' ? 'M16 8v9l6 3' : 'M8 17l6 6L25 10'} />
        </svg>
        {text}
      </h2>
    </div>
  );
}

/** The live row, or, for days gone by, the row as it was asked for. */
function useAbsence(id: number, student_id: number) {
  const asked = useResource(() => request('GET /api/absences/{id}', { path: { id } }), [id]);
  const topic = useTopic<Absence>(`absences/student/${student_id}`);
  const moving = topic.rows.value.get(id);
  const row = moving && (!asked.data || moving.version >= asked.data.version) ? moving : asked.data;
  return { row, stale: topic.state.value === 'stale', error: asked.error, retry: asked.retry };
}

function SentReceipt({ id, student_id }: { id: number; student_id: number }) {
  const child = children.value?.find((one) => one.student_id === student_id);
  const { row, stale, retry } = useAbsence(id, student_id);
  const requests = useRequests(id, student_id);
  if (!row) return <Loading />;
  const head = headline(row);
  return (
    <article class={`card receipt ${stale ? 'stale' : ''}`} data-absence={row.id} data-version={row.version}>
      <Headline {...head} />
      {!row.cancelled_at && <Stages stages={stagesOf(row)} />}
      <Facts row={row} child={child} number={row.id} />
      {row.via === 'school' && <p class="sub">{t().receipt.bySchool}</p>}
      {child?.may_report && asksSymptoms(row, child) && !row.cancelled_at && <TellDiagnosis child={child} />}
      <Requests all={requests} row={row} mayWithdraw={child?.may_report ?? false} />
      <ReceiptActions
        row={row}
        child={child}
        asked={requests.some((one) => one.state === 'open')}
        onChanged={() => {
          retry();
          live.wake();
        }}
      />
    </article>
  );
}

/** Of an illness, as far as the school's reasons say. */
function asksSymptoms(row: Absence, child: Child): boolean {
  return Boolean(row.symptoms) || (kept<Reason[]>(`reasons.${child.school_id}`)?.find((one) => one.id === row.reason_id)?.asks_symptoms ?? false);
}

/** Finds out whose report it is first: the live topic is by child. */
function SentById({ id }: { id: number }) {
  const { data, error, retry } = useResource(() => request('GET /api/absences/{id}', { path: { id } }), [id]);
  if (data) return <SentReceipt id={id} student_id={data.student_id} />;
  return error ? <FailurePage error={error} retry={retry} /> : <Loading />;
}

/** The reason's word, from what the device keeps. */
function reasonOf(report: Report, child: Child | undefined): string | undefined {
  return kept<Reason[]>(`reasons.${child?.school_id}`)?.find((reason) => reason.id === report.body.reason_id)?.label;
}

function WaitingReceipt({ report }: { report: Report }) {
  const words = t().receipt;
  const child = children.value?.find((one) => one.student_id === report.body.student_id);
  const stages: Stage[] = [
    { name: words.sent, note: words.waitingSend },
    { name: words.delivered },
    { name: words.seen },
  ];
  const discard = async () => {
    await removeReport(report.key);
    navigate('/home');
  };
  const refused = report.state === 'refused' && report.problem;
  return (
    <article class="card receipt" data-report={report.key} data-state={report.state}>
      <Headline text={refused ? words.refusedTitle : words.waitingTitle} tone={refused ? 'off' : 'waiting'} />
      {refused ? (
        <Notice tone="bad">{explainRefusal(refused)}</Notice>
      ) : (
        <>
          <Notice tone="warn">{online.value ? words.busyNote : words.waitingNote}</Notice>
          <Stages stages={stages} />
        </>
      )}
      <Facts row={{ ...report.body, reason: reasonOf(report, child) }} child={child} />
      {refused && child && <Phones of={[child]} />}
      <button type="button" class="button danger" onClick={discard}>
        {words.discard}
      </button>
    </article>
  );
}

function One({ reference }: { reference: string }) {
  const report = reports.value.find((one) => one.key === reference);
  if (report?.state === 'sent' && report.answer) {
    return <SentReceipt id={report.answer.id} student_id={report.body.student_id} />;
  }
  if (report) return <WaitingReceipt report={report} />;
  const sent = reports.value.find((one) => String(one.answer?.id) === reference);
  if (sent) return <SentReceipt id={Number(reference)} student_id={sent.body.student_id} />;
  return /^\d+$/.test(reference) ? <SentById id={Number(reference)} /> : <Notice tone="info">{t().receipt.missing}</Notice>;
}

export function ReceiptScreen({ params }: { params: Record<string, string> }) {
  useResource(loadChildren, []);
  const refs = (params.refs ?? '').split(',').filter(Boolean);
  const words = t().receipt;
  const heading = usePageTitle(words.title);
  return (
    <div class="page narrow">
      <PageTop back="/home" text={words.home} heading={heading} />
      {refs.length > 1 && <p>{words.many(refs.length)}</p>}
      {refs.map((reference) => (
        <One key={reference} reference={reference} />
      ))}
    </div>
  );
}
