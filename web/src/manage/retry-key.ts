// A write that got no answer is sent again under its key; once answered, the next press is another write.
import { useRef } from 'preact/hooks';
import { newKey } from '../app/api';

export function useRetryKey(): <T>(body: unknown, send: (key: string) => Promise<T>) => Promise<T> {
  const last = useRef({ body: '', key: '' });
  return async (body, send) => {
    const text = JSON.stringify(body);
    if (text !== last.current.body || !last.current.key) last.current = { body: text, key: newKey() };
    const answer = await send(last.current.key);
    last.current = { body: '', key: '' };
    return answer;
  };
}
