// A write that is tried again, unchanged, goes out under the key it had: the server answers it once. Changed, it is
// another write, under another key.
import { useRef } from 'preact/hooks';
import { newKey } from './api';

export function useSteadyKey(): (body: unknown) => string {
  const last = useRef({ body: '', key: '' });
  return (body) => {
    const text = JSON.stringify(body);
    if (text !== last.current.body) last.current = { body: text, key: newKey() };
    return last.current.key;
  };
}
