import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

type Tone = 'info' | 'good' | 'warn' | 'bad';
const icons: Record<Tone, IconName> = { info: 'info', good: 'check', warn: 'clock', bad: 'alert' };

/** Something to know, where it happened. `urgent` is said at once by a screen reader. */
export function Notice(props: { tone: Tone; urgent?: boolean; children: ComponentChildren }) {
  return (
    <div class={`notice ${props.tone}`} role={props.urgent ? 'alert' : undefined}>
      <Icon name={icons[props.tone]} />
      <div>{props.children}</div>
    </div>
  );
}
