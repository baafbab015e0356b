// The rows: asked for again when the question changes, page by page; what changes meanwhile changes in place, and what is new is offered.
import { useEffect, useRef, useState } from 'preact/hooks';
import { request } from '../app/api';
import { useTopic } from '../app/connection';
import type { ListedAbsence } from '../app/gives/absence-list';
import type { Absence } from '../app/nouns';
import { type Asked, type Body, bodyOf, isPeriod } from './ask';

const PAUSE_MS = 150;

const ask = (school_id: number, body: Body) => request('POST /api/schools/{school_id}/absences/list', { path: { school_id }, body }).then(({ rows }) => rows);

/** Would the list have this one? What was typed, and who is kept away besides, is the server's to look for: then every new one is offered. */
function fits(row: Absence, asked: Asked): boolean {
  return (
    row.last_day >= asked.from &&
    row.first_day <= asked.to &&
    (!asked.class_id || row.class_id === asked.class_id) &&
    (!asked.kind || row.kind === asked.kind || row.kind === 'late_and_leave_early') &&
    (!asked.reason_id || row.reason_id === asked.reason_id) &&
    (!asked.via || row.via === asked.via) &&
    (asked.state === undefined || asked.state === 'unacknowledged')
  );
}

function renewed(row: ListedAbsence, now: Absence | undefined): ListedAbsence {
  if (!now || now.version <= row.version) return row;
  const state = now.cancelled_at ? 'cancelled' : now.acknowledged_at ? 'acknowledged' : 'unacknowledged';
  return { ...row, ...now, state };
}

export function useList(school_id: number, topicName: string, asked: Asked, q: string) {
  const topic = useTopic<Absence>(topicName);
  const [rows, setRows] = useState<ListedAbsence[]>();
  const [total, setTotal] = useState(0);
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const [seen, setSeen] = useState<ReadonlySet<number>>(new Set());
  const newest = useRef(0);
  const body = bodyOf(asked, q);
  const question = JSON.stringify(body);
  const live = topic.rows.value;
  const isLive = topic.state.value === 'fresh';
  useEffect(() => {
    const mine = ++newest.current;
    if (!isPeriod(asked)) return;
    const load = () =>
      ask(school_id, body).then(
        (found) => {
          if (mine !== newest.current) return;
          setRows(found);
          setTotal(found[0]?.total ?? 0);
          setSeen(new Set(topic.rows.value.keys()));
          setError(undefined);
        },
        (reason: unknown) => mine === newest.current && setError(reason),
      );
    const timer = setTimeout(() => void load(), q ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [school_id, question, turn, isLive]);
  const more = async () => {
    const mine = newest.current;
    const after = rows?.at(-1)?.key.join('.');
    if (!after) return;
    const next = await ask(school_id, { ...body, after });
    if (mine === newest.current) setRows((have) => [...(have ?? []), ...next]);
  };
  const known = new Set(rows?.map((row) => row.id));
  const fresh = rows ? [...live.values()].filter((row) => !row.cancelled_at && !known.has(row.id) && !seen.has(row.id) && fits(row, asked)).length : 0;
  return {
    rows: rows?.map((row) => renewed(row, live.get(row.id))),
    total,
    fresh,
    error,
    gone: topic.state.value === 'gone',
    more,
    reload: () => setTurn((one) => one + 1),
  };
}
