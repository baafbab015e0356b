// The morning's curve: how many reports arrived in each minute. A small SVG of our own.
import { formatTime } from '../app/days';
import { t } from '../app/i18n';
import type { ArrivalGauge } from '../app/nouns';

const WIDTH = 720;
const HEIGHT = 120;
const BASE = HEIGHT - 20;

function clock(minute: number): string {
  return formatTime(`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
}

/** From 6:30 to 9:00, or wider when reports came outside of it. */
export function windowOf(gauges: readonly ArrivalGauge[]): [from: number, to: number] {
  const minutes = gauges.filter((gauge) => gauge.n > 0).map((gauge) => gauge.id);
  const from = Math.min(390, ...minutes);
  const to = Math.max(540, ...minutes);
  return [Math.floor(from / 30) * 30, Math.ceil((to + 1) / 30) * 30];
}

function Axis({ from, to, x }: { from: number; to: number; x: (minute: number) => number }) {
  const step = to - from <= 240 ? 30 : to - from <= 480 ? 60 : 180;
  const ticks = [];
  for (let minute = Math.ceil(from / step) * step; minute < to; minute += step) ticks.push(minute);
  return (
    <g class="axis">
      {ticks.map((minute) => (
        <g key={minute}>
          <line x1={x(minute)} x2={x(minute)} y1={BASE} y2={BASE + 4} />
          <text class={minute === from ? 'edge' : undefined} x={x(minute)} y={HEIGHT - 2}>
            {clock(minute)}
          </text>
        </g>
      ))}
      <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} />
    </g>
  );
}

export function Arrivals({ gauges }: { gauges: ArrivalGauge[] }) {
  const words = t().board;
  const [from, to] = windowOf(gauges);
  const peak = gauges.reduce((best, gauge) => (gauge.n > best.n ? gauge : best), { id: 0, n: 0, version: 0 });
  const total = gauges.reduce((sum, gauge) => sum + gauge.n, 0);
  const x = (minute: number) => ((minute - from) / (to - from)) * WIDTH;
  const bar = Math.max(1.2, (WIDTH / (to - from)) * 0.8);
  const text = total > 0 ? words.arrivalsText(total, clock(peak.id)) : words.arrivalsNone;
  return (
    <figure class="arrivals">
      <figcaption>
        {words.arrivals} <span class="sub digits">{text}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text}>
        {gauges.map(({ id, n }) => {
          const height = peak.n > 0 ? (n / peak.n) * (BASE - 6) : 0;
          return <rect key={id} x={x(id)} y={BASE - height} width={bar} height={height} />;
        })}
        <Axis from={from} to={to} x={x} />
      </svg>
    </figure>
  );
}
