// Figures as words: numbers with units, targets, ratios, sentences that are made of figures only.

export const escape = (text) => String(text ?? '').replace(/->/g, '→').replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** 3 significant digits, thousands apart. */
export function figure(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return '–';
    const rounded = Number(value.toPrecision(Math.abs(value) >= 1000 ? 4 : 3));
    return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en-US') : String(rounded);
}
export const whole = (value) => Math.round(value).toLocaleString('en-US');

const units = { per_second: '/s', cpu_percent: '%', memory_bytes: 'bytes', us: 'µs', '1/s': '/s' };
const binary = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** [value, unit], the unit chosen so that a person can read it. */
export function readable(value, unit = '') {
    const name = units[unit] ?? unit;
    if (name === 'bytes') {
        let at = 0;
        while (Math.abs(value) >= 1024 && at < binary.length - 1) { value /= 1024; at++; }
        return [value, binary[at]];
    }
    if (name === 'ms' && Math.abs(value) >= 1000) return [value / 1000, 's'];
    return [value, name];
}
export function withUnit(value, unit) {
    const [number, name] = readable(value, unit);
    if (!name) return figure(number);
    return figure(number) + (name.startsWith('/') ? name : ` ${name}`);
}
export function range(one, unit) {
    if (!Number.isFinite(one?.min) || one.min === one.max) return '';
    const [, name] = readable(one.max, unit);
    const same = readable(one.min, unit)[1] === name;
    const [most] = readable(one.max, unit);
    return same && name === readable(one.median ?? one.max, unit)[1] ? `${figure(readable(one.min, unit)[0])}–${figure(most)}` : `${withUnit(one.min, unit)} – ${withUnit(one.max, unit)}`;
}

