// What a screen reader hears: changes gathered for a moment, said once, politely.
import { signal } from '@preact/signals';

const GATHER_MS = 1500;
const said = signal('');
let gathered: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  gathered.push(text);
  timer ??= setTimeout(() => {
    timer = undefined;
    said.value = gathered.join(' ');
    gathered = [];
  }, GATHER_MS);
}

export function Announcer() {
  return (
    <div class="for-readers" role="status" aria-live="polite">
      {said}
    </div>
  );
}
