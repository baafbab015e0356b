// Each second: the CPU and the memory of groups of processes.
import { cpu, memory } from './proc.mjs';

/** groups: { worker: () => pids, postgres: () => pids }. stop({ began }) -> timelines; `began` of a generator's result
 * makes its curve's first second their zero. */
export function startSampler(groups, { every = 1000 } = {}) {
    const zero = process.hrtime.bigint(), wall = Date.now();
    const seconds = () => Number(process.hrtime.bigint() - zero) / 1e9;
    const rows = Object.entries(groups).map(([subject, pids]) => ({ subject, pids, at: seconds(), cpu: cpu(pids()), percents: [], bytes: [] }));
    const look = () => {
        for (const row of rows) {
            const now = cpu(row.pids()), at = seconds();
            row.percents.push([round(at, 1), round((100 * Math.max(0, now - row.cpu)) / (at - row.at), 1)]);
            row.bytes.push([round(at, 1), memory(row.pids())]);
            Object.assign(row, { cpu: now, at });
        }
    };
    const timer = setInterval(look, every);
    return {
        stop({ began = null } = {}) {
            clearInterval(timer);
            if (rows.some((row) => seconds() - row.at > every / 4000)) look();
            const shift = began === null ? 0 : (began - wall) / 1000;
            const moved = (points) => points.map(([at, value]) => [round(at - shift, 1), value]).filter(([at]) => at >= 0);
            return rows.flatMap(({ subject, percents, bytes }) => [
                { subject, name: 'CPU', unit: 'cpu_percent', points: moved(percents) },
                { subject, name: 'memory', unit: 'memory_bytes', points: moved(bytes) },
            ]);
        },
    };
}
const round = (value, digits) => Number(value.toFixed(digits));

/** The generator's timeline -> timelines. */
export function throughput(result, { subject = 'todoke' } = {}) {
    const column = (nth) => result.timeline.map((row) => [row[0], row[nth]]);
    return [
        { subject, name: 'reports that were due', unit: 'per_second', points: column(1) },
        { subject, name: 'acknowledged', unit: 'per_second', points: column(2) },
        { subject, name: 'rows shown on screens', unit: 'per_second', points: column(3) },
        { subject, name: 'slowest acknowledgement', unit: 'ms', points: column(5) },
    ];
}
