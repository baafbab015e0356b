// Who is signed in, and which views that opens.
import { computed, signal } from '@preact/signals';
import { isProblem, request, whenSignedOut } from './api';
import { dayOf } from './days';
import { forgetAll, keep, keepNothing, kept } from './kept';
import type { Session } from './nouns';
import { Unreachable } from './problem';
import { place } from './router';
import { today } from './store';
import { viewsOf } from './views';

/** undefined: not yet known. null: nobody. */
export const session = signal<Session | null | undefined>(undefined);

/** True when the session is the one that the device remembered, because the server can't be reached. */
export const remembered = signal(false);

/** Half signed in: the second factor is still due. */
export const isHalf = computed(() => Boolean(session.value?.second_factor));

export const views = computed(() => (session.value && !isHalf.value ? viewsOf(session.value) : []));

export function homePath(): string {
  const last = kept<string>('view');
  return (views.value.find((view) => view.path === last) ?? views.value[0])?.path ?? '/nothing';
}

export function acceptSession(who: Session): void {
  const before = kept<Session>('session');
  if (before && before.account_id !== who.account_id) forgetAll();
  keepNothing(who.shared);
  session.value = who;
  today.value = who.today;
  if (!who.second_factor) keep('session', who);
}

export async function loadSession(): Promise<void> {
  try {
    acceptSession(await request('GET /api/session'));
    remembered.value = false;
  } catch (error) {
    const known = error instanceof Unreachable ? kept<Session>('session') : undefined;
    if (known) {
      session.value = known;
      today.value = dayOf(Date.now());
      remembered.value = true;
    } else if (isProblem(error, 'unauthorized') || (isProblem(error) && error.status === 401)) {
      session.value = null;
    } else {
      throw error;
    }
  }
}

export async function signIn(login_id: string, password: string, shared: boolean): Promise<void> {
  acceptSession(await request('POST /api/session', { body: { login_id, password, shared } }));
}

/** The second factor: a code of the authenticator app, or a recovery code. */
export async function showCode(code: string): Promise<void> {
  acceptSession(await request('POST /api/session/second-factor', { body: { code } }));
}

export async function signOut(): Promise<void> {
  await request('DELETE /api/session');
  await (await import('./push')).forgetPush().catch(() => undefined);
  forgetAll();
  leaveTo('/signin');
}

/** A new page, so that nothing of this account stays in memory for whoever comes next. */
function leaveTo(path: string): void {
  session.value = null;
  location.replace(path);
}

/** The server says that the session has ended: sign in again, then go on where one was. */
export function endSession(): void {
  if (session.value === null || session.value === undefined) return;
  leaveTo(`/signin?next=${encodeURIComponent(place.value.path)}`);
}

whenSignedOut(endSession);
