import { t } from '../app/i18n';
import type { Absence, AbsenceRequest, Standing, Student } from '../app/nouns';
import { AcknowledgeButton } from '../staff/acknowledge-button';
import { ReportText } from '../staff/report-text';
import { RequestLine } from '../staff/request-line';
import { FreshMark, KindMark, StandingMark, StateMark, SuspendedMark } from '../ui/mark';
import { fullName, Name } from '../ui/name';

interface Props {
  student: Student;
  row: Absence | undefined;
  /** Away for long on this day. */
  away: Standing | undefined;
  /** Kept from school by an illness on this day. */
  suspended: boolean;
  asked: AbsenceRequest | undefined;
  class_id: number;
  mayAct: boolean;
  fresh: boolean;
}

/** A child's place in the list is always the same; what changes is inside it. */
export function ClassRow({ student, row, away, suspended, asked, class_id, mayAct, fresh }: Props) {
  const isNew = fresh && row && !row.acknowledged_at;
  const from = student.class_id !== class_id ? t().roster.exchange : student.exchange_class_id ? t().roster.support : '';
  return (
    <li
      class={`roster-row ${row ? 'reported' : ''} ${away || suspended ? 'away' : ''} ${isNew ? 'fresh' : ''}`}
      data-student={student.student_id}
      data-fresh={isNew ? 'true' : undefined}
    >
      <span class="number digits">{student.number}</span>
      <span class="who-is">
        <Name of={student} />
        {from && <span class="sub">{from}</span>}
      </span>
      {(away || suspended) && !row && (
        <span class="marks">
          {suspended && <SuspendedMark />}
          {away && <StandingMark />}
        </span>
      )}
      {row && (
        <>
          <span class="marks">
            {suspended && <SuspendedMark />}
            {away && <StandingMark />}
            <KindMark kind={row.kind} />
            {isNew && <FreshMark />}
          </span>
          <ReportText row={row} />
          <span class="act">
            {mayAct ? <AcknowledgeButton row={row} name={fullName(student)} /> : <StateMark row={row} />}
          </span>
          {asked && <RequestLine of={asked} row={row} name={fullName(student)} mayAct={mayAct} />}
        </>
      )}
    </li>
  );
}
