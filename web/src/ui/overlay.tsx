import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** A dialog that belongs to no screen: one at a time, put here by whoever asks something. */
export const overlay = signal<ComponentChildren>(null);

export function Overlay() {
  return <>{overlay.value}</>;
}
