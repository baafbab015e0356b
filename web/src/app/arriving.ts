// What an address brings that must not stay in it: the code of an invitation behind #, which is sent to no server (/join#XXXX-XXXX-XXXX
// from a guardian's letter, /staff-join#...), and what a provider of sign-in says when it sends somebody back. It leaves the
// address bar at once, so that it stays in no history and no picture of the screen. The screens take it from the tab.
import { type Signal, signal } from '@preact/signals';
import { forgetInTab, keepInTab, keptInTab } from './tab';

export interface Returned {
  code: string;
  state: string;
}

const nameOf = (path: string) => `arrived.${path}`;
const kept = (path: string) => signal(keptInTab<string>(nameOf(path)) ?? '');
const codes = { '/join': kept('/join'), '/staff-join': kept('/staff-join') };
type Door = keyof typeof codes;
let returned: Returned | undefined;

function take(): void {
  const { pathname, hash, search } = location;
  if (pathname in codes && hash.length > 1) {
    const code = hash.slice(1, 65);
    codes[pathname as Door].value = code;
    keepInTab(nameOf(pathname), code);
    history.replaceState(null, '', pathname);
  }
  if (pathname === '/signin/oidc' && search) {
    const query = new URLSearchParams(search);
    returned = { code: query.get('code') ?? '', state: query.get('state') ?? '' };
    history.replaceState(null, '', pathname);
  }
}

export function takeArriving(): void {
  take();
  addEventListener('hashchange', take);
}

/** The invitation's code, if the address brought one. */
export const arrivedCode = (door: Door): Signal<string> => codes[door];

/** The screen has it now, or is done with it. */
export function codeTaken(door: Door): void {
  codes[door].value = '';
  forgetInTab(nameOf(door));
}

/** What the provider sent, once. */
export function takeReturned(): Returned | undefined {
  const it = returned;
  returned = undefined;
  return it;
}
