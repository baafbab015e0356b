// Three taps in the usual case: 連絡 (home), the reason, 連絡する. The child, 欠席 and the day are already chosen.
import { useMemo, useState } from 'preact/hooks';
import { newKey } from '../app/api';
import { useTopics } from '../app/connection';
import { addDays, minuteOf } from '../app/days';
import { daysOf, type Draft, fitted, inputOf, kindsFor, newDraft } from '../app/draft';
import { t } from '../app/i18n';
import type { Absence, Child, Reason, Standing } from '../app/nouns';
import type { Outcome, Report } from '../app/queue';
import { addReport, removeReport } from '../app/reports';
import { useResource } from '../app/resource';
import { navigate, place } from '../app/router';
import { session } from '../app/session';
import { awayOn } from '../app/standing';
import { online, today } from '../app/store';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { children, loadAllReasons, loadChildren } from './children';
import { overlapping, reportOn } from './child-state';
import { dayOff, noSchool, useIntake } from './intake';
import { ShutNow } from './shut';
import { type ChildResult, Results } from './results';
import { ReportForm } from './report-form';
import { WhoField } from './who';

const EVENING = 16 * 60;

async function load(): Promise<{ children: Child[]; reasons: Map<number, Reason[]> }> {
  const mine = (children.value ?? (await loadChildren())).filter((child) => child.may_report);
  return { children: mine, reasons: await loadAllReasons(mine) };
}

/** The reasons that every chosen child's school has. */
function commonReasons(chosen: Child[], reasons: Map<number, Reason[]>): Reason[] {
  const [first, ...others] = chosen.map((child) => reasons.get(child.school_id) ?? []);
  return (first ?? []).filter((reason) => others.every((list) => list.some((other) => other.label === reason.label)));
}

function reportFor(child: Child, draft: Draft, reasons: Map<number, Reason[]>, begun: number): Report {
  const reason = reasons.get(child.school_id)?.find((r) => r.label === draft.reason);
  return {
    key: newKey(),
    account_id: session.value?.account_id ?? 0,
    made_at: Date.now(),
    body: { student_id: child.student_id, ...inputOf(draft, reason), began_at: Math.floor(begun / 1000) },
    state: 'waiting',
  };
}

interface Sent {
  child: Child;
  report: Report;
  outcome: Outcome;
}

async function sendAll(chosen: Child[], draft: Draft, reasons: Map<number, Reason[]>, begun: number): Promise<Sent[]> {
  return Promise.all(
    chosen.map(async (child) => {
      const report = reportFor(child, draft, reasons, begun);
      const outcome = await addReport(report);
      if (outcome.state === 'refused') await removeReport(report.key);
      return { child, report, outcome };
    }),
  );
}

function resultOf({ child, outcome, report }: Sent): ChildResult {
  if (outcome.state === 'sent') return { child, ref: String(outcome.answer.id) };
  if (outcome.state === 'waiting') return { child, ref: report.key };
  return { child, problem: outcome.problem };
}

/** Why none of the chosen children has school that day; undefined: one has. */
function offText(chosen: Child[], day: string): string | undefined {
  const all = chosen.map((child) => dayOff(child, day));
  return all.length > 0 && all.every((one) => one !== undefined) ? all.find(Boolean) ?? '' : undefined;
}

function Reporting({ children, reasons }: { children: Child[]; reasons: Map<number, Reason[]> }) {
  const topics = useTopics<Absence>(children.map((child) => `absences/student/${child.student_id}`));
  const rowsOf = (child: Child) => topics[children.indexOf(child)]?.rows.value ?? new Map<number, Absence>();
  const standing = useTopics<Standing>(children.map((child) => `standing/student/${child.student_id}`));
  const isAway = (child: Child, day: string) => awayOn(standing[children.indexOf(child)]?.rows.value ?? new Map(), day).size > 0;
  const asked = Number(place.value.query.get('child'));
  const first = children.find((c) => c.student_id === asked) ?? children.find((c) => !reportOn(rowsOf(c), today.value) && !isAway(c, today.value)) ?? children[0];
  const [ids, setIds] = useState<number[]>(first ? [first.student_id] : []);
  const [typed, setDraft] = useState(() => newDraft(minuteOf(Date.now()) < EVENING ? today.value : addDays(today.value, 1)));
  const [begun] = useState(Date.now);
  useIntake();
  const [results, setResults] = useState<ChildResult[]>([]);
  const [sending, setSending] = useState(false);
  const chosen = children.filter((child) => ids.includes(child.student_id));
  const choices = useMemo(() => commonReasons(chosen, reasons), [ids.join(), reasons]);
  const days = daysOf(typed);
  const away = chosen.length > 0 && chosen.every((child) => isAway(child, days[0]));
  const kinds = kindsFor(away);
  const draft = fitted(typed, kinds);

  const submit = async () => {
    setSending(true);
    const all = (await sendAll(chosen, draft, reasons, begun)).map(resultOf);
    setSending(false);
    const refs = [...results, ...all].flatMap((result) => result.ref ?? []);
    if (all.every((result) => result.ref)) return navigate(`/sent/${refs.join(',')}`);
    setIds(all.filter((result) => !result.ref).map((result) => result.child.student_id));
    setResults([...results.filter((result) => result.ref), ...all]);
  };

  return (
    <ReportForm
      draft={draft}
      onChange={(change) => setDraft({ ...draft, ...change })}
      kinds={kinds}
      away={away}
      reasons={choices}
      names={chosen.map((child) => t().child.san(child.given_name))}
      sending={sending}
      onSubmit={submit}
      off={(day) => offText(chosen, day)}
      noSchool={noSchool(chosen, draft)}
      before={
        <>
        <ShutNow chosen={chosen} draft={draft} begun={begun} />
        <WhoField
          children={children}
          chosen={ids}
          onChange={setIds}
          alreadyOf={(child) => overlapping(rowsOf(child), ...days)}
          isAway={(child) => isAway(child, days[0])}
        />
        </>
      }
      problems={<Results results={results} />}
      hint={!online.value && <Notice tone="warn">{t().report.offlineHint}</Notice>}
    />
  );
}

export function ReportScreen() {
  const { data, error, retry } = useResource(load, []);
  const heading = usePageTitle(t().report.title);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (data?.children.length === 0) return <FailurePage reason="forbidden" />;
  return (
    <div class="page narrow">
      <PageTop back="/home" heading={heading} />
      {data ? <Reporting {...data} /> : <Loading lines={6} />}
    </div>
  );
}
