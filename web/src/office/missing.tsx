// What the roll calls of the school say: children unaccounted for, with the question to their guardians, and which classes are done.
import '../roll/roll.css';
import { useEffect } from 'preact/hooks';
import { useTopic } from '../app/connection';
import { formatDays } from '../app/days';
import { t } from '../app/i18n';
import type { Illness } from '../app/gives/illness';
import type { Attendance, Inquiry, RollCall } from '../app/gives/roll';
import type { Absence, SchoolClass, Standing } from '../app/nouns';
import { suspendedOn } from '../app/illness';
import { awayOn } from '../app/standing';
import { today } from '../app/store';
import { className, loadRoster, students } from '../staff/roster';
import { useMinute } from '../staff/use-minute';
import { isContradicted, isUnaccounted } from '../roll/judge';
import { type Missing, Unaccounted } from '../roll/unaccounted';
import { words } from '../roll/words';
import { fullName, Name } from '../ui/name';
import { EditReport } from './edit-report';

/** Classes whose roll has been called today. */
export function useCalled(school_id: number): ReadonlySet<number> {
  const calls = useTopic<RollCall>(`rolls/school/${school_id}`);
  return new Set([...calls.rows.value.values()].filter((row) => row.day === today.value && row.done_at).map((row) => row.class_id));
}

interface Props {
  school_id: number;
  classes: SchoolClass[];
  reports: Absence[];
  called: ReadonlySet<number>;
  onEdit: (row: Absence) => void;
}

/** Reported absent, and there: a report that is wrong, or a mark. */
function Contradicted({ rows, placeOf, onEdit }: { rows: Absence[]; placeOf: (row: { student_id: number; class_id: number }) => string; onEdit: (row: Absence) => void }) {
  const say = words();
  return (
    <section class="contradicted" aria-labelledby="contradicted-title">
      <h2 id="contradicted-title">{say.contradictedTitle(rows.length)}</h2>
      <p class="sub">{say.contradictedLead}</p>
      <ul>
        {rows.map((row) => {
          const student = students.value.get(row.student_id);
          return (
            <li key={row.id} class="missing" data-contradicted={row.student_id}>
              <span class="who-is">
                <span class="sub digits">{placeOf(row)}</span>
                {student && <Name of={student} />}
              </span>
              <span class="missing-said">{formatDays(row.first_day, row.last_day)}</span>
              <EditReport row={row} name={student ? fullName(student) : ''} onEdit={onEdit} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function MissingChildren({ school_id, classes, reports, called, onEdit }: Props) {
  useMinute();
  const marks = useTopic<Attendance>(`attendance/school/${school_id}`);
  const inquiries = useTopic<Inquiry>(`inquiries/school/${school_id}`);
  const away = useTopic<Standing>(`standing/school/${school_id}`);
  const ill = useTopic<Illness>(`illnesses/school/${school_id}`);
  const day = today.value;
  const suspended = suspendedOn(ill.rows.value, day);
  const isAway = awayOn(away.rows.value, day);
  const reportOf = new Map(reports.map((row) => [row.student_id, row]));
  const markOf = new Map([...marks.rows.value.values()].filter((row) => row.day === day).map((row) => [row.student_id, row]));
  // A child that was reported late and never came has no mark.
  const rows = [...markOf.values(), ...reports.filter((row) => !markOf.has(row.student_id))].filter(({ student_id, class_id }) =>
    isUnaccounted(markOf.get(student_id)?.state, reportOf.get(student_id), isAway.has(student_id) || suspended.has(student_id), Date.now(), called.has(class_id)),
  );
  const present = reports.filter((row) => isContradicted(markOf.get(row.student_id)?.state, row));
  const of = [...new Set([...rows, ...present].map((row) => row.class_id))].sort((a, b) => a - b);
  useEffect(() => {
    for (const id of of) void loadRoster(id).catch(() => undefined);
  }, [of.join()]);
  const placeOf = ({ student_id, class_id }: { student_id: number; class_id: number }) => {
    const at = classes.find((one) => one.id === class_id);
    const student = students.value.get(student_id);
    return `${at ? className(at) : ''} ${student ? t().child.number(student.number) : ''}`;
  };
  const order = (row: { student_id: number; class_id: number }) =>
    classes.findIndex((one) => one.id === row.class_id) * 1000 + (students.value.get(row.student_id)?.number ?? 0);
  const inOrder = <R extends { student_id: number; class_id: number }>(list: R[]) => [...list].sort((a, b) => order(a) - order(b));
  const missing: Missing[] = inOrder(rows).flatMap((row) => {
    const student = students.value.get(row.student_id);
    const inquiry = [...inquiries.rows.value.values()].find((one) => one.student_id === row.student_id && one.day === day);
    return student ? [{ student, place: placeOf(row), inquiry, report: reportOf.get(row.student_id) }] : [];
  });
  return (
    <>
      {missing.length > 0 && <Unaccounted missing={missing} topics={[`inquiries/school/${school_id}`]} />}
      {present.length > 0 && <Contradicted rows={inOrder(present)} placeOf={placeOf} onEdit={onEdit} />}
    </>
  );
}
