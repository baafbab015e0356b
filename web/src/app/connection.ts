// The page's one Live, and the hints that the browser gives it.
import { effect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { keep, kept } from './kept';
import { Live, openSocket, type Topic } from './live';
import type { Row } from './rows';
import { endSession } from './session';
import { today } from './store';

export const live = new Live({
  open: openSocket,
  onSignedOut: endSession,
  onToday: (day) => (today.value = day),
});

addEventListener('offline', () => live.networkLost());
addEventListener('online', () => live.wake());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') live.wake();
});

/** A topic for as long as the component is on the screen. */
export function useTopic<R extends Row>(name: string): Topic<R> {
  const topic = useMemo(() => live.use<R>(name), [name]);
  useEffect(() => () => live.release(name), [name]);
  return topic;
}

/** A topic whose rows the device keeps: they are there, as stale, where there is no network when the page opens. */
export function useKeptTopic<R extends Row>(name: string): Topic<R> {
  const place = `topic.${name}`;
  const topic = useMemo(() => live.use<R>(name, kept<R[]>(place)), [name]);
  useEffect(() => {
    const end = effect(() => {
      const rows = [...topic.rows.value.values()];
      if (topic.state.value === 'fresh') keep(place, rows);
    });
    return () => {
      end();
      live.release(name);
    };
  }, [name]);
  return topic;
}

/** Several at once; the list's order is the result's. */
export function useTopics<R extends Row>(names: string[]): Topic<R>[] {
  const key = names.join(' ');
  const topics = useMemo(() => names.map((name) => live.use<R>(name)), [key]);
  useEffect(() => () => names.forEach((name) => live.release(name)), [key]);
  return topics;
}
