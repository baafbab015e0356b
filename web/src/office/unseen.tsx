// Before roll call each report should have been seen: from the school's time on, those that were not stand on top.
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatTime, minuteOf } from '../app/days';
import { t } from '../app/i18n';
import { useResource } from '../app/resource';
import { setQuery } from '../app/router';
import { Notice } from '../ui/notice';

const LOOK_MS = 15_000;

function useMinute(): number {
  const [minute, setMinute] = useState(() => minuteOf(Date.now()));
  useEffect(() => {
    const timer = setInterval(() => setMinute(minuteOf(Date.now())), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return minute;
}

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
