// The command behind scripts/bench; see options.mjs for its words, ../README.md for what it does.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareRuns } from './kit/compare.mjs';
import { makeKit } from './kit/index.mjs';
import { machineFacts } from './kit/machine.mjs';
import { place } from './kit/place.mjs';
import { stopAll } from './kit/process.mjs';
import { loadScenarios } from './load.mjs';
import { choose, parseOptions, usage, UsageError } from './options.mjs';
import { runScenario, verdict } from './run.mjs';
import { comparisonText, runText, scenarioText, table } from './report/text.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const say = (text) => process.stderr.write(`${text}\n`);
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;

function list(scenarios) {
    const all = choose(scenarios, ['all']);
    const total = all.reduce((sum, one) => sum + one.seconds, 0);
    say(usage);
    say(`\n${table([['scenario', 'row', 'time', ''], ...scenarios.map((one) => [one.name, one.row ?? '', minutes(one.seconds), one.title])])}`);
    say(`\nall: ${all.length} scenarios, about ${minutes(total)} minutes`);
}

function readOld(path) {
    try {
        const old = JSON.parse(readFileSync(path, 'utf8'));
        if (old.bench !== 'todoke-suite') throw new Error('not a result of scripts/bench');
        return old;
    } catch (error) {
        throw new UsageError(`--compare ${path}: ${error.message}`);
    }
}

function write(path, text) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    say(`written: ${path}`);
}

const last = join(place, 'last.json');

/** What is known so far: a run that is broken off keeps the scenarios that it has finished. */
function summarize(run, started) {
    run.seconds = (Date.now() - started) / 1000;
    run.verdict = verdict(run.scenarios);
    writeFileSync(last, JSON.stringify(run));
}

async function writeAll(run, options, old) {
    say(`written: ${last}`);
    if (options.json) write(options.json, JSON.stringify(run));
    if (options.html) {
        const { html } = await import('./report/html.mjs');
        write(options.html, html(run, old));
    }
}

/** Once: the servers that we started end, the database too. */
function ending(state) {
    state.ending ??= (async () => {
        await state.kit?.clear({ forGood: true });
        await stopAll();
        await state.kit?.cluster.stop(state.options.keep);
    })();
    return state.ending;
}

async function bench(scenarios, options, state, old) {
    const started = new Date();
    const run = {
        bench: 'todoke-suite', format: 1, started: started.toISOString(), seconds: 0,
        options: Object.fromEntries(Object.entries(options).filter(([name]) => !['json', 'html', 'compare'].includes(name))),
        machine: null, scenarios: [],
    };
    mkdirSync(place, { recursive: true });
    state.kit = await makeKit(options, (text) => say(`  ${text}`));
    run.machine = await machineFacts(await state.kit.cluster.folder());
    const estimate = scenarios.reduce((sum, one) => sum + one.seconds, 0);
    say(`${scenarios.length} scenario${scenarios.length === 1 ? '' : 's'}, about ${minutes(estimate)} minutes`);
    for (const scenario of scenarios) {
        say(`\n== ${scenario.name}: ${scenario.title} (about ${minutes(scenario.seconds)})\n${scenario.about}`);
        const result = await runScenario(scenario, state.kit);
        if (state.signalled) return null;
        run.scenarios.push(result);
        summarize(run, started);
        say(`\n${scenarioText(result)}`);
    }
    say(`\n== all together\n${runText(run)}`);
    await writeAll(run, options, old);
    const changes = old ? compareRuns(old, run) : [];
    if (old) say(`\n== against ${options.compare}\n${comparisonText(changes)}`);
    return run.verdict.ok && !changes.some((change) => change.regression) ? 0 : 1;
}

async function main(words, state) {
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
        process.on(signal, async () => {
            if (state.signalled) return;
            state.signalled = code;
            say(`\n${signal}: ending`);
            await ending(state).catch((error) => say(error.message));
            process.exit(state.signalled);
        });
    }
    try {
        const options = (state.options = parseOptions(words));
        options.seed ??= 1 + Math.floor(Math.random() * 999_999);
        const scenarios = await loadScenarios(join(here, 'scenarios'));
        if (!options.names.length || options.help) {
            list(scenarios);
            return 0;
        }
        const old = options.compare ? readOld(options.compare) : null;
        return await bench(choose(scenarios, options.names), options, state, old);
    } catch (error) {
        say(error instanceof UsageError ? `${error.message}\n\n${usage}` : `scripts/bench could not run: ${error.stack}`);
        return 2;
    } finally {
        await ending(state);
    }
}

const state = {};
const code = await main(process.argv.slice(2), state);
process.exit(state.signalled ?? code);
