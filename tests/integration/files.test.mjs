// Files, down: every list of rows that says so may also be had as CSV or Excel.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
import { cast } from '../support/people.mjs';
import { unzip } from '../support/zip.mjs';

const city = await startCity();
const people = await cast(city);
const { at } = people;
const students = `/api/classes/${at.a.one.id}/students`;
const sheet = (format, who = people.homeroom) => who.request('GET', `${students}?format=${format}`);
const [first, second, third] = (await people.homeroom.get(students)).rows;

/** Parsed by another's rules: the browser's decoder, and RFC 4180 without line ends in cells. */
function records(text) {
    assert.ok(text.endsWith('\r\n'));
    return text.slice(0, -2).split('\r\n').map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, '').replace(/^"(.*)"$/s, '$1').replaceAll('""', '"')).slice(0, 5));
}

await city.query(`update students set family_name = '𠮷田', given_name = '=1+1' where id = $1`, [first.student_id]);
await city.query(`update students set family_name = '007', given_name = 'あ,"い' where id = $1`, [second.student_id]);
await city.query(`update students set family_name = '髙﨑', given_kana = 'ゔぃ' where id = $1`, [third.student_id]);

test('5(1)オ a class list as CSV: UTF-8 with a byte order mark, headings in Japanese, safe in a spreadsheet', async () => {
    const answer = await sheet('csv');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8');
    assert.match(answer.headers['content-disposition'], /^attachment; filename="todoke\.csv"; filename\*=UTF-8''%E5%AD%A6%E7%B4%9A%E5%90%8D%E7%B0%BF_\d{4}-\d\d-\d\d\.csv$/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.deepEqual([...answer.raw.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const [heading, ...rows] = records(answer.raw.subarray(3).toString());
    assert.deepEqual(heading, ['出席番号', '姓', '名', 'せい', 'めい']);
    const { rows: same } = await people.homeroom.get(students);
    assert.equal(rows.length, same.length);
    assert.deepEqual(rows.map((row) => row[0]), same.map((row) => String(row.number)));
    const of = (id) => rows[same.findIndex((row) => row.student_id === id)];
    assert.deepEqual(of(first.student_id).slice(1, 3), ['𠮷田', "'=1+1"]);
    assert.deepEqual(of(second.student_id).slice(1, 3), ['007', 'あ,"い']);
});

test('5(1)オ CP932 on request: what it cannot hold is 〓, and counted', async () => {
    const answer = await sheet('csv_cp932');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'text/csv; charset=shift_jis');
    assert.equal(answer.headers['x-todoke-replaced'], '2');
    const text = new TextDecoder('shift_jis', { fatal: true }).decode(answer.raw);
    assert.match(text, /〓田,'=1\+1/);
    assert.match(text, /髙﨑/);
    assert.match(text, /〓ぃ/);
});

test('5(1)オ Excel: numbers are numbers, texts stay texts whatever they look like', async () => {
    const answer = await sheet('xlsx');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    assert.match(answer.headers['content-disposition'], /filename="todoke\.xlsx".*\.xlsx$/);
    const [rows, book] = ['xl/worksheets/sheet1.xml', 'xl/workbook.xml'].map((name) => unzip(answer.raw).get(name).toString());
    assert.match(book, /name="学級名簿"/);
    assert.match(rows, /<c r="A2"[^>]*><v>\d+<\/v>/);
    assert.match(rows, /t="inlineStr"><is><t>=1\+1<\/t>/);
    assert.match(rows, /t="inlineStr"><is><t>007<\/t>/);
    assert.match(rows, /𠮷田/);
    assert.doesNotMatch(rows, /<f>/);
    assert.match(rows, /state="frozen"/);
});

test('rows without ?format are as ever; a format that is none is named; who may not see the rows gets no file', async () => {
    const json = await people.homeroom.request('GET', students);
    assert.match(json.headers['content-type'], /^application\/json/);
    const wrong = await sheet('pdf');
    assert.equal(wrong.status, 400);
    assert.deepEqual(wrong.body.errors.map(({ field, code }) => [field, code]), [['format', 'enum']]);
    assert.equal((await sheet('csv', people.guardian)).status, 403);
    assert.equal((await sheet('csv', people.colleague)).status, 404);
    assert.equal((await sheet('xlsx', people.far_office)).status, 404);
    const twice = await people.homeroom.request('GET', `${students}?format=csv&format=csv`);
    assert.equal(twice.status, 400);
    const elsewhere = await people.board.request('GET', '/api/schools?format=csv');
    assert.equal(elsewhere.status, 400);
});

test('the document says which routes give files', async () => {
    const document = await city.client().get('/api/openapi.json');
    const { parameters, responses } = document.paths['/api/classes/{class_id}/students'].get;
    assert.deepEqual(parameters.find(({ name }) => name === 'format').schema.enum, ['csv', 'csv_cp932', 'xlsx']);
    assert.ok('text/csv' in responses['200'].content);
});

test('many lists at once, and clients that go away before theirs is made', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => {
        if (i % 4 === 3) return city.raw(`GET ${students}?format=xlsx HTTP/1.1\r\nHost: localhost\r\nCookie: ${people.homeroom.cookie}\r\n\r\n`, { ms: 5 }).then(() => null);
        return sheet(i % 2 ? 'xlsx' : 'csv');
    }));
    for (const answer of answers.filter(Boolean)) {
        assert.ok([200, 503].includes(answer.status), String(answer.status));
        if (answer.status === 503) assert.match(answer.headers['retry-after'], /^\d+$/);
    }
    assert.ok(answers.filter((answer) => answer?.status === 200).length >= 16);
    assert.equal((await sheet('csv')).status, 200);
});
