import { formatDays, formatInstant } from '../app/days';
import { t } from '../app/i18n';
import type { Absence } from '../app/nouns';
import { today } from '../app/store';

/** Reason, times and days of a report, by whom and when, and what was written. */
export function ReportText({ row }: { row: Absence }) {
  const times = [row.arrive_at && t().times.arrive(row.arrive_at), row.leave_at && t().times.leave(row.leave_at)];
  const days = row.first_day === row.last_day ? '' : formatDays(row.first_day, row.last_day);
  return (
    <span class="report-text">
      <span class="what">{[row.reason, ...times, days].filter(Boolean).join('　')}</span>
      <span class="sub digits">
        {t().roster.via[row.via]} {formatInstant(row.reported_at, today.value)}
      </span>
      {row.note && <span class="note">{row.note}</span>}
    </span>
  );
}
