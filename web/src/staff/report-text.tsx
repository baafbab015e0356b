import { comesLate, leavesEarly } from '../app/draft';
import { formatDays, formatInstant } from '../app/days';
import { t } from '../app/i18n';
import type { Absence } from '../app/nouns';
import { today } from '../app/store';
import { words } from '../requests/words';

function times(row: Absence): (string | false)[] {
  const arrive = row.arrive_at ? t().times.arrive(row.arrive_at) : words().arriveUnknown;
  const leave = row.leave_at ? t().times.leave(row.leave_at) : words().leaveUnknown;
  return [comesLate(row.kind) && arrive, leavesEarly(row.kind) && leave];
}

/** Who takes the child home, where that is not as usual: marked, since somebody waits at the door. */
function PickUp({ row }: { row: Absence }) {
  if (!row.pick_up) return null;
  const who = row.pick_up_note;
  return <span class="pick-up">{who && row.pick_up === 'other_person' ? words().pickUpBy(who) : [words().pickUp[row.pick_up], who].filter(Boolean).join(' ')}</span>;
}

/** Reason, times and days of a report, by whom and when, and what was written. */
export function ReportText({ row }: { row: Absence }) {
  const days = row.first_day === row.last_day ? '' : formatDays(row.first_day, row.last_day);
  const what = [row.reason, ...times(row), days].filter(Boolean).join('　');
  return (
    <span class="report-text">
      {what && <span class="what">{what}</span>}
      <PickUp row={row} />
      {row.symptoms && <span>{words().symptoms(row.symptoms.map((one) => words().symptom[one]).join('、'))}</span>}
      <span class="sub digits">
        {t().roster.via[row.via]} {formatInstant(row.reported_at, today.value)}
      </span>
      {row.note && <span class="note">{row.note}</span>}
    </span>
  );
}
