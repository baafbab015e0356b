// What a screen asks the server for once: loading, then ready or failed, with a way to try again.
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Resource<T> {
  data: T | undefined;
  error: unknown;
  /** -> when it has been read again. */
  retry: () => Promise<void>;
}

export function useResource<T>(load: () => Promise<T>, deps: unknown[]): Resource<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ data?: T; error?: unknown }>({});
  const waiting = useRef<(() => void)[]>([]);
  const settle = () => waiting.current.splice(0).forEach((done) => done());
  useEffect(() => settle, []);
  useEffect(() => {
    let current = true;
    load()
      .then(
        (data) => current && setState({ data }),
        (error: unknown) => current && setState((was) => ({ ...was, error })),
      )
      .finally(() => current && settle());
    return () => {
      current = false;
    };
  }, [...deps, turn]);
  const retry = () =>
    new Promise<void>((done) => {
      waiting.current.push(done);
      setTurn((now) => now + 1);
    });
  return { data: state.data, error: state.error, retry };
}
