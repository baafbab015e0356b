// The account, asked for by each screen that shows it.
import { request } from '../app/api';
import { type Resource, useResource } from '../app/resource';
import type { Account, LinkedChild } from '../person/nouns';

export function useAccount(): Resource<Account> {
  return useResource(() => request('GET /api/account'), []);
}

export function useChildren(): Resource<LinkedChild[]> {
  return useResource(async () => (await request('GET /api/account/children')).rows, []);
}

export const ACCOUNT = '/account';
