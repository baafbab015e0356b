// The web app as it is served: from memory, compressed, cached, under a strict policy; and the documents beside it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { exchange } from '../support/client.mjs';
import { startCity, top } from '../support/city.mjs';

const dist = join(top, 'web/dist');
const city = await startCity();
const get = (path, headers = {}, method = 'GET') => exchange(city.origin + path, { method, headers });
const all = existsSync(dist) ? readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile() && !/\.(br|gz)$/.test(name)) : [];
const fingerprinted = all.filter((name) => name.startsWith('assets/'));
const script = fingerprinted.filter((name) => name.endsWith('.js')).sort((a, b) => statSync(join(dist, b)).size - statSync(join(dist, a)).size)[0];

test('every file of the build is served as it is', async () => {
    assert.ok(all.includes('index.html'), 'the web app is built');
    for (const name of all) {
        const answer = await get(`/${name}`);
        assert.equal(answer.status, 200, name);
        assert.ok(answer.raw.equals(readFileSync(join(dist, name))), name);
        assert.ok(answer.headers['content-type'], name);
        assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    }
});

test('the types are right', async () => {
    const types = { html: /^text\/html; ?charset=utf-8/i, js: /^text\/javascript/, css: /^text\/css/, svg: /^image\/svg\+xml/, png: /^image\/png/, webmanifest: /^application\/manifest\+json/, json: /^application\/json/ };
    for (const name of all) {
        const type = types[name.split('.').pop()];
        if (type) assert.match((await get(`/${name}`)).headers['content-type'], type, name);
    }
});

test('brotli and gzip where the client takes them, the same content, with Vary', async () => {
    for (const name of [script, 'index.html']) {
        const file = readFileSync(join(dist, name));
        const br = await get(`/${name}`, { 'accept-encoding': 'gzip, deflate, br' });
        assert.equal(br.headers['content-encoding'], 'br', name);
        assert.ok(brotliDecompressSync(br.raw).equals(file));
        const gz = await get(`/${name}`, { 'accept-encoding': 'gzip' });
        assert.equal(gz.headers['content-encoding'], 'gzip', name);
        assert.ok(gunzipSync(gz.raw).equals(file));
        for (const answer of [br, gz, await get(`/${name}`)]) assert.match(answer.headers.vary, /accept-encoding/i);
        const never = await get(`/${name}`, { 'accept-encoding': 'br;q=0, gzip;q=0, identity' });
        assert.equal(never.headers['content-encoding'], undefined);
        assert.notEqual(br.headers.etag, gz.headers.etag);
    }
});

test('ETag: 304 when it matches, also weakly, in a list, and for *', async () => {
    const { headers } = await get(`/${script}`);
    assert.match(headers.etag, /^(W\/)?"[^"]+"$/);
    for (const tag of [headers.etag, `W/${headers.etag.replace(/^W\//, '')}`, `"x", ${headers.etag}`, '*']) {
        const answer = await get(`/${script}`, { 'if-none-match': tag });
        assert.equal(answer.status, 304, tag);
        assert.equal(answer.raw.length, 0);
        assert.equal(answer.headers.etag, headers.etag);
    }
    assert.equal((await get(`/${script}`, { 'if-none-match': '"other"' })).status, 200);
});

test('one range: 206 with the right bytes; impossible ones are 416; several or odd ones are the whole', async () => {
    const file = readFileSync(join(dist, script));
    const cases = [['bytes=0-99', 0, 99], ['bytes=100-', 100, file.length - 1], ['bytes=-50', file.length - 50, file.length - 1], [`bytes=10-${file.length + 1000}`, 10, file.length - 1]];
    for (const [range, from, to] of cases) {
        const answer = await get(`/${script}`, { range });
        assert.equal(answer.status, 206, range);
        assert.equal(answer.headers['content-range'], `bytes ${from}-${to}/${file.length}`);
        assert.ok(answer.raw.equals(file.subarray(from, to + 1)), range);
    }
    const none = await get(`/${script}`, { range: `bytes=${file.length}-` });
    assert.equal(none.status, 416);
    assert.equal(none.headers['content-range'], `bytes */${file.length}`);
    for (const range of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=5-1', 'bytes=a-b', 'bytes']) assert.ok([200, 416].includes((await get(`/${script}`, { range })).status), range);
});

test('files with a fingerprint never change, pages are asked for again', async () => {
    assert.ok(fingerprinted.length > 0);
    for (const name of fingerprinted) assert.match((await get(`/${name}`)).headers['cache-control'], /max-age=31536000.*immutable/, name);
    for (const path of ['/', '/index.html', '/sw.js', '/manifest.webmanifest']) {
        assert.doesNotMatch((await get(path)).headers['cache-control'] ?? '', /immutable/, path);
        assert.match((await get(path)).headers['cache-control'] ?? '', /no-cache|max-age=0/, path);
    }
});

test('pages of the app all get the app; files that are none get a 404', async () => {
    const index = readFileSync(join(dist, 'index.html'));
    for (const path of ['/', '/teacher', '/guardian/report?x=1', '/school/12/class/3']) {
        const answer = await get(path);
        assert.equal(answer.status, 200, path);
        assert.ok(answer.raw.equals(index), path);
    }
    for (const path of ['/nothing.js', '/assets/nothing-abc.css', '/favicon.nothing']) assert.equal((await get(path)).status, 404, path);
    assert.equal((await get('/', {}, 'POST')).status, 405);
    const head = await get('/', {}, 'HEAD');
    assert.equal(head.status, 200);
    assert.equal(Number(head.headers['content-length']), index.length);
});

test('the policy: scripts and styles only from here, no frames, no referrer, HTTPS for good', async () => {
    const { headers } = await get('/');
    const policy = Object.fromEntries(headers['content-security-policy'].split(';').map((part) => part.trim().split(/ (.*)/s).slice(0, 2)));
    assert.match(policy['default-src'] ?? '', /'none'|'self'/);
    for (const name of ['script-src', 'style-src', 'default-src']) assert.doesNotMatch(policy[name] ?? '', /unsafe|\*|https?:|data:/, name);
    assert.equal(policy['frame-ancestors'], "'none'");
    assert.match(policy['base-uri'] ?? '', /'none'|'self'/);
    assert.match(policy['form-action'] ?? '', /'none'|'self'/);
    assert.match(headers['strict-transport-security'] ?? '', /max-age=\d{7,}/);
    assert.ok(headers['referrer-policy']);
    assert.ok(headers['permissions-policy'] || headers['cross-origin-opener-policy']);
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|style="/, 'nothing inline');
});

test('the first load of the guardian’s page is under 60 KB compressed', async () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    let total = (await get('/', { 'accept-encoding': 'br' })).raw.length;
    for (const [, path] of html.matchAll(/<(?:script|link)[^>]*?(?:src|href)="(\/[^"]+\.(?:js|css))"/g)) {
        total += (await get(path, { 'accept-encoding': 'br' })).raw.length;
    }
    assert.ok(total < 60_000, `${total} bytes`);
});

