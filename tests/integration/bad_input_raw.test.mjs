// The limits and refusals of HTTP itself, from a raw socket against the whole server. Whatever comes in: an answer
// that says what is wrong, a closed connection where its end can't be known, and a server that goes on serving.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';

const city = await startCity({ plain: true });
const host = `localhost:${city.port}`;
const crlf = (...lines) => lines.join('\r\n');
const head = (...lines) => crlf(...lines, '', '');
const status = (text) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
const answers = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((found) => Number(found[1]));

async function says(expected, bytes, options) {
    const text = await city.raw(bytes, options);
    assert.equal(status(text), expected, `${JSON.stringify(String(bytes).slice(0, 120))} -> ${JSON.stringify(text.slice(0, 300))}`);
    return text;
}

test('a request line over 8 KiB is 414, one below passes', async () => {
    await says(414, head(`GET /${'a'.repeat(9000)} HTTP/1.1`, `Host: ${host}`));
    await says(404, head(`GET /api/${'a'.repeat(7000)} HTTP/1.1`, `Host: ${host}`, 'Connection: close'));
});

test('headers over 32 KiB or over 100 of them are 431', async () => {
    await says(431, head('GET /livez HTTP/1.1', `Host: ${host}`, `X: ${'a'.repeat(33_000)}`));
    await says(431, head('GET /livez HTTP/1.1', `Host: ${host}`, ...Array.from({ length: 101 }, (_, i) => `X${i}: 1`)));
    await says(200, head('GET /livez HTTP/1.1', `Host: ${host}`, ...Array.from({ length: 90 }, (_, i) => `X${i}: 1`), 'Connection: close'));
});

test('exactly one valid Host', async () => {
    await says(400, head('GET /livez HTTP/1.1'));
    await says(400, head('GET /livez HTTP/1.1', `Host: ${host}`, `Host: ${host}`));
    await says(400, head('GET /livez HTTP/1.1', `Host: ${host}`, 'Host: other.example'));
    for (const bad of ['a b', 'a/b', 'user@host', 'a\u0001', 'host:port', 'host:99999', '[::1']) await says(400, head('GET /livez HTTP/1.1', `Host: ${bad}`));
});

