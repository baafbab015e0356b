// The command line of scripts/bench. Pure.

const flags = {
    rounds: 'count', workers: 'count', students: 'count', factor: 'number', seed: 'count', json: 'path', html: 'path', compare: 'path',
    keep: 'switch', quick: 'switch', help: 'switch',
};

export const usage = `scripts/bench                     lists the scenarios
scripts/bench NAME... | all       runs them
  --rounds N        of each side, interleaved (5)
  --workers N       of todoke (1)
  --students N      a smaller city (29000)
  --factor F        morning only: how many times faster than life its 90 minutes pass (90: in one minute)
  --seed N          chaos: what goes wrong when (by chance; printed)
  --json FILE       the result (var/bench/last.json in any case)
  --html FILE       the report, one file for a browser
  --compare OLD     what has changed since that result; a regression is an exit code of 1
  --quick           few rounds in a small city: to try whether it runs; its figures say nothing
  --keep            keep the database's files
  -- FLAGS          more flags for todoke-bench
Exit code: 0 every check and target holds, 1 some don't (named at the end), 2 it could not run.`;

export class UsageError extends Error {}

function valueOf(name, kind, text) {
    if (text === undefined || text === '') throw new UsageError(`--${name} wants a value`);
    if (kind === 'path') return text;
    const number = Number(text);
    const good = kind === 'count' ? Number.isInteger(number) && number > 0 : Number.isFinite(number) && number > 0;
    if (!good) throw new UsageError(`--${name} ${text}: a ${kind === 'count' ? 'whole ' : ''}number above 0 is expected`);
    return number;
}

/** -> { names, rounds, ... , extra } ; throws UsageError. */
export function parseOptions(words) {
    const options = { names: [], extra: [] };
    for (let at = 0; at < words.length; at++) {
        const word = words[at];
        if (word === '--') {
            options.extra = words.slice(at + 1);
            break;
        }
        if (!word.startsWith('--')) {
            options.names.push(word);
            continue;
        }
        const [name, inline] = word.slice(2).split(/=(.*)/s);
        const kind = Object.hasOwn(flags, name) ? flags[name] : null;
        if (!kind) throw new UsageError(`unknown option --${name}`);
        if (kind === 'switch') options[name] = true;
        else options[name] = valueOf(name, kind, inline ?? words[++at]);
    }
    if (options.quick) options.rounds ??= 2;
    if (options.quick) options.students ??= 2000;
    return options;
}

/** The scenarios that were asked for, in their order; throws UsageError for a name that nobody has. */
export function choose(scenarios, names) {
    const wanted = [...new Set(names)];
    const unknown = wanted.filter((name) => name !== 'all' && !scenarios.some((one) => one.name === name));
    if (unknown.length) throw new UsageError(`no scenario is called ${unknown.join(', ')}`);
    return scenarios.filter((one) => wanted.includes(one.name) || (wanted.includes('all') && one.inAll !== false));
}
