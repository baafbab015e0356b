import { formatDays } from '../app/days';
import { t } from '../app/i18n';
import type { Child, Kind } from '../app/nouns';
import { KindMark } from '../ui/mark';
import { Name } from '../ui/name';

interface Content {
  first_day: string;
  last_day?: string;
  kind: Kind;
  arrive_at?: string | null;
  leave_at?: string | null;
  reason?: string | null;
  note?: string | null;
}

export function timesText(row: Content): string {
  const times = [row.arrive_at && t().times.arrive(row.arrive_at), row.leave_at && t().times.leave(row.leave_at)];
  return times.filter(Boolean).join('　');
}

/** What was sent. */
export function Facts({ row, child, number }: { row: Content; child?: Child; number?: number }) {
  const words = t().receipt;
  const times = timesText(row);
  return (
    <dl class="facts">
      {child && (
        <div>
          <dt>{words.child}</dt>
          <dd>
            <Name of={child} ruby={false} />
          </dd>
        </div>
      )}
      <div>
        <dt>{words.kind}</dt>
        <dd>
          <KindMark kind={row.kind} />
        </dd>
      </div>
      <div>
        <dt>{words.day}</dt>
        <dd class="digits">{formatDays(row.first_day, row.last_day ?? row.first_day)}</dd>
      </div>
      {times && (
        <div>
          <dt>{words.time}</dt>
          <dd class="digits">{times}</dd>
        </div>
      )}
      {row.reason && (
        <div>
          <dt>{words.reason}</dt>
          <dd>{row.reason}</dd>
        </div>
      )}
      {row.note && (
        <div>
          <dt>{words.note}</dt>
          <dd class="note">{row.note}</dd>
        </div>
      )}
      {number !== undefined && (
        <div>
          <dt>{words.number}</dt>
          <dd class="digits">{number}</dd>
        </div>
      )}
    </dl>
  );
}
