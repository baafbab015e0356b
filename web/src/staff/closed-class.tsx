// A class that is closed is not called.
import { request } from '../app/api';
import { closureOn } from '../app/closures';
import { t } from '../app/i18n';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { Notice } from '../ui/notice';

export function ClosedClass({ of, day }: { of: SchoolClass | undefined; day: string }) {
  const school_id = of?.school_id;
  const { data } = useResource(
    async () => (school_id ? (await request('GET /api/schools/{school_id}/closures', { path: { school_id } })).rows : []),
    [school_id, day],
  );
  const closure = of && data && closureOn(data, of, day);
  return closure ? <Notice tone="warn">{t().roster.closedToday(closure.first_day, closure.last_day)}</Notice> : null;
}
