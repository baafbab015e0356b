// A run: scenarios one after the other, each with the machine watched; a scenario that throws is a failed check.
import { watchMachine } from './kit/machine.mjs';
import { assess, missed } from './kit/statistics.mjs';
import { quantile } from './kit/histogram.mjs';

const quantiles = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999, p9999: 0.9999 };

function latencyWithFigures(latency) {
    const { histogram } = latency;
    const ms = (ns) => Number((ns / 1e6).toPrecision(5));
    const figures = Object.fromEntries(Object.entries(quantiles).map(([name, q]) => [name, ms(quantile(histogram, q))]));
    return { ...latency, figures: { count: histogram.count, ...figures, max: ms(histogram.max) } };
}

/** What a scenario returned -> what stands in the JSON. */
export function finish(scenario, given) {
    const { name, row = null, title, about } = scenario;
    const result = {
        name, row, title, about,
        measures: (given.measures ?? []).map(assess),
        latencies: (given.latencies ?? []).filter((one) => one.histogram).map(latencyWithFigures),
        timelines: given.timelines ?? [], checks: given.checks ?? [], notes: given.notes ?? [],
    };
    if (!result.checks.length && !result.measures.length) result.checks = [{ name: 'ran', ok: false, said: 'the scenario returned nothing to judge by' }];
    result.missed = missed(result);
    result.ok = !result.missed.length;
    return result;
}

const thrown = (error) => ({ checks: [{ name: 'ran to its end', ok: false, said: error.message }] });

export async function runScenario(scenario, kit) {
    const started = new Date();
    const watched = watchMachine();
    let result;
    try {
        result = finish(scenario, await scenario.run(kit));
    } catch (error) {
        kit.log(error.stack ?? String(error));
        result = finish(scenario, thrown(error));
    }
    await kit.clear();
    return { ...result, started: started.toISOString(), seconds: (Date.now() - started) / 1000, machine: watched() };
}

export const verdict = (scenarios) => ({
    ok: scenarios.every((one) => one.ok),
    failed: scenarios.flatMap((one) => one.missed.map((what) => `${one.name}: ${what}`)),
});
