// What an address brings that must not stay in it: the code of an invitation behind #, which is sent to no server, and what
// a provider of sign-in says when it sends somebody back. It leaves the address bar and the history at once.

export interface Returned {
  code: string;
  state: string;
}

let code = '';
let returned: Returned | undefined;

function take(): void {
  if (location.pathname === '/staff-join' && location.hash.length > 1) {
    code = location.hash.slice(1, 65);
    history.replaceState(null, '', '/staff-join');
  }
  if (location.pathname === '/signin/oidc' && location.search) {
    const query = new URLSearchParams(location.search);
    returned = { code: query.get('code') ?? '', state: query.get('state') ?? '' };
    history.replaceState(null, '', '/signin/oidc');
  }
}

export function takeArriving(): void {
  take();
  addEventListener('hashchange', take);
}

/** The invitation's code, if the address brought one. */
export const arrivedCode = (): string => code;

/** What the provider sent, once. */
export function takeReturned(): Returned | undefined {
  const it = returned;
  returned = undefined;
  return it;
}
