// Honest connection: says that it is connected and when something last changed, or that it is trying again.
import { useEffect, useRef } from 'preact/hooks';
import { live } from '../app/connection';
import { timeOf } from '../app/days';
import { t } from '../app/i18n';
import { announce } from './announcer';

function LastChange({ at }: { at: number }) {
  return (
    <span>
      <span class="last">{t().connection.lastChange} </span>
      {timeOf(at)}
    </span>
  );
}

export function ConnectionState() {
  const state = live.connection.value;
  const was = useRef(state);
  const words = t().connection;
  useEffect(() => {
    if (state === 'lost' && was.current === 'open') announce(words.lost);
    if (state === 'open' && was.current === 'lost') announce(words.back);
    was.current = state;
  }, [state]);
  if (state === 'idle') return null;
  return (
    <span class={`connection ${state}`} data-connection={state}>
      <span class="dot" aria-hidden="true" />
      {words[state]}
      {state === 'open' && live.changedAt.value > 0 && <LastChange at={live.changedAt.value} />}
    </span>
  );
}
