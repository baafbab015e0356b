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

const MORNING: [number, number] = [390, 540];

/** The morning, 6:30 to 9:00; on a day without one, the two and a half hours up to the last report. */
export function windowOf(gauges: readonly ArrivalGauge[]): [from: number, to: number] {
  const minutes = gauges.filter((gauge) => gauge.n > 0).map((gauge) => gauge.id);
  if (minutes.length === 0 || minutes.some((minute) => minute >= MORNING[0] && minute < MORNING[1])) return MORNING;
  const to = Math.ceil((Math.max(...minutes) + 1) / 30) * 30;
  return [to - 150, to];
}

function Axis({ from, to, x }: { from: number; to: number; x: (minute: number) => number }) {
  const ticks = [];
  for (let minute = from; minute < to; minute += 30) ticks.push(minute);
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
  const shown = gauges.filter(({ id }) => id >= from && id < to);
  const bar = Math.max(1.2, (WIDTH / (to - from)) * 0.8);
  const text = total > 0 ? words.arrivalsText(total, clock(peak.id)) : words.arrivalsNone;
  return (
    <figure class="arrivals">
      <figcaption>
        {words.arrivals} <span class="sub digits">{text}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text}>
        {shown.map(({ id, n }) => {
          const height = peak.n > 0 ? (n / peak.n) * (BASE - 6) : 0;
          return <rect key={id} x={x(id)} y={BASE - height} width={bar} height={height} />;
        })}
        <Axis from={from} to={to} x={x} />
      </svg>
    </figure>
  );
}
