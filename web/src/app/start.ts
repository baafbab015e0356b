// The first question to the server: who is signed in? Asked again until it can be answered.
import { signal } from '@preact/signals';
import { kept } from './kept';
import { navigate } from './router';
import { loadSession, remembered, session } from './session';
import { online } from './store';
import { effect } from '@preact/signals';

export const startFailed = signal(false);

export async function startSession(): Promise<void> {
  try {
    await loadSession();
    startFailed.value = false;
  } catch {
    startFailed.value = true;
  }
}

// Where notifications are on, the server learns which session and endpoint that is now.
effect(() => {
  const who = session.value;
  if (who && !who.second_factor && !remembered.value && kept<number>('push') === who.account_id) {
    void import('./push').then(({ refreshPush }) => refreshPush(who.account_id)).catch(() => undefined);
  }
});

// A notification was pressed while the app is open (sw.ts).
navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<{ open?: unknown } | string>) => {
  if (typeof data === 'object' && typeof data?.open === 'string') navigate(data.open);
});

// A remembered session is checked as soon as there is a network again, and the question that got no answer asked again.
effect(() => {
  if (online.value && ((remembered.value && session.peek()) || startFailed.peek())) void startSession();
});
