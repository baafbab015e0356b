// Files, up: a body that is a file. Who may not send it need not; what is too large, of another kind or broken off hurts nobody.
import test from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:tls';
import { readFileSync } from 'node:fs';
import { startCity, sleep } from '../support/city.mjs';
import { cast } from '../support/people.mjs';

const MIB = 1 << 20;
const city = await startCity();
const people = await cast(city);
const path = '/api/roster/columns';
const upload = (body, type = 'text/csv', who = people.office) => who.request('POST', path, { body: Buffer.from(body), headers: { 'content-type': type } });
const alive = async () => assert.equal((await upload('a,b\n1,2\n')).status, 200);

/** A request by hand: head and the beginning of a body; resolves to what comes back before the connection ends or `ms` pass. */
function begin(who, headers, body = '', ms = 4000) {
    return new Promise((resolve) => {
        const socket = connect({ port: city.port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(process.env.TODOKE_CERT) });
        let text = '';
        const done = () => { socket.destroy(); resolve(text); };
        socket.on('secureConnect', () => {
            socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${who.cookie ? `Cookie: ${who.cookie}\r\n` : ''}Content-Type: text/csv\r\n${headers}\r\n`);
            if (body) socket.write(body);
        });
        socket.on('data', (bytes) => { text += bytes; if (/\r\n\r\n/.test(text)) setTimeout(done, 50); });
        socket.on('error', done);
        socket.on('close', done);
        setTimeout(done, ms);
    });
}

test('5(1)カ a CSV is looked into: encoding, heading, first lines', async () => {
    const utf8 = await upload('\ufeff学年,組,氏名\r\n１年,"1,2",𠮷田\r\n');
    assert.equal(utf8.status, 200);
    assert.deepEqual(utf8.body, { encoding: 'utf-8-bom', columns: 3, lines: [['学年', '組', '氏名'], ['１年', '1,2', '𠮷田']], problems: [] });
    const cp932 = await upload(Buffer.from([0x8e, 0x52, 0x93, 0x63, 0x2c, 0x31, 0x0d, 0x0a]), 'application/octet-stream');
    assert.deepEqual([cp932.body.encoding, cp932.body.lines], ['cp932', [['山田', '1']]]);
    const mixed = await upload(Buffer.concat([Buffer.from('a,山田\nb,佐藤\nc,'), Buffer.from([0x8e, 0x52, 0x0a])]));
    assert.deepEqual(mixed.body.problems.map(({ line, column, code }) => [line, column, code]), [[3, 2, 'mixed_encoding']]);
    assert.match(mixed.body.problems[0].text, /ください。$/);
    const wide = await upload(`${','.repeat(10_000)}\nx,y\n`);
    assert.equal(wide.status, 200);
    assert.deepEqual((await upload('')).body.type, '/problems/malformed');
});

test('a file of another kind, or fields where a file belongs, are refused', async () => {
    assert.equal((await upload('{}', 'application/json')).status, 415);
    assert.equal((await upload('a', 'text/plain')).status, 415);
    assert.equal((await upload('a', '')).status, 415);
    const query = await people.office.request('POST', `${path}?x=1`, { body: Buffer.from('a'), headers: { 'content-type': 'text/csv' } });
    assert.equal(query.status, 400);
    assert.deepEqual(query.body.errors.map(({ field, code }) => [field, code]), [['x', 'unknown']]);
    const other = await people.office.request('POST', `/api/schools/${people.at.a.id}/students/search`, { body: Buffer.from('a,b'), headers: { 'content-type': 'text/csv' } });
    assert.equal(other.status, 415);
});

test('32 MiB are taken, more is a 413, told at the head', async () => {
    const line = `${'あ'.repeat(300)},b\n`;
    const whole = line.repeat(Math.floor((32 * MIB) / Buffer.byteLength(line)));
    const answer = await upload(whole);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.lines.length, 20);
    for (const size of [32 * MIB + 1, 100 * MIB, '99999999999']) assert.match(await begin(people.office, `Content-Length: ${size}\r\n`), /^HTTP\/1\.1 413 [^]*"\/problems\/too_large"/);
    // Without a length: when the bytes are there.
    const chunk = `${(4 * MIB).toString(16)}\r\n${'x'.repeat(4 * MIB)}\r\n`;
    assert.match(await begin(people.office, 'Transfer-Encoding: chunked\r\n', chunk.repeat(9), 20_000), /^HTTP\/1\.1 413 /);
    await alive();
});

test('who has no session or not the role is told before the file is sent', async () => {
    assert.match(await begin({}, `Content-Length: ${20 * MIB}\r\nExpect: 100-continue\r\n`), /^HTTP\/1\.1 401 /);
    assert.match(await begin({}, `Content-Length: ${20 * MIB}\r\n`), /^HTTP\/1\.1 401 /);
    assert.match(await begin({ cookie: '__Host-todoke=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, `Content-Length: ${20 * MIB}\r\n`), /^HTTP\/1\.1 401 /);
    assert.match(await begin(people.homeroom, `Content-Length: ${20 * MIB}\r\n`), /^HTTP\/1\.1 403 /);
    assert.match(await begin(people.guardian, 'Transfer-Encoding: chunked\r\n', '1000\r\n'), /^HTTP\/1\.1 403 /);
    assert.match(await begin(people.office, `Content-Length: 20\r\nOrigin: https://elsewhere.example\r\nSec-Fetch-Site: cross-site\r\n`), /^HTTP\/1\.1 403 [^]*cross_site/);
    assert.match(await begin(people.office, 'Content-Length: 8\r\nExpect: 100-continue\r\n', '', 1000), /^HTTP\/1\.1 100 /);
});

test('so many uploads at a time; one that breaks off makes room', async () => {
    const sockets = [];
    for (let i = 0; i < 16; i++) {
        const socket = connect({ port: city.port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(process.env.TODOKE_CERT) });
        socket.on('error', () => {});
        await new Promise((resolve) => socket.on('secureConnect', resolve));
        socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${people.office.cookie}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\nbeginning`);
        sockets.push(socket);
    }
    let crowded;
    for (let tries = 0; tries < 100 && crowded?.status !== 503; tries++) crowded = await upload('a\n').catch(() => sleep(20));
    assert.equal(crowded?.status, 503);
    assert.match(crowded.headers['retry-after'], /^\d+$/);
    for (const socket of sockets) socket.destroy();
    let again;
    for (let tries = 0; tries < 100 && again?.status !== 200; tries++) again = await upload('a\n').catch(() => sleep(20));
    assert.equal(again?.status, 200);
});

test('clients that go away while their file is looked into leave nothing behind', async () => {
    const body = `${'山田,太郎\n'.repeat(100_000)}`;
    for (let i = 0; i < 20; i++) {
        const socket = connect({ port: city.port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(process.env.TODOKE_CERT) });
        socket.on('error', () => {});
        await new Promise((resolve) => socket.on('secureConnect', resolve));
        socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${people.office.cookie}\r\nContent-Type: text/csv\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
        await new Promise((resolve) => socket.write(body, resolve));
        await sleep(i);
        socket.destroy();
    }
    await alive();
    const answers = await Promise.all(Array.from({ length: 30 }, () => upload(body)));
    for (const { status, headers } of answers) assert.ok(status === 200 || (status === 503 && headers['retry-after']), String(status));
    assert.ok(answers.filter(({ status }) => status === 200).length >= 8);
    await alive();
});

test('a file’s content is in no log', async () => {
    await upload('秘密の名前,x\n');
    assert.ok(!city.log().includes('秘密の名前'));
    assert.ok(!city.log().includes('山田'));
});
