import { useState } from 'preact/hooks';
import { useKeptTopic } from '../app/connection';
import { formatDay, timeOf } from '../app/days';
import { explain } from '../app/explain';
import type { Illness } from '../app/gives/illness';
import { t } from '../app/i18n';
import { suspendedOn } from '../app/illness';
import type { Absence } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { acknowledgeAll } from '../staff/acknowledge';
import { chime, prepareChime } from '../staff/chime';
import { DaySwitch, shownDay } from '../staff/day-switch';
import { ClosedClass } from '../staff/closed-class';
import { failure, LastFailure } from '../staff/failure';
import { onDay, staffFiguresOf } from '../staff/figures';
import { OtherRequests } from '../staff/request-line';
import { useAway, useOpenRequests } from '../staff/requests';
import { className, loadClass, type LoadedClass, schoolName } from '../staff/roster';
import { Totals } from '../staff/totals';
import { useArrivals } from '../staff/use-arrivals';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { usePageTitle } from '../ui/page';
import { FreshBelow } from './fresh-below';
import { ClassRow } from './row';

function AcknowledgeAll({ class_id, open }: { class_id: number; open: Absence[] }) {
  const [busy, setBusy] = useState(false);
  const words = t().roster;
  const act = async () => {
    setBusy(true);
    failure.value = '';
    try {
      await acknowledgeAll(class_id, open);
    } catch (error) {
      failure.value = `${words.failedAcknowledge} ${explain(error)}`;
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class="button primary acknowledge-all" disabled={busy || open.length === 0} onClick={act}>
      {open.length === 0 ? words.allDone : words.acknowledgeAll(open.length)}
    </button>
  );
}

function Sound({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={on}
        onChange={() => {
          if (!on) prepareChime();
          onChange(!on);
        }}
      />
      <span>{t().roster.sound}</span>
    </label>
  );
}

/** A list on paper says what it contains and when it was made. */
function PrintHead({ day, count, school_id }: { day: string; count: number; school_id?: number }) {
  const school = schoolName(school_id);
  const made = `${formatDay(today.value)} ${timeOf(Date.now())}`;
  return <p class="print-only">{t().roster.printHead(school, day, count, made)}</p>;
}

function ClassList({ id, of, students }: LoadedClass & { id: number }) {
  const topic = useKeptTopic<Absence>(`absences/class/${id}`);
  const [sound, setSound] = useState(false);
  const [only, setOnly] = useState(false);
  const onNew = () => sound && chime();
  useArrivals(topic, onNew);
  const requests = useOpenRequests('class', id, onNew);
  const day = shownDay();
  const away = useAway('class', id, day);
  const suspended = suspendedOn(useKeptTopic<Illness>(`illnesses/class/${id}`).rows.value, day);
  const rows = onDay(topic.rows.value, day);
  const state = topic.state.value;
  const open = rows.filter((row) => !row.acknowledged_at);
  const words = t().roster;
  const mayAct = of?.may_act ?? false;
  const byStudent = new Map(rows.map((row) => [row.student_id, row]));
  const shown = only ? students.filter((student) => byStudent.has(student.student_id) || away.has(student.student_id) || suspended.has(student.student_id)) : students;
  const heading = usePageTitle(of ? className(of) : t().app.school);
  if (state === 'gone') return <FailurePage reason="forbidden" />;
  return (
    <div class="page class-page" data-state={state}>
      <div class="staff-head">
        {heading}
        <DaySwitch />
        <Totals figures={staffFiguresOf(rows, { suspended, away }, requests)} students={students.length} />
        {mayAct && day === today.value && (
          <a class="button" href={`/class/${id}/roll`}>
            {words.takeRoll}
          </a>
        )}
        {mayAct && <AcknowledgeAll class_id={id} open={open} />}
      </div>
      <LastFailure />
      <ClosedClass of={of} day={day} />
      <OtherRequests open={requests} rows={rows} mayAct={mayAct} />
      <div class="tools no-print">
        <label class="tick">
          <input type="checkbox" checked={only} onChange={() => setOnly(!only)} />
          <span>{words.onlyReported}</span>
        </label>
        <Sound on={sound} onChange={setSound} />
        <button type="button" class="button quiet" onClick={() => print()}>
          <Icon name="print" />
          {words.print}
        </button>
        <a class="button quiet" href={`/class/${id}/register`}>
          {words.register}
        </a>
        <a class="button quiet" href={`/class/${id}/absences`}>
          {t().office.list}
        </a>
        {mayAct && of && (
          <a class="button quiet" href={`/school/${of.school_id}/registrants?class=${id}`}>
            {words.registrants}
          </a>
        )}
        {state !== 'loading' && rows.length === 0 && <span class="sub">{words.empty(day)}</span>}
      </div>
      <PrintHead day={day} count={rows.length} school_id={of?.school_id} />
      {state === 'loading' && <Loading lines={8} />}
      {state !== 'loading' && (
        <ol class={`roster ${state === 'stale' ? 'stale' : ''} ${shown.length > 12 ? 'two' : ''}`}>
          {shown.map((student) => (
            <ClassRow
              key={student.student_id}
              student={student}
              row={byStudent.get(student.student_id)}
              away={away.get(student.student_id)}
              suspended={suspended.has(student.student_id)}
              asked={requests.find((of) => of.absence_id === byStudent.get(student.student_id)?.id)}
              class_id={id}
              mayAct={mayAct}
              fresh={topic.arrived.value.has(byStudent.get(student.student_id)?.id ?? 0)}
            />
          ))}
        </ol>
      )}
      <FreshBelow />
    </div>
  );
}

export function ClassScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const { data, error, retry } = useResource(() => loadClass(id), [id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) {
    return (
      <div class="page">
        <Loading lines={10} />
      </div>
    );
  }
  return <ClassList id={id} {...data} />;
}
