// The SQL of bench/peers/pgbench: todoke's statements, as pgbench and peer-sql_batches run them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill, scripts, statement } from '../../bench/peers/pgbench/scripts.mjs';

const top = join(dirname(fileURLToPath(import.meta.url)), '../..');
const source = `-- Words.
-- name: first
select 1;

-- name: second
-- gather write
-- takes: student_id bigint, at time
-- a comment: with :a colon
select i.at::text from unnest(:actor, :student_id, :at) as i (actor, student_id, at);
`;

test('a statement is found by its name, with its parameters in the order in which the program gives them', () => {
    const found = statement(source, 'second');
    assert.deepEqual(found.params, [
        { name: 'student_id', type: 'bigint' }, { name: 'at', type: 'time' }, { name: 'actor', type: 'bigint' },
    ]);
    assert.equal(found.text, 'select i.at::text from unnest(:actor, :student_id, :at) as i (actor, student_id, at)');
    assert.throws(() => statement(source, 'third'), /no statement third/);
});

test('parameters are replaced, casts are not', () => {
    const text = fill(statement(source, 'second'), ({ type }, index) => `$${index + 1}::${type}[]`);
    assert.equal(text, 'select i.at::text from unnest($3::bigint[], $1::bigint[], $2::time[]) as i (actor, student_id, at)');
});

test('what pgbench runs has its own variables only, and the batches have the parameters of peer-sql_batches', () => {
    const all = scripts(top);
    const table = /columns\[\] = \{([^;]*)\};/.exec(readFileSync(join(top, 'bench/peers/sql_batches.c'), 'utf8'))[1];
    const columns = [...table.matchAll(/"(\w+)"/g)].map(([, name]) => name);
    const variables = new Set(['turn', 'number', 'student', 'day', 'account', 'first', 'client_id', 'clients', 'students']);
    for (const name of ['report', 'request', 'plain'])
        for (const [, word] of all[name].matchAll(/(?<!:):([a-z_]+)/g)) assert.ok(variables.has(word), `${name}: :${word}`);
    for (const name of ['reportBatch', 'plainBatch']) {
        assert.doesNotMatch(all[name], /(?<!:):[a-z]/, name);
        for (const [, number] of all[name].matchAll(/\$(\d+)/g)) assert.ok(Number(number) >= 1 && Number(number) <= columns.length, `${name}: $${number}`);
    }
    const { params } = statement(readFileSync(join(top, 'src/modules/absences/absences.sql'), 'utf8'), 'absence_report');
    assert.deepEqual(params.map(({ name }) => name), columns, 'what the program fills stands where the statement wants it');
});