test('MEASURES 13: nothing is smuggled: both lengths, odd encodings, odd lengths, spaces before colons, folded lines, bare CR or LF', async () => {
    const post = (...lines) => crlf('POST /api/session HTTP/1.1', `Host: ${host}`, 'Content-Type: application/json', ...lines, '', '');
    const bad = [
        post('Content-Length: 4', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
        post('Transfer-Encoding: gzip, chunked') + '0\r\n\r\n',
        post('Transfer-Encoding: xchunked'), post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
        post('Transfer-Encoding: identity'), post('Transfer-Encoding:\u000bchunked'),
        post('Content-Length: 4', 'Content-Length: 5') + 'abcd', post('Content-Length: +4') + 'abcd', post('Content-Length: 0x4') + 'abcd',
        post('Content-Length: -1'), post('Content-Length: 4, 4') + 'abcd', post('Content-Length: 99999999999999999999'), post('Content-Length : 4') + 'abcd',
        post('X-A: b', ' folded: c', 'Content-Length: 0'), post('X:\u0000', 'Content-Length: 0'), post('X y: 1', 'Content-Length: 0'), post(': 1', 'Content-Length: 0'),
        `GET /livez HTTP/1.1\nHost: ${host}\n\n`.replaceAll('\n', '\r'),
        post('Transfer-Encoding: chunked') + 'zz\r\nab\r\n0\r\n\r\n', post('Transfer-Encoding: chunked') + '-1\r\n', post('Transfer-Encoding: chunked') + 'fffffffffffffffff\r\n',
        post('Transfer-Encoding: chunked') + '2\r\nabc\r\n0\r\n\r\n', post('Transfer-Encoding: chunked') + '2\nab\n0\n\n',
    ];
    for (const bytes of bad) {
        const text = await city.raw(`${bytes}GET /smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`, { ms: 700 });
        const all = answers(text);
        assert.equal(all.length, 1, `${JSON.stringify(bytes)} -> ${JSON.stringify(text.slice(0, 400))}`);
        assert.ok([400, 413, 431, 501].includes(all[0]), `${JSON.stringify(bytes)} -> ${all[0]}`);
    }
});

test('methods, versions and targets that are none', async () => {
    for (const line of ['GET', 'GET /', 'GET  / HTTP/1.1', 'get /livez HTTP/1.1', 'FOO / HTTP/1.1', 'GET livez HTTP/1.1', 'GET /a b HTTP/1.1', 'GET /livez HTTP/1.2', 'GET /livez HTTP/2.0', 'GET /livez HTTP/9', 'GET /\u0001 HTTP/1.1', 'GET * HTTP/1.1', 'PRI * HTTP/2.0', '\u0016\u0003\u0001']) {
        const code = status(await city.raw(head(line, `Host: ${host}`), { ms: 700 }));
        assert.ok([0, 400, 404, 405, 501, 505].includes(code), `${line} -> ${code}`);
        assert.notEqual(code, 200, line);
    }
    await says(501, head('CONNECT x:1 HTTP/1.1', 'Host: x:1')).catch(async () => says(405, head('CONNECT x:1 HTTP/1.1', 'Host: x:1')).catch(() => says(400, head('CONNECT x:1 HTTP/1.1', 'Host: x:1'))));
});

test('MEASURES 13: paths that climb do not leave the folder', async () => {
    for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/assets/../../../etc/passwd', '/%00', '/assets/%2e%2e%5c', '//etc/passwd', '/.git/config', '/index.html%00.js']) {
        const text = await city.raw(head(`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'));
        assert.doesNotMatch(text, /root:x|\[core\]/, path);
        assert.ok([200, 400, 404].includes(status(text)), path);
        if (status(text) === 200) assert.match(text, /<!doctype html>/i, path);
    }
});

test('pipelined requests are answered in their order; after one that asks to close, nothing more', async () => {
    const get = (path, ...more) => head(`GET ${path} HTTP/1.1`, `Host: ${host}`, ...more);
    const text = await city.raw(get('/livez') + get('/api/children') + get('/api/nothing') + get('/livez', 'Connection: close') + get('/livez'));
    assert.deepEqual(answers(text), [200, 401, 404, 200]);
});

test('HTTP/1.0 is answered and closed; a HEAD has no body; an Expect that is none is 417', async () => {
    const old = await city.raw(`GET /livez HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
    assert.equal(status(old), 200);
    assert.match(old, /connection: close/i);
    const text = await says(200, head('HEAD /livez HTTP/1.1', `Host: ${host}`, 'Connection: close'));
    assert.match(text, /\r\n\r\n$/);
    await says(417, head('POST /api/session HTTP/1.1', `Host: ${host}`, 'Expect: magic', 'Content-Length: 2') + '{}');
});

test('an announced body that is too large is 413 before it is sent', async () => {
    await says(413, head('POST /api/session HTTP/1.1', `Host: ${host}`, 'Content-Type: application/json', 'Content-Length: 50000000'));
});

test('MEASURES 13: every refusal carries no-sniff headers, no server version, and none of the sender’s bytes', async () => {
    const text = await says(400, head('GET /livez HTTP/1.1', 'Host: <script>alert(1)</script>'));
    assert.doesNotMatch(text, /<script>/);
    assert.match(text, /x-content-type-options: nosniff/i);
    assert.doesNotMatch(text, /^server:.*\d/im);
});

test('a head that never ends is cut within its ten seconds (408), a body that only drips too', { concurrency: true }, async (t) => {
    await Promise.all([
        t.test('head', async () => {
            const started = Date.now();
            const text = await city.raw(`GET /livez HTTP/1.1\r\nHost: ${host}\r\n`, { ms: 20_000 });
            assert.ok([0, 408].includes(status(text)));
            assert.ok(Date.now() - started < 13_000, `${Date.now() - started} ms`);
        }),
        t.test('nothing at all', async () => {
            const started = Date.now();
            await city.raw('', { ms: 20_000 });
            assert.ok(Date.now() - started < 13_000, `${Date.now() - started} ms`);
        }),
        t.test('body', async () => {
            const started = Date.now();
            const text = await city.raw(head('POST /api/session HTTP/1.1', `Host: ${host}`, 'Content-Type: application/json', 'Content-Length: 40') + '{', { ms: 20_000 });
            assert.ok([0, 408].includes(status(text)));
            assert.ok(Date.now() - started < 13_000, `${Date.now() - started} ms`);
        }),
    ]);
});

test('after all of that the server serves, and is the same process', async () => {
    await says(200, head('GET /readyz HTTP/1.1', `Host: ${host}`, 'Connection: close'));
    assert.doesNotMatch(city.log(), /worker.*(died|killed|signal)/i);
});
