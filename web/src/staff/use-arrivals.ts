// New reports, said once in a batch, for those who don't look at the screen just now.
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../app/i18n';
import type { Topic } from '../app/live';
import type { Absence } from '../app/nouns';
import { announce } from '../ui/announcer';
import { studentName } from './roster';

export function useArrivals(topic: Topic<Absence>, onNew?: () => void): void {
  const told = useRef<ReadonlySet<number>>(topic.arrived.value);
  const arrived = topic.arrived.value;
  useEffect(() => {
    const rows = [...arrived].filter((id) => !told.current.has(id)).flatMap((id) => topic.rows.value.get(id) ?? []);
    told.current = arrived;
    if (rows.length === 0) return;
    const text = rows.slice(0, 5).map((row) => `${studentName(row.student_id)} ${t().kind[row.kind]}`);
    announce(t().roster.announce(rows.length, text.join('、')));
    onNew?.();
  }, [arrived]);
}
