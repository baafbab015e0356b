// What guardians ask the school to change after the cut-off: who follows it, and how it is answered.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { request } from '../app/api';
import { live, useTopic } from '../app/connection';
import type { Absence, AbsenceRequest, Standing } from '../app/nouns';
import { awayOn } from '../app/standing';
import { explainTo } from '../manage/explain';
import { words } from '../requests/words';
import { announce } from '../ui/announcer';
import { failure } from './failure';
import { studentName } from './roster';

/** Ids on their way; their buttons wait. */
export const deciding = signal<ReadonlySet<number>>(new Set());

type Scope = 'class' | 'school';

/** Those that wait for an answer, oldest first; new ones are said. */
export function useOpenRequests(scope: Scope, id: number, onNew?: () => void): AbsenceRequest[] {
  const topic = useTopic<AbsenceRequest>(`requests/${scope}/${id}`);
  const open = [...topic.rows.value.values()].filter((row) => row.state === 'open').sort((a, b) => a.id - b.id);
  const told = useRef(topic.arrived.value);
  useEffect(() => {
    const fresh = open.filter((row) => topic.arrived.value.has(row.id) && !told.current.has(row.id));
    told.current = topic.arrived.value;
    if (fresh.length === 0) return;
    announce(words().announce(fresh.map((row) => `${studentName(row.student_id)} ${words().action[row.action]}`).join('、')));
    onNew?.();
  }, [topic.arrived.value]);
  return open;
}

/** Children who are away for long on a day, by child. */
export function useAway(scope: Scope, id: number, day: string): Map<number, Standing> {
  return awayOn(useTopic<Standing>(`standing/${scope}/${id}`).rows.value, day);
}

/** The answer to a request about the report as it is shown. -> whether it went out. */
export async function decide(of: AbsenceRequest, row: Absence, state: 'accepted' | 'declined', answer = ''): Promise<boolean> {
  failure.value = '';
  deciding.value = new Set([...deciding.value, of.id]);
  try {
    const body = { version: of.version, report_version: row.version, state, ...(answer.trim() && { answer: answer.trim() }) };
    const { version, at } = await request('POST /api/requests/{id}/decide', { path: { id: of.id }, body });
    const decided = { ...of, state, version, decided_at: at };
    for (const scope of [`class/${of.class_id}`, `class/${of.exchange_class_id}`, `school/${of.school_id}`]) live.learn(`requests/${scope}`, decided);
    announce(state === 'accepted' ? words().acceptedDone : words().declinedDone);
    return true;
  } catch (error) {
    failure.value = `${words().failed} ${explainTo(words().problem, error)}`;
    announce(failure.value);
    return false;
  } finally {
    deciding.value = new Set([...deciding.value].filter((id) => id !== of.id));
  }
}
