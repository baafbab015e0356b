// What a screen asks the server for once: loading, then ready or failed, with a way to try again.
import { useEffect, useState } from 'preact/hooks';

export interface Resource<T> {
  data: T | undefined;
  error: unknown;
  retry: () => void;
}

export function useResource<T>(load: () => Promise<T>, deps: unknown[]): Resource<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ data?: T; error?: unknown }>({});
  useEffect(() => {
    let current = true;
    load().then(
      (data) => current && setState({ data }),
      (error: unknown) => current && setState((was) => ({ ...was, error })),
    );
    return () => {
      current = false;
    };
  }, [...deps, turn]);
  return { data: state.data, error: state.error, retry: () => setTurn((now) => now + 1) };
}
