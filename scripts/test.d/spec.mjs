// node spec.mjs: the table of tests/spec.tsv against the last results: each line of the specification, and the tests
// that name it in their title.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = join(dirname(fileURLToPath(import.meta.url)), '../..');
const lines = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '').split('\n').filter((line) => line && !line.startsWith('#'));
const tests = lines(join(top, 'build/test/results.tsv')).map((line) => {
    const [title, status] = line.split('\t');
    return { title, status };
});
// An id ends where no further letter or digit of it follows: 5(2)ア is not in "5(2)アイ", 6(1) is not 16(1), and 5(2)ア-1 is not 5(2)ア-10.
// A clause of a line, 5(2)ア-1, counts for its line too.
const names = (title, id) => new RegExp(`(^|[^0-9])${id.replace(/[()]/g, '\\$&')}(?![ァ-ヶ0-9])`).test(title);

const seen = { passed: 0, failed: 0, none: 0 };
const table = lines(join(top, 'tests/spec.tsv')).map((line) => line.split('\t'));
for (const [id, summary] of table) {
    const mine = tests.filter((test) => names(test.title, id) && test.status !== 'skipped');
    const state = !mine.length ? 'none' : mine.some((test) => test.status === 'failed') ? 'failed' : 'passed';
    seen[state]++;
    console.log(`${state.padEnd(6)}  ${id}  ${summary}`);
    const hasClauses = table.some(([other]) => other.startsWith(`${id}-`));
    for (const test of hasClauses ? [] : mine) console.log(`          ${test.status === 'passed' ? '+' : '-'} ${test.title}`);
}
const unknown = new Set(tests.flatMap(({ title }) => title.match(/\d\(\d\)\S-\d+/g) ?? []).filter((id) => !table.some(([known]) => known === id)));
for (const id of unknown) console.log(`unknown  ${id}`);
console.log(`\n${seen.passed} lines passed, ${seen.failed} failed, ${seen.none} without a test`);