test('answers with personal data are not kept by anybody', async () => {
    const person = await city.demo('guardian');
    const answer = await person.request('GET', '/api/children');
    assert.match(answer.headers['cache-control'], /no-store/);
});

test('the OpenAPI document is a valid 3.1 document of every route', async () => {
    const { body, status, headers } = await get('/api/openapi.json');
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^application\/json/);
    assert.match(body.openapi, /^3\.1\.\d+$/);
    assert.ok(body.info.title && body.info.version);
    const ids = new Set();
    const schemas = [];
    for (const [path, item] of Object.entries(body.paths)) {
        assert.match(path, /^\/[a-z0-9/{}_.-]*$/i, path);
        for (const [method, operation] of Object.entries(item)) {
            const where = `${method} ${path}`;
            assert.ok(['get', 'put', 'post', 'delete', 'patch'].includes(method), where);
            assert.ok(operation.responses && Object.keys(operation.responses).length > 0, `${where}: responses`);
            for (const [code, response] of Object.entries(operation.responses)) {
                assert.match(code, /^([1-5]\d\d|[45]XX|default)$/, where);
                assert.ok(response.$ref || typeof response.description === 'string', `${where}: ${code} is described`);
                for (const media of Object.values(response.content ?? {})) schemas.push([where, media.schema]);
            }
            if (operation.operationId) {
                assert.ok(!ids.has(operation.operationId), `${where}: the operationId is used twice`);
                ids.add(operation.operationId);
            }
            const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
            const parameters = operation.parameters ?? [];
            assert.deepEqual(parameters.filter((each) => each.in === 'path').map((each) => each.name).sort(), inPath, where);
            for (const parameter of parameters) {
                assert.ok(['path', 'query', 'header', 'cookie'].includes(parameter.in), where);
                assert.ok(parameter.schema, `${where}: ${parameter.name}`);
                if (parameter.in === 'path') assert.equal(parameter.required, true, where);
                schemas.push([where, parameter.schema]);
            }
            for (const media of Object.values(operation.requestBody?.content ?? {})) schemas.push([where, media.schema]);
            assert.ok('x-todoke-may' in operation, `${where}: who may`);
        }
    }
    const types = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null'];
    const resolve = (ref) => ref.replace(/^#\//, '').split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], body);
    const check = (where, schema, depth = 0) => {
        assert.equal(typeof schema, 'object', where);
        if (depth > 8) return;
        if (schema.$ref) return check(where, resolve(schema.$ref) ?? assert.fail(`${where}: ${schema.$ref}`), depth + 1);
        for (const type of [schema.type ?? []].flat()) assert.ok(types.includes(type), `${where}: ${type}`);
        for (const name of schema.required ?? []) assert.ok(name in (schema.properties ?? {}), `${where}: ${name} is required but not there`);
        for (const each of Object.values(schema.properties ?? {})) check(where, each, depth + 1);
        if (schema.items) check(where, schema.items, depth + 1);
        for (const each of [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) check(where, each, depth + 1);
    };
    for (const [where, schema] of schemas) check(where, schema);
    assert.ok(Object.keys(body.paths).length >= 15);
});

test('/livez, /readyz and /metrics answer here, and metrics are well formed', async () => {
    assert.equal((await get('/livez')).status, 200);
    assert.equal((await get('/readyz')).status, 200);
    const { raw, headers, status } = await get('/metrics');
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^text\/plain; ?version=0\.0\.4/);
    const lines = raw.toString().trim().split('\n');
    for (const line of lines) assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[^}]*\})? -?[0-9.e+-]+|[a-z_]+(\{[^}]*\})? (\+Inf|NaN))$/, line);
    assert.ok(lines.length > 10);
});

test('/metrics and the probes are only for the machine itself', async (t) => {
    const outside = Object.values(networkInterfaces()).flat().find((each) => each.family === 'IPv4' && !each.internal)?.address;
    if (!outside) return t.skip('this machine has no other address');
    const open = await startCity({ plain: true, address: '0.0.0.0', keep: true });
    try {
        for (const path of ['/metrics']) {
            const answer = await exchange(`http://${outside}:${open.port}${path}`);
            assert.ok([403, 404].includes(answer.status), `${path}: ${answer.status}`);
            assert.doesNotMatch(answer.raw.toString(), /^# HELP/m);
            assert.equal((await exchange(`http://127.0.0.1:${open.port}${path}`)).status, 200);
        }
    } finally {
        await open.stop();
    }
});
