// The first question to the server: who is signed in? Asked again until it can be answered.
import { signal } from '@preact/signals';
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

// A remembered session is checked as soon as there is a network again, and the question that got no answer asked again.
effect(() => {
  if (online.value && ((remembered.value && session.peek()) || startFailed.peek())) void startSession();
});
