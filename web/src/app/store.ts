// State that every screen shares.
import { signal } from '@preact/signals';

/** The city's day (Asia/Tokyo), as the server says it; empty until it has. */
export const today = signal('');

/** A hint only: the browser believes that there is a network. */
export const online = signal(typeof navigator === 'undefined' ? true : navigator.onLine);

if (typeof window !== 'undefined') {
  addEventListener('online', () => (online.value = true));
  addEventListener('offline', () => (online.value = false));
}
