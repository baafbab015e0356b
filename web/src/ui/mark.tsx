// A state is a word, a shape and a colour: never colour alone.
import { t } from '../app/i18n';
import type { Absence, Kind } from '../app/nouns';

const shapes: Record<Kind | 'done' | 'open' | 'off' | 'long' | 'stop' | 'asked', string> = {
  absent: 'M2 2h12v12H2z',
  late: 'M8 1.5L15 14.5H1z',
  leave_early: 'M8 14.5L1 1.5h14z',
  late_and_leave_early: 'M8 0.5L15.5 8 8 15.5 0.5 8z',
  attend: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z',
  long: 'M0.5 5h15v6h-15z',
  stop: 'M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5z',
  asked: 'M1 2.5h14v8.5H8.5L4.5 15v-4H1z',
  done: 'M2 8.5l4 4 8-9',
  open: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z',
  off: 'M3 3l10 10M13 3L3 13',
};

export function Shape({ name }: { name: keyof typeof shapes }) {
  return (
    <svg class="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}

export function KindMark({ kind }: { kind: Kind }) {
  return (
    <span class={`mark kind-${kind}`}>
      <Shape name={kind} />
      {t().kind[kind]}
    </span>
  );
}

export function StateMark({ row }: { row: Pick<Absence, 'cancelled_at' | 'acknowledged_at'> }) {
  const state = row.cancelled_at ? 'cancelled' : row.acknowledged_at ? 'acknowledged' : 'unacknowledged';
  const shape = { cancelled: 'off', acknowledged: 'done', unacknowledged: 'open' } as const;
  return (
    <span class={`mark state-${state}`}>
      <Shape name={shape[state]} />
      {t().state[state]}
    </span>
  );
}

/** A child that is away for long. */
export function StandingMark() {
  return (
    <span class="mark standing-mark">
      <Shape name="long" />
      {t().state.standing}
    </span>
  );
}

/** A child that an illness keeps from school. */
export function SuspendedMark() {
  return (
    <span class="mark suspended-mark">
      <Shape name="stop" />
      {t().state.suspended}
    </span>
  );
}

export function FreshMark() {
  return <span class="mark fresh-mark">{t().state.fresh}</span>;
}
