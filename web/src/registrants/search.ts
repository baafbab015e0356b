// The list: asked again while somebody types, the newest question's answer wins. What is typed never stands in the address.
import { useEffect, useRef, useState } from 'preact/hooks';
import { request } from '../app/api';
import type { Registrant } from '../app/gives/registrants';
import { toHiragana } from '../person/kana';

const PAUSE_MS = 120;

export interface Asked {
  class_id?: number;
  state?: 'registered' | 'missing' | 'mail_problem' | 'unreached' | 'never_signed_in';
  q: string;
}

const STATES = ['registered', 'missing', 'mail_problem', 'unreached', 'never_signed_in'] as const;

export function askedFrom(query: URLSearchParams, q: string): Asked {
  return {
    class_id: Number(query.get('class')) || undefined,
    state: STATES.find((one) => one === query.get('state')),
    q: toHiragana(q.trim()),
  };
}

export function bodyOf({ q, class_id, state }: Asked) {
  return { ...(q ? { q } : {}), ...(class_id ? { class_id } : {}), ...(state ? { state } : {}) };
}

export function useRegistrants(school_id: number, asked: Asked) {
  const [rows, setRows] = useState<Registrant[]>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const newest = useRef(0);
  useEffect(() => {
    const mine = ++newest.current;
    const body = bodyOf(asked);
    const ask = () =>
      request('POST /api/schools/{school_id}/registrants/search', { path: { school_id }, body }).then(
        (answer) => mine === newest.current && (setRows(answer.rows), setError(undefined)),
        (reason: unknown) => mine === newest.current && setError(reason),
      );
    const timer = setTimeout(() => void ask(), asked.q ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [school_id, asked.q, asked.class_id, asked.state, turn]);
  return { rows, setRows, error, reload: () => setTurn((one) => one + 1) };
}
