// The answers of one way in (registration, recovery), a signal that the tab keeps.
import { type ReadonlySignal, signal } from '@preact/signals';
import { forgetInTab, keepInTab, keptInTab } from '../app/tab';

export interface Answers<T> {
  now: ReadonlySignal<T>;
  change: (part: Partial<T>) => void;
  forget: () => void;
}

export function answersOf<T extends object>(name: string, fresh: T): Answers<T> {
  const now = signal<T>({ ...fresh, ...keptInTab<Partial<T>>(name) });
  return {
    now,
    change: (part) => {
      now.value = { ...now.value, ...part };
      keepInTab(name, now.value);
    },
    forget: () => {
      now.value = fresh;
      forgetInTab(name);
    },
  };
}
