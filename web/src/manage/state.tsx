// A state is a word, a shape and a colour.
import type { ComponentChildren } from 'preact';

const shapes = {
  done: 'M2 8.5l4 4 8-9',
  ring: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z',
  half: 'M8 2a6 6 0 1 0 0 12zM8 2.9v10.2',
  cross: 'M3 3l10 10M13 3L3 13',
  square: 'M2.5 2.5h11v11h-11z',
  alert: 'M8 2L1.5 13.5h13zM8 6.5v3M8 11.6v.2',
  dash: 'M2.5 8h11',
  plus: 'M8 2.5v11M2.5 8h11',
};

export type Shape = keyof typeof shapes;
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

export function State({ shape, tone, children }: { shape: Shape; tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`state-word ${tone}`}>
      <svg class="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={shapes[shape]} />
      </svg>
      <span>{children}</span>
    </span>
  );
}
