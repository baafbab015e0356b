// A run as text: a table of measures, latencies, checks.

/** 3 significant digits, thousands apart. */
export function figure(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return '-';
    const rounded = Number(value.toPrecision(Math.abs(value) >= 1000 ? 4 : 3));
    return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en-US') : String(rounded);
}
const range = (one) => (one.min === one.max ? '' : ` (${figure(one.min)}-${figure(one.max)})`);
const mark = (ok) => (ok === null || ok === undefined ? '' : ok ? 'reached' : 'MISSED');

/** Display columns: a Japanese character takes two. */
const width = (text) => [...text].reduce((sum, letter) => sum + (/[\u1100-\uffdc]/.test(letter) ? 2 : 1), 0);

export function table(rows) {
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => width(String(row[column] ?? '')))));
    return rows.map((row) => row.map((cell, column) => {
        const text = String(cell ?? '');
        return text + ' '.repeat(widths[column] - width(text));
    }).join('  ').trimEnd()).join('\n');
}

function measureRows(scenario) {
    const row = scenario.row ?? '';
    return scenario.measures.flatMap((measure) => {
        const of = (name) => measure.subjects.find((subject) => subject.name === name);
        const shown = (name) => `${name} ${figure(of(name).median)}${range(of(name))}`;
        const judged = [
            ...measure.ratios.map((one) => [row, measure.name, shown(one.of), shown(one.to), figure(one.median) + range(one), aim(one), mark(one.ok)]),
            ...measure.targets.map((one) => [row, measure.name, shown(one.of), '', '', aim(one), mark(one.ok)]),
        ];
        if (judged.length) return judged;
        return measure.subjects.map((subject) => [row, measure.name, shown(subject.name), '', '', '', '']);
    }).map((cells) => { cells[1] += unitOf(scenario, cells[1]); return cells; });
}
const aim = (one) => (one.target ? `${one.target.at} ${figure(one.target.value)}` : '');
const unitOf = (scenario, name) => {
    const unit = scenario.measures.find((measure) => measure.name === name)?.unit;
    return unit ? ` [${unit}]` : '';
};

export function measuresTable(scenarios) {
    const rows = scenarios.flatMap(measureRows);
    return rows.length ? table([['row', 'measure', 'this', 'against', 'ratio (range)', 'target', ''], ...rows]) : '';
}

export function latencyTable(scenarios) {
    const rows = scenarios.flatMap((scenario) => scenario.latencies.map(({ subject, name, figures }) =>
        [scenario.name, `${subject}: ${name}`, figures.count, ...['p50', 'p99', 'p999', 'p9999', 'max'].map((key) => figure(figures[key]))]));
    return rows.length ? table([['scenario', 'latency in ms', 'count', 'p50', 'p99', 'p99.9', 'p99.99', 'max'], ...rows]) : '';
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;

export function machineLines(machine) {
    const { versions: v, fsync } = machine;
    return [
        `${machine.cpu}, ${machine.cores} cores, ${figure(machine.memory_bytes / 2 ** 30)} GiB, Linux ${machine.kernel}${machine.governor ? `, governor ${machine.governor}` : ''}`,
        `fsync: ${figure(fsync.per_second)}/s of 8 KiB (p50 ${fsync.p50_ms} ms, p99 ${fsync.p99_ms} ms)`,
        `todoke ${v.todoke ?? '?'}, PostgreSQL ${v.postgresql ?? '?'}, OpenSSL ${v.openssl ?? '?'}, Node ${v.node}, nginx ${v.nginx ?? 'not installed'}`,
    ].join('\n');
}

/** One scenario, as soon as it has ended. */
export function scenarioText(result) {
    const { machine } = result;
    const parts = [
        measuresTable([result]), latencyTable([result]),
        result.checks.map((check) => `  ${check.ok ? 'holds ' : 'FAILED'} ${check.name}: ${check.said}`).join('\n'),
        result.notes.map((note) => `  ${note}`).join('\n'),
        `  ${Math.round(result.seconds)} s; load ${machine.load_before.join(' ')} -> ${machine.load_after.join(' ')}; steal ${percent(machine.steal_share)}, I/O wait ${percent(machine.iowait_share)}`,
    ];
    return parts.filter(Boolean).join('\n\n');
}

/** All of it, at the end. */
export function runText(run) {
    const failed = run.verdict.failed.map((what) => `  ${what}`).join('\n');
    return [
        machineLines(run.machine), measuresTable(run.scenarios),
        `${run.scenarios.length} scenario${run.scenarios.length === 1 ? '' : 's'} in ${Math.round(run.seconds)} s`,
        run.verdict.ok ? 'Every check and target holds.' : `Not reached, or not held:\n${failed}`,
    ].filter(Boolean).join('\n\n');
}

const sign = (change) => `${change >= 1 ? '+' : ''}${((change - 1) * 100).toFixed(1)} %`;

export function comparisonText(changes) {
    if (!changes.length) return 'The two runs have no figure in common.';
    const words = { better: 'better', worse: 'worse', same: 'within the ranges', alone: 'one round only: no range' };
    return table([['scenario', 'measure', '', 'before (range)', 'now (range)', 'change', ''], ...changes.map((one) =>
        [one.scenario, one.measure, one.what, figure(one.old.median) + range(one.old), figure(one.now.median) + range(one.now), sign(one.change),
            one.regression ? 'REGRESSION' : words[one.verdict]])]);
}
