// HTTP/1.1 of src/net against todoke-probe, through raw sockets.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect, exchange, sleep, startProbe, status, statuses, usePorts } from "../probe/probe.mjs";

usePorts(20100);
const GET = (path = "/", extra = "") => `GET ${path} HTTP/1.1\r\nHost: probe\r\n${extra}\r\n`;
const LAST = "Connection: close\r\n";
let probe;
before(async () => (probe = await startProbe()));
after(() => probe.stop());

const one = async (bytes) => exchange(probe.port, bytes);
const refused = async (bytes, code) => {
    const text = await one(bytes);
    assert.equal(status(text), code, text || "(nothing)");
    assert.equal(statuses(text).length, 1, "only one answer");
    assert.match(text, /\r\nConnection: close\r\n/);
};

describe("answers", () => {
    test("GET, HEAD, OPTIONS, POST", async () => {
        const get = await one(GET("/", LAST));
        assert.match(get, /^HTTP\/1\.1 200 OK\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\nContent-Length: 7\r\n/);
        assert.ok(get.endsWith("\r\n\r\ntodoke\n"));
        const head = await one(`HEAD / HTTP/1.1\r\nHost: p\r\n${LAST}\r\n`);
        assert.match(head, /Content-Length: 7\r\n/);
        assert.ok(head.endsWith("\r\n\r\n"), "no body");
        const options = await one(`OPTIONS * HTTP/1.1\r\nHost: p\r\n${LAST}\r\n`);
        assert.equal(status(options), 204);
        assert.doesNotMatch(options, /Content-Length/);
        const post = await one(`POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n${LAST}\r\nhello`);
        assert.ok(post.endsWith("\r\n\r\nhello"));
    });
    test("HTTP/1.0 closes, or stays when asked to", async () => {
        const text = await one("GET / HTTP/1.0\r\n\r\n");
        assert.match(text, /Connection: close/);
        const kept = await exchange(probe.port, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n");
        assert.deepEqual(statuses(kept), [200, 200]);
        assert.match(kept, /Connection: keep-alive/);
    });
    test("100-continue", async () => {
        const c = connect(probe.port);
        await c.send(`POST / HTTP/1.1\r\nHost: p\r\nExpect: 100-continue\r\nContent-Length: 2\r\n${LAST}\r\n`);
        await c.until((s) => s.text() === "HTTP/1.1 100 Continue\r\n\r\n");
        await c.send("ok");
        await c.end();
        assert.ok(c.text().endsWith("ok"));
        await refused("POST / HTTP/1.1\r\nHost: p\r\nExpect: wonders\r\nContent-Length: 2\r\n\r\nok", 417);
        await refused("POST /small HTTP/1.1\r\nHost: p\r\nExpect: 100-continue\r\nContent-Length: 17\r\n\r\n", 413);
    });
    test("100-continue waits for its turn", async () => {
        const c = connect(probe.port);
        await c.send(GET("/slow?400") + `POST / HTTP/1.1\r\nHost: p\r\nExpect: 100-continue\r\nContent-Length: 2\r\n${LAST}\r\n`);
        await sleep(150);
        assert.equal(c.text(), "");
        await c.until((s) => s.text().includes("100 Continue"));
        assert.ok(c.text().indexOf("100 Continue") > c.text().indexOf("200 OK"));
        await c.send("ok");
        await c.end();
        assert.deepEqual(statuses(c.text()), [200, 100, 200]);
    });
    test("chunked body, extensions and trailers are dropped", async () => {
        const body = "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX-Trailer: 1\r\n\r\n";
        const text = await one(`POST /json-echo HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n${LAST}\r\n${body}`);
        const json = JSON.parse(text.split("\r\n\r\n")[1]);
        assert.equal(Buffer.from(json.body, "base64").toString(), "hello!");
        assert.ok(!json.headers.some(([n]) => Buffer.from(n, "base64").toString() === "x-trailer"));
    });
    test("byte by byte", async () => {
        const c = connect(probe.port);
        for (const byte of `POST /echo HTTP/1.1\r\nHost: p\r\nX-Empty:\r\nX-Long:   a  b \r\nContent-Length: 2\r\n${LAST}\r\nok`) {
            await c.send(byte);
            await new Promise(setImmediate);
        }
        await c.end();
        assert.ok(c.text().endsWith("host: p\nx-empty: \nx-long: a  b\ncontent-length: 2\nconnection: close\n"));
    });
    test("cookies", async () => {
        const text = await one(GET("/cookie", `Cookie: a=1; b=2;c="x"\r\n${LAST}`));
        assert.ok(text.endsWith('\r\n\r\na=1\nb=2\nc="x"\n'));
    });
    test("paths are decoded and normalised", async () => {
        const path = async (target) => {
            const text = await one(GET(target, LAST));
            return status(text) === 200 ? Buffer.from(JSON.parse(text.split("\r\n\r\n")[1]).path, "base64").toString() : status(text);
        };
        assert.equal(await path("/json%2Decho?x=%2F"), "/json-echo");
        assert.equal(await path("//./json-echo"), "/json-echo");
        assert.equal(await path("http://probe/json-echo"), "/json-echo");
        for (const bad of ["/a/../json-echo", "/%2e%2e/json-echo", "/a%2fb", "/a%5cb", "/a%00b", "/a%", "/a%zz", "/a\\b", "http://other/", "relative", "ftp://probe/"])
            assert.equal(await path(bad), 400, bad);
    });
});

describe("pipelining", () => {
    test("100 requests, answers in order", async () => {
        let all = "";
        for (let i = 0; i < 100; i++) all += GET(`/slow?${i % 2 ? 20 : 5}`, `X-N: ${i}\r\n${i === 99 ? LAST : ""}`);
        const text = await exchange(probe.port, all, { ms: 20000 });
        assert.deepEqual([...text.matchAll(/\r\n\r\n(\d+)/g)].map((m) => m[1]), Array.from({ length: 100 }, (_, i) => (i % 2 ? "20" : "5")));
    });
    test("a slow one holds back the fast ones behind it", async () => {
        const text = await exchange(probe.port, GET("/slow?200") + GET("/") + GET("/nope") + GET("/slow?1", LAST));
        assert.deepEqual(statuses(text), [200, 200, 404, 200]);
        assert.ok(text.indexOf("\r\n\r\n200") < text.indexOf("todoke"));
        assert.ok(text.endsWith("\r\n\r\n1"));
    });
    test("10,000 at once", async () => {
        const text = await exchange(probe.port, GET("/").repeat(9999) + GET("/", LAST), { ms: 30000 });
        assert.equal(text.match(/todoke\n/g).length, 10000);
    });
    test("nothing behind Connection: close is answered", async () => {
        const text = await one(GET("/", LAST) + GET("/echo"));
        assert.deepEqual(statuses(text), [200]);
    });
    test("an error behind good requests comes after their answers", async () => {
        const text = await one(GET("/slow?100") + GET("/") + "BAD REQUEST\r\n\r\n");
        assert.deepEqual(statuses(text), [200, 200, 501]);
    });
    test("16 in flight, then reading pauses", async () => {
        const c = connect(probe.port);
        await c.send(GET("/slow?300").repeat(40));
        await sleep(120);
        assert.equal((await probe.stats()).waiting, 16);
        await c.answers(40);
        c.socket.destroy();
    });
});

describe("refused", () => {
    const head = (...lines) => `POST / HTTP/1.1\r\n${lines.map((l) => l + "\r\n").join("")}\r\n`;
    const cases = {
        "no Host": [head(), 400],
        "two Hosts": [head("Host: a", "Host: a"), 400],
        "empty Host": [head("Host:"), 400],
        "bad Host": [head("Host: a b"), 400],
        "Host with userinfo": [head("Host: u@a"), 400],
        "Host with a bad port": [head("Host: a:99999"), 400],
        "CL and TE": [head("Host: a", "Content-Length: 3", "Transfer-Encoding: chunked") + "0\r\n\r\n", 400],
        "TE and CL": [head("Host: a", "Transfer-Encoding: chunked", "Content-Length: 3") + "0\r\n\r\n", 400],
        "two CLs": [head("Host: a", "Content-Length: 3", "Content-Length: 3") + "abc", 400],
        "CL list": [head("Host: a", "Content-Length: 3, 3") + "abc", 400],
        "CL signed": [head("Host: a", "Content-Length: +3") + "abc", 400],
        "CL negative": [head("Host: a", "Content-Length: -3"), 400],
        "CL hex": [head("Host: a", "Content-Length: 0x3") + "abc", 400],
        "CL empty": [head("Host: a", "Content-Length:"), 400],
        "CL with a space": [head("Host: a", "Content-Length: 3 3"), 400],
        "CL too large a number": [head("Host: a", "Content-Length: 99999999999999999999999"), 400],
        "TE gzip": [head("Host: a", "Transfer-Encoding: gzip"), 501],
        "TE gzip, chunked": [head("Host: a", "Transfer-Encoding: gzip, chunked") + "0\r\n\r\n", 400],
        "TE chunked, chunked": [head("Host: a", "Transfer-Encoding: chunked, chunked") + "0\r\n\r\n", 400],
        "TE twice": [head("Host: a", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0\r\n\r\n", 400],
        "TE xchunked": [head("Host: a", "Transfer-Encoding: xchunked"), 501],
        "TE identity": [head("Host: a", "Transfer-Encoding: identity"), 501],
        "TE in quotes": [head("Host: a", 'Transfer-Encoding: "chunked"'), 501],
        "TE empty": [head("Host: a", "Transfer-Encoding:"), 400],
        "TE with a tab inside": [head("Host: a", "Transfer-Encoding: chunked\x0b"), 400],
        "TE in HTTP/1.0": ["POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
        "space before the colon": [head("Host: a", "Transfer-Encoding : chunked") + "0\r\n\r\n", 400],
        "space before the name": ["POST / HTTP/1.1\r\n Host: a\r\n\r\n", 400],
        "obs-fold": [head("Host: a", "X-A: b", " c"), 400],
        "obs-fold in TE": [head("Host: a", "Transfer-Encoding:", " chunked") + "0\r\n\r\n", 400],
        "bare LF line ends": ["GET / HTTP/1.1\nHost: a\n\n", 400],
        "bare LF after a header": ["GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400],
        "bare CR in a value": [head("Host: a", "X: a\rb"), 400],
        "bare CR as line end": ["GET / HTTP/1.1\rHost: a\r\r", 400],
        "NUL in a value": [head("Host: a", "X: a\0b"), 400],
        "control byte in a value": [head("Host: a", "X: a\x01b"), 400],
        "DEL in a value": [head("Host: a", "X: a\x7fb"), 400],
        "NUL in a name": [head("Host: a", "X\0: b"), 400],
        "no name": [head("Host: a", ": b"), 400],
        "no colon": [head("Host: a", "just text"), 400],
        "bad name": [head("Host: a", "X(y): b"), 400],
        "high byte in a name": [head("Host: a", "X\xe9: b"), 400],
        "chunk size not hex": [head("Host: a", "Transfer-Encoding: chunked") + "g\r\n", 400],
        "chunk size 0x": [head("Host: a", "Transfer-Encoding: chunked") + "0x5\r\nhello\r\n0\r\n\r\n", 400],
        "chunk size signed": [head("Host: a", "Transfer-Encoding: chunked") + "+5\r\nhello\r\n0\r\n\r\n", 400],
        "chunk size overflow": [head("Host: a", "Transfer-Encoding: chunked") + "fffffffffffffffff\r\n", 400],
        "chunk size with a space": [head("Host: a", "Transfer-Encoding: chunked") + "5 \r\nhello\r\n0\r\n\r\n", 400],
        "chunk with LF": [head("Host: a", "Transfer-Encoding: chunked") + "5\nhello\r\n0\r\n\r\n", 400],
        "chunk without its CRLF": [head("Host: a", "Transfer-Encoding: chunked") + "5\r\nhello0\r\n\r\n", 400],
        "chunk longer than said": [head("Host: a", "Transfer-Encoding: chunked") + "5\r\nhelloo\r\n0\r\n\r\n", 400],
        "bare LF in a chunk extension": [head("Host: a", "Transfer-Encoding: chunked") + "5;a\nhello\r\n0\r\n\r\n", 400],
        "* but not OPTIONS": ["GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "fragment": ["GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "tab in the target": ["GET /\ta HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "two spaces": ["GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "space in the target": ["GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "no version": ["GET /\r\nHost: a\r\n\r\n", 400],
        "HTTP/0.9": ["GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505],
        "HTTP/2.0": ["GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505],
        "HTTP/1.2": ["GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505],
        "HTTP/1.": ["GET / HTTP/1.\r\nHost: a\r\n\r\n", 400],
        "http/1.1": ["GET / http/1.1\r\nHost: a\r\n\r\n", 400],
        "HTTP/2 preface": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
        "CONNECT": ["CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501],
        "TRACE": ["TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501],
        "unknown method": ["FROB / HTTP/1.1\r\nHost: a\r\n\r\n", 501],
        "lower-case method": ["get / HTTP/1.1\r\nHost: a\r\n\r\n", 501],
        "RTSP": ["DESCRIBE rtsp://a/ RTSP/1.0\r\n\r\n", 501],
        "two spaces before the version": ["GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "bytes that are not ASCII in the target": ["GET /\xe5 HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "an escaped path that is not UTF-8": ["GET /%e5 HTTP/1.1\r\nHost: a\r\n\r\n", 400],
        "TLS to a plain port": ["\x16\x03\x01\x02\x00\x01\x00", 400],
        "Host and target disagree": ["GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    };
    for (const [name, [bytes, code]] of Object.entries(cases)) test(`${name}: ${code}`, () => refused(bytes, code));

    test("an unwanted body is not taken for a request", async () => {
        const inner = GET("/echo");
        const text = await one(`POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: ${inner.length}\r\n\r\n${inner}` + GET("/", LAST));
        assert.deepEqual(statuses(text), [404, 200]);
    });
});

describe("limits", () => {
    test("request line: 414", async () => {
        assert.equal(status(await one(GET("/" + "a".repeat(8000), LAST))), 404);
        await refused(GET("/" + "a".repeat(8300)), 414);
        await refused("GET /" + "a".repeat(100000), 414);
    });
    test("headers: 431 for bytes", async () => {
        assert.equal(status(await one(GET("/", `X: ${"a".repeat(32000)}\r\n${LAST}`))), 200);
        await refused(GET("/", `X: ${"a".repeat(33000)}\r\n`), 431);
        await refused(GET("/", `${"x".repeat(33000)}: a\r\n`), 431);
        await refused(GET("/", `X:${" ".repeat(200000)}a\r\n`), 431);
    });
    test("headers: 431 for more than 100", async () => {
        const many = (n) => Array.from({ length: n }, (_, i) => `X-${i}: ${i}\r\n`).join("");
        assert.equal(status(await one(GET("/", many(98) + LAST))), 200);
        await refused(GET("/", many(100)), 431);
    });
    test("body by route: 413, before it is sent and while it is", async () => {
        assert.equal(status(await one(`POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n${LAST}\r\n${"a".repeat(16)}`)), 200);
        await refused("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n", 413);
        await refused("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n9\r\n123456789\r\n0\r\n\r\n", 413);
        await refused(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${(64 << 20) + 1}\r\n\r\n`, 413);
    });
    test("trailers and chunk extensions are bounded", async () => {
        const start = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        await refused(`${start}1;${"a".repeat(10000)}\r\n`, 431);
        await refused(`${start}0\r\n${"X-T: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(400)}\r\n`, 431);
    });
    test("a large unwanted body closes the connection", async () => {
        const text = await one("POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "a".repeat(200000));
        assert.equal(status(text), 404);
        assert.match(text, /Connection: close/);
    });
    test("the answer to a 413 arrives although the peer goes on sending", async () => {
        const c = connect(probe.port);
        await c.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n");
        for (let i = 0; i < 20 && !c.closed; i++) await Promise.race([c.send("a".repeat(65536)), sleep(100)]);
        await c.end();
        assert.equal(status(c.text()), 413);
    });
    test("64 MiB there and back", async () => {
        const body = Buffer.alloc(64 << 20, "x");
        const answer = await fetch(`http://127.0.0.1:${probe.port}/`, { method: "POST", body });
        assert.equal((await answer.arrayBuffer()).byteLength, body.length);
    });
});

describe("the peer goes away", () => {
    test("half-close: the answers still come", async () => {
        const c = connect(probe.port);
        c.socket.end(GET("/slow?150") + GET("/"));
        await c.end();
        assert.deepEqual(statuses(c.text()), [200, 200]);
    });
    test("half-close in the middle of a request: no answer, the end", async () => {
        const c = connect(probe.port);
        c.socket.end("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        await c.end();
        assert.equal(c.text(), "");
    });
    test("a reset while a request is under way cancels it", async () => {
        const before = await probe.stats();
        const c = connect(probe.port);
        await c.send(GET("/slow?3000").repeat(3));
        await sleep(50);
        c.socket.resetAndDestroy();
        await sleep(100);
        const now = await probe.stats();
        assert.equal(now.cancelled - before.cancelled, 3);
        assert.equal(now.waiting, before.waiting);
    });
    test("a reset in the middle of a large answer", async () => {
        const c = connect(probe.port);
        await c.send(GET("/big?50000000"));
        await c.until((s) => s.data.length > 100000);
        c.socket.resetAndDestroy();
        assert.equal(status(await one(GET("/", LAST))), 200);
    });
});
