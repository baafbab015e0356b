// The roll call: the class's list once more, one tap for each child that is not as expected.
import '../staff/staff.css';
import './roll.css';
import { serverNow } from '../app/clock';
import { useKeptTopic } from '../app/connection';
import { formatDay, minuteOf, timeOf } from '../app/days';
import type { Illness } from '../app/gives/illness';
import type { Attendance, Inquiry, RollCall, Seen } from '../app/gives/roll';
import { t } from '../app/i18n';
import { suspendedOn } from '../app/illness';
import type { Absence, Standing } from '../app/nouns';
import { useResource } from '../app/resource';
import { awayOn } from '../app/standing';
import { today } from '../app/store';
import { ClosedClass } from '../staff/closed-class';
import { LastFailure } from '../staff/failure';
import { useMinute } from '../staff/use-minute';
import { onDay } from '../staff/figures';
import { className, loadClass, type LoadedClass } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { expectedOf, isUnaccounted, shownOf, type Shown, tapFor, timesFor } from './judge';
import { roll, type Tapped, tapped, waiting } from './marks';
import { RollRow } from './row';
import { Unaccounted } from './unaccounted';
import { words } from './words';

function clock(): string {
  const minute = minuteOf(serverNow());
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** Who goes back from 早退 to 遅刻 came when it came. */
const cameAt = (mark: Tapped | undefined) => mark?.arrived_at?.slice(0, 5) ?? clock();

/** All that the screen follows, by child. */
function useClass(id: number) {
  const reports = useKeptTopic<Absence>(`absences/class/${id}`);
  const marks = useKeptTopic<Attendance>(`attendance/class/${id}`);
  const calls = useKeptTopic<RollCall>(`rolls/class/${id}`);
  const inquiries = useKeptTopic<Inquiry>(`inquiries/class/${id}`);
  const away = useKeptTopic<Standing>(`standing/class/${id}`);
  const ill = useKeptTopic<Illness>(`illnesses/class/${id}`);
  const day = today.value;
  const of = <R extends { student_id: number }>(rows: Iterable<R>) => new Map([...rows].map((row) => [row.student_id, row] as const));
  return {
    day,
    state: reports.state.value,
    reports: of(onDay(reports.rows.value, day)),
    marks: of([...marks.rows.value.values()].filter((row) => row.day === day)),
    inquiries: of([...inquiries.rows.value.values()].filter((row) => row.day === day)),
    away: awayOn(away.rows.value, day),
    suspended: suspendedOn(ill.rows.value, day),
    call: [...calls.rows.value.values()].find((row) => row.day === day && row.class_id === id),
  };
}

type Counted = Shown | 'suspended' | 'standing';

/** Who is not there and was not expected is no 欠席: as on the class's own screen. */
function countedAs({ shown, isSuspended, isStanding, report }: { shown: Shown; isSuspended: boolean; isStanding: boolean; report?: Absence | undefined }): Counted {
  if (shown !== 'absent') return shown;
  return isSuspended ? 'suspended' : isStanding && !report ? 'standing' : 'absent';
}

function Tally({ counted }: { counted: Counted[] }) {
  const say = words();
  return (
    <dl class="totals">
      {(['present', 'absent', 'suspended', 'standing', 'late', 'left_early'] as const).map((state) => {
        const n = counted.filter((one) => one === state).length;
        if (n === 0 && (state === 'suspended' || state === 'standing')) return null;
        return (
          <div key={state} class={`total ${state === 'left_early' ? 'leave_early' : state} ${n > 0 ? 'some' : ''}`} data-total={state}>
            <dt>{state === 'suspended' || state === 'standing' ? say[state] : say.state[state]}</dt>
            <dd>{n}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function Roll({ id, of, students }: LoadedClass & { id: number }) {
  const { day, state, reports, marks, inquiries, away, suspended, call } = useClass(id);
  const say = words();
  const heading = usePageTitle(say.title(of ? className(of) : t().app.school));
  useMinute();
  const queue = roll();
  const called = waiting.value.calls.find((one) => one.class_id === id && one.day === day);
  const isDone = called ? called.done : Boolean(call?.done_at);
  if (state === 'gone') return <FailurePage reason="forbidden" />;
  const rows = students.map((student) => {
    const report = reports.get(student.student_id);
    const isSuspended = suspended.has(student.student_id);
    // Neither is expected to come, and nobody asks why.
    const isStanding = isSuspended || away.has(student.student_id);
    const mark = tapped(student.student_id, day, marks.get(student.student_id));
    const expected = expectedOf(report, isStanding);
    const missing = isUnaccounted(mark?.state, report, isStanding, Date.now(), isDone);
    return { student, report, isStanding, isSuspended, mark, expected, missing, shown: shownOf(mark?.state, expected) };
  });
  type One = (typeof rows)[number];
  const tap = ({ student, mark }: One, seen: Seen, time = clock()) => {
    const times = timesFor(seen, time, mark?.arrived_at);
    void queue.tap({ class_id: id, student_id: student.student_id, day, state: seen, ...times, seen_at: serverNow() });
  };
  const missing = rows.filter((row) => row.missing).map(({ student }) => ({
    student,
    place: t().child.number(student.number),
    inquiry: inquiries.get(student.student_id),
    report: reports.get(student.student_id),
  }));
  return (
    <div class="page roll-page" data-state={state} data-called={isDone ? 'true' : 'false'}>
      <div class="staff-head">
        <PageTop back={`/class/${id}`} text={say.back} heading={heading} />
        <p class="head-day digits">{formatDay(day)}</p>
        <Tally counted={rows.map(countedAs)} />
        <span class={`mark ${isDone ? 'state-acknowledged' : 'state-unacknowledged'}`}>
          {isDone ? say.done(call?.done_at ? timeOf(call.done_at) : clock()) : say.open}
        </span>
      </div>
      <LastFailure />
      <ClosedClass of={of} day={day} />
      {waiting.value.taps.length > 0 && <Notice tone="warn">{say.waiting(waiting.value.taps.length)}</Notice>}
      {called && waiting.value.taps.length === 0 && <Notice tone="warn">{say.waitingDone}</Notice>}
      {isDone && (missing.length > 0 ? (
        <Unaccounted missing={missing} topics={[`inquiries/class/${id}`]} />
      ) : (
        <Notice tone="good">{say.unaccountedNone}</Notice>
      ))}
      <p class="sub">{say.lead}</p>
      <ol class={`roll-list ${state === 'stale' ? 'stale' : ''}`}>
        {rows.map((row) => (
          <RollRow
            key={row.student.student_id}
            {...row}
            onChoose={(chosen) => tap(row, tapFor(chosen, row.expected, row.mark?.state), chosen === 'late' ? cameAt(row.mark) : clock())}
            onArrive={() => tap(row, 'late')}
            onTime={(time) => row.mark && tap(row, row.mark.state, time)}
          />
        ))}
      </ol>
      <div class="thumb">
        <button
          type="button"
          class={`button wide large ${isDone ? '' : 'primary'}`}
          onClick={() => void queue.call({ class_id: id, day, done: !isDone })}
        >
          {isDone ? say.again : say.finish}
        </button>
      </div>
    </div>
  );
}

export function RollScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const { data, error, retry } = useResource(() => loadClass(id), [id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <Roll id={id} {...data} />;
}
