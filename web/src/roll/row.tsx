import { t } from '../app/i18n';
import type { Seen } from '../app/gives/roll';
import type { Absence, Student } from '../app/nouns';
import { comesLate, leavesEarly } from '../app/draft';
import { fullName, Name } from '../ui/name';
import { expectedOf, isAwaited, isContradicted, type Shown, shownOf } from './judge';
import type { Tapped } from './marks';
import { words } from './words';

const CHOICES = ['present', 'late', 'absent', 'left_early'] as const;

interface Props {
  student: Student;
  report: Absence | undefined;
  /** Away for long, or suspended. */
  isStanding: boolean;
  isSuspended: boolean;
  mark: Tapped | undefined;
  missing: boolean;
  onChoose: (chosen: Shown) => void;
  onArrive: () => void;
  onTime: (time: string) => void;
}

/** What was reported, in few words: who calls the roll has to know it, not to read it. */
export function reportWords(report: Absence | undefined, isStanding: boolean, isSuspended = false): string {
  const say = words();
  const parts: string[] = isSuspended ? [say.suspended] : [];
  if (!report) return isSuspended ? say.suspended : isStanding ? say.standing : '';
  if (report.kind === 'absent') parts.push(say.absentReport);
  if (comesLate(report.kind)) parts.push(report.arrive_at ? say.arrives(report.arrive_at) : say.arrivesSome);
  if (leavesEarly(report.kind)) parts.push(report.leave_at ? say.leaves(report.leave_at) : say.leavesSome);
  if (report.reason) parts.push(report.reason);
  return parts.join('　');
}

function timeOf(mark: Tapped | undefined): { label: string; value: string } | undefined {
  const say = words();
  const hour = (time: string | null) => time?.slice(0, 5) ?? '';
  if (mark?.state === 'late') return { label: say.arrivedAt, value: hour(mark.arrived_at) };
  if (mark?.state === 'left_early' || mark?.state === 'late_and_left_early') return { label: say.leftAt, value: hour(mark.left_at) };
  return undefined;
}

function Warning({ seen, report, missing, isSuspended }: { seen: Seen | undefined; report: Absence | undefined; missing: boolean; isSuspended: boolean }) {
  const say = words();
  if (missing) return <span class="roll-warning">{say.unaccounted}</span>;
  if (isSuspended && (seen === 'present' || seen === 'late')) return <span class="roll-warning">{say.suspendedHere}</span>;
  if (isContradicted(seen, report)) return <span class="roll-warning soft">{say.contradicted}</span>;
  return null;
}

/** A child's place never changes; everyone is 出席 until tapped. */
export function RollRow({ student, report, isStanding, isSuspended, mark, missing, onChoose, onArrive, onTime }: Props) {
  const say = words();
  const expected = expectedOf(report, isStanding);
  const shown = shownOf(mark?.state, expected);
  const told = reportWords(report, isStanding, isSuspended);
  const time = timeOf(mark);
  return (
    <li class={`roll-row ${shown}`} data-student={student.student_id} data-shown={shown} data-waits={mark?.waits ? 'true' : undefined}>
      <span class="number digits">{student.number}</span>
      <span class="who-is">
        <Name of={student} />
        {student.exchange_class_id && <span class="sub">{t().roster.support}</span>}
      </span>
      <span class="told">
        {told && <span class="told-text">{told}</span>}
        <Warning seen={mark?.state} report={report} missing={missing} isSuspended={isSuspended} />
        {isAwaited(mark?.state, report) && (
          <button type="button" class="button small" aria-label={say.arrivedOf(fullName(student))} onClick={onArrive}>
            {say.arrived}
          </button>
        )}
      </span>
      <fieldset class="segments">
        <legend class="for-readers">{say.group(fullName(student))}</legend>
        {CHOICES.map((choice) => (
          <label key={choice} class={`segment ${choice}`}>
            <input
              type="radio"
              name={`roll-${student.student_id}`}
              value={choice}
              checked={shown === choice}
              onChange={() => onChoose(choice)}
            />
            <span>{say.state[choice]}</span>
          </label>
        ))}
      </fieldset>
      {time && (
        <label class="other-time roll-time">
          <span>{time.label}</span>
          <input type="time" value={time.value} onChange={(event) => event.currentTarget.value && onTime(event.currentTarget.value)} />
        </label>
      )}
    </li>
  );
}
