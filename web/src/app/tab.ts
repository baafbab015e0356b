// What this tab alone keeps, until it is closed: answers on the way in survive a reload and the way back, and no
// address carries them. Never a password.

const PREFIX = 'todoke.';

export function keepInTab(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Refused: the page works without it, until it is reloaded.
  }
}

export function keptInTab<T>(name: string): T | undefined {
  try {
    const text = sessionStorage.getItem(PREFIX + name);
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

export function forgetInTab(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing could be kept either.
  }
}