export const minutes = (seconds) => (seconds >= 90 ? `${whole(seconds / 60)} minutes` : `${whole(seconds)} seconds`);
export const percent = (share, digits = 1) => `${Number((100 * share).toFixed(digits))} %`;
export const count = (number, one, many = `${one}s`) => `${whole(number)} ${number === 1 ? one : many}`;
export const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.') : '');
export const list = (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

export function target(aim, unit = '') {
    if (!aim) return '';
    return `${aim.at === '>=' ? 'at least' : 'at most'} ${withUnit(aim.value, unit)}`;
}
const share = (ratio) => /^of /.test(ratio.words ?? '');
/** The target of a ratio in the form in which the ratio itself is said. */
export const ratioTarget = (ratio) => (share(ratio) && ratio.target ? target({ ...ratio.target, value: 100 * ratio.target.value }, '%') : target(ratio.target));

const contrary = { cheaper: 'dearer', faster: 'slower' };

/** What a ratio says: 1.9 and "times cheaper than ws" -> "1.9 times cheaper than ws"; 0.5 -> "2 times dearer than ws";
 * 0.85 and "of what nginx does" -> "85 % of what nginx does". */
export function ratioWords(ratio) {
    const words = (ratio.words ?? '').replace(/^how many /, '').trim();
    const value = ratio.median;
    if (!words) return `${figure(value)} times ${ratio.to ?? ''}`.trim();
    if (share({ words })) return `${figure(100 * value)} % ${words}`;
    const compared = /^times (cheaper|faster) than /.exec(words);
    if (compared && value > 0 && value < 1) return `${figure(1 / value)} times ${contrary[compared[1]]}${words.slice(6 + compared[1].length)}`;
    return /^times /.test(words) ? `${figure(value)} ${words}` : `${figure(value)}: ${words}`;
}

const plain = (text) => String(text).replace(/\s+/g, ' ').trim();

/** How quickly the first thing of a scenario was answered, in a sentence. */
function quickness(scenario) {
    const first = (scenario.latencies ?? []).find((one) => one.figures?.count);
    if (!first) return '';
    const { p50, p99, max, count: of } = first.figures;
    const what = plain(first.name), others = (scenario.latencies ?? []).some((one) => one.subject !== first.subject);
    return `${others ? `${first.subject}, ${what}` : what[0].toUpperCase() + what.slice(1)}: half within ${withUnit(p50, 'ms')}, 99 of 100 within ${withUnit(p99, 'ms')}, the slowest of ${whole(of)} after ${withUnit(max, 'ms')}.`;
}

/** Lost and doubled reports are what a parent would ask about. */
function safety(checks) {
    const ledger = checks.find((one) => /\blost\b/.test(one.said) && /\bdoubled\b/.test(one.said) && /stored|ledger/.test(one.name));
    const failed = checks.filter((one) => !one.ok);
    const rest = failed.length
        ? `Did not hold: ${list(failed.map((one) => `${one.name} (${plain(one.said)})`))}.`
        : checks.length ? `${['', 'The check holds', 'Both checks hold'][checks.length] ?? `All ${whole(checks.length)} checks hold`}.` : '';
    return [ledger?.ok ? 'Nothing was lost or doubled.' : '', rest].filter(Boolean).join(' ');
}

export const judgements = (scenario) => (scenario.measures ?? []).flatMap((measure) => [
    ...(measure.ratios ?? []).map((one) => ({ ...one, kind: 'ratio', measure })),
    ...(measure.targets ?? []).map((one) => ({ ...one, kind: 'target', measure })),
]);

const aimOf = (one) => (one.kind === 'ratio' ? ratioTarget(one) : target(one.target, one.measure.unit));
const short = (one) => (one.kind === 'ratio' ? ratioWords(one) : `${withUnit(one.median, one.measure.unit)} (${plain(one.measure.name)})`);

function aims(scenario) {
    const aimed = judgements(scenario).filter((one) => one.target);
    if (!aimed.length) return '';
    const missed = aimed.filter((one) => !one.ok), reached = aimed.length - missed.length;
    const all = aimed.length === 1 ? 'The target is' : aimed.length === 2 ? 'Both targets are' : `All ${aimed.length} targets are`;
    const shown = aimed.slice(0, 4).map(short).join('; ') + (aimed.length > 4 ? '; …' : '');
    if (!missed.length) return `${all} reached: ${shown}.`;
    const several = new Set(aimed.map((one) => one.measure.name)).size > 1;
    const where = (one) => (several && one.kind === 'ratio' ? `${plain(one.measure.name)}: ` : '');
    const misses = missed.map((one) => `${where(one)}${short(one)} (wanted: ${aimOf(one)})`).join('; ');
    if (aimed.length === 1) return `The target is missed: ${misses}.`;
    return `${reached ? `${reached} of ${aimed.length} targets ${reached === 1 ? 'is' : 'are'}` : `None of ${aimed.length} targets is`} reached; missed: ${misses}.`;
}

/** [what was tried, whether it held]. */
export function story(scenario) {
    return [sentence(plain(scenario.title ?? scenario.name)), [quickness(scenario), safety(scenario.checks ?? []), aims(scenario)].filter(Boolean).join(' ')];
}

/** held: all is well; missed: what must hold holds, a target is not reached; failed: a check does not hold. */
export function state(scenario) {
    if ((scenario.checks ?? []).some((one) => !one.ok)) return 'failed';
    return judgements(scenario).some((one) => one.ok === false) ? 'missed' : 'held';
}

/** What disturbed the machine while a scenario ran, in words; empty when nothing did. Waiting for the disk is our own
 * doing, and so is the load that an earlier scenario left: only the load before the first one is somebody else's. */
export function disturbance(machine, cores = 1, first = false) {
    if (!machine) return [];
    const found = [];
    if (machine.steal_share > 0.02) found.push(`the host took ${percent(machine.steal_share)} of the CPU's time for others`);
    if (first && machine.load_before?.[0] > 0.5 * cores) found.push(`the load was ${figure(machine.load_before[0])} on ${count(cores, 'core')} before it began`);
    return found;
}
