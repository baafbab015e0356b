// The SQL that the bare peers run. todoke's own statements are read from its sources, so both always run the same text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Parameters that the engine gives; the others stand in the statement's "-- takes:". */
const given = { actor: 'bigint', idempotency_key: 'uuid', fingerprint: 'bytea' };

/** -> { text, params: [{ name, type }] } of a "-- name:" block. */
export function statement(source, name) {
    const block = source.split(/^(?=-- name: )/m).find((part) => part.startsWith(`-- name: ${name}\n`));
    if (!block) throw new Error(`no statement ${name}`);
    // A line that ends with a comma goes on.
    const takes = /^-- takes: ((?:.*,\n-- +)*.*)$/m.exec(block)?.[1].split(/,\s+(?:-- +)?/).map((word) => word.split(' ')) ?? [];
    const text = block.replace(/--.*$/gm, '').replace(/;\s*$/, '').trim();
    const used = new Set([...text.matchAll(/(?<!:):([a-z][a-z0-9_]*)/g)].map((match) => match[1]));
    const params = [...takes, ...Object.entries(given).filter(([word]) => used.has(word) && !takes.some(([taken]) => taken === word))];
    return { text, params: params.map(([word, type]) => ({ name: word, type })) };
}

/** The text with each parameter replaced by what `value({ name, type }, index)` says. */
export function fill({ text, params }, value) {
    return text.replace(/(?<!:):([a-z][a-z0-9_]*)/g, (word, name) => {
        const index = params.findIndex((param) => param.name === name);
        return index < 0 ? word : value(params[index], index);
    });
}

/** What a request of the load is, in pgbench's variables (numbers.sql). */
const request = {
    token_sha256: 'sha256(int8send(:account::bigint))',
    actor: ':account::bigint',
    idempotency_key: 'gen_random_uuid()',
    fingerprint: "'\\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'::bytea",
    student_id: ':student::bigint',
    first_day: 'today() + :day::int',
    kind: "'absent'",
    reason_id: '1::bigint',
};

/** Gathered statements take arrays: here of one element. */
const single = ({ name, type }) => `array[${request[name] ?? `null::${type}`}]`;

/** top: the repository. -> the scripts of pgbench and the batches of peer-sql_batches, as text. */
export function scripts(top) {
    const here = join(top, 'bench/peers/pgbench');
    const mine = (name) => readFileSync(join(here, name), 'utf8');
    const absences = readFileSync(join(top, 'src/modules/absences/absences.sql'), 'utf8');
    const engine = readFileSync(join(top, 'src/engine/engine.sql'), 'utf8');
    const report = statement(absences, 'absence_report');
    const session = statement(engine, 'session_find');
    const numbers = mine('numbers.sql');
    const array = ({ type }, index) => `$${index + 1}::${type}[]`;
    const batch = { text: mine('plain_batch.sql').replace(/--.*$/gm, ''), params: report.params };
    return {
        prepare: mine('prepare.sql'),
        report: `${numbers}${fill(report, single)};\n`,
        request: `${numbers}${fill(session, single)};\n${fill(report, single)};\n`,
        plain: numbers + mine('plain.sql'),
        reportBatch: fill(report, array),
        plainBatch: fill(batch, array).trim().replace(/;$/, ''),
    };
}
