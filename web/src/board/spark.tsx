const WIDTH = 60;
const HEIGHT = 30;

/** The rates of the last days and today as a small line; today is the dot. The scale is the same for every school. */
export function Spark({ rates, top = 8 }: { rates: number[]; top?: number }) {
  if (rates.length < 2) return null;
  const step = (WIDTH - 6) / (rates.length - 1);
  const points = rates.map((rate, i) => [3 + i * step, HEIGHT - 3 - (Math.min(rate, top) / top) * (HEIGHT - 6)] as const);
  const last = points[points.length - 1];
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
      <polyline points={points.map((p) => p.map((n) => n.toFixed(1)).join(',')).join(' ')} />
      {last && <circle cx={last[0]} cy={last[1]} r="2.8" />}
    </svg>
  );
}
