// Before roll call each report should have been seen: from the school's time on, those that were not stand on top.
import { request } from '../app/api';
import { formatTime } from '../app/days';
import { t } from '../app/i18n';
import { useResource } from '../app/resource';
import { setQuery } from '../app/router';
import { useMinute } from '../staff/use-minute';
import { Notice } from '../ui/notice';

export function Unseen({ school_id, open }: { school_id: number; open: number }) {
  const { data } = useResource(() => request('GET /api/schools/{school_id}/times', { path: { school_id } }), [school_id]);
  const minute = useMinute();
  if (!data || open === 0) return null;
  const from = Number(data.escalate_at.slice(0, 2)) * 60 + Number(data.escalate_at.slice(3, 5));
  if (minute < from) return null;
  return (
    <Notice tone="warn" urgent>
      {t().office.unseen(formatTime(data.escalate_at), open)}{' '}
      <button type="button" class="button small" onClick={() => setQuery({ state: 'open' })}>
        {t().office.showUnseen}
      </button>
    </Notice>
  );
}
