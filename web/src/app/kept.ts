// What the device keeps so that the guardian's page, and a class's roll, open without a network. Forgotten at sign-out.

import { Unreachable } from './problem';

const PREFIX = 'todoke.';

let forgetful = false;

/** A device that others use as well keeps nothing, and forgets what it has. */
export function keepNothing(shared: boolean): void {
  forgetful = shared;
  if (shared) forgetAll();
}

export const keepsNothing = (): boolean => forgetful;

export function keep(name: string, value: unknown): void {
  if (forgetful) return;
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage full or refused: the page works without it.
  }
}

export function kept<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** What the server says, and where it can't be reached, what it said last. */
export async function orKept<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    const fresh = await load();
    keep(name, fresh);
    return fresh;
  } catch (error) {
    const known = error instanceof Unreachable ? kept<T>(name) : undefined;
    if (known === undefined) throw error;
    return known;
  }
}

export function forgetAll(): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing could be kept either.
  }
}
