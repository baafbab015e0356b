// WebSocket (RFC 6455) of src/net against todoke-probe, frame by frame through raw sockets.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { WebSocket } from "ws";
import { connect, exchange, sleep, startProbe, status, statuses, usePorts } from "../probe/probe.mjs";

usePorts(20300);
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const handshake = (...changes) => {
    const headers = { Host: "p", Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Version": "13" };
    for (const [name, value] of changes) value === null ? delete headers[name] : (headers[name] = value);
    return "GET /ws-echo HTTP/1.1\r\n" + Object.entries(headers).map(([n, v]) => `${n}: ${v}\r\n`).join("") + "\r\n";
};
const CONT = 0, TEXT = 1, BIN = 2, CLOSE = 8, PING = 9, PONG = 10;

function frame(opcode, payload = "", { fin = true, mask = true, rsv = 0, length } = {}) {
    const body = Buffer.from(payload);
    const n = length ?? body.length;
    const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
    const bit = mask ? 0x80 : 0;
    if (n <= 125) head.push(bit | n);
    else if (n <= 0xffff) head.push(bit | 126, n >> 8, n & 255);
    else head.push(bit | 127, ...[56n, 48n, 40n, 32n, 24n, 16n, 8n, 0n].map((s) => Number((BigInt(n) >> s) & 255n)));
    if (!mask) return Buffer.concat([Buffer.from(head), body]);
    const key = randomBytes(4);
    const masked = Buffer.from(body);
    for (let i = 0; i < masked.length; i++) masked[i] ^= key[i & 3];
    return Buffer.concat([Buffer.from(head), key, masked]);
}

// The frames that the server has sent, complete ones only.
function frames(data) {
    let at = data.indexOf("\r\n\r\n") + 4;
    const all = [];
    while (data.length - at >= 2) {
        let n = data[at + 1] & 127, header = 2;
        assert.equal(data[at + 1] & 128, 0, "a server does not mask");
        if (n === 126) (n = data.length - at >= 4 ? data.readUInt16BE(at + 2) : Infinity), (header = 4);
        else if (n === 127) (n = data.length - at >= 10 ? Number(data.readBigUInt64BE(at + 2)) : Infinity), (header = 10);
        if (data.length - at < header + n) break;
        all.push({ opcode: data[at] & 15, fin: data[at] >> 7, bytes: data.subarray(at + header, at + header + n) });
        at += header + n;
    }
    return all;
}

let probe;
before(async () => (probe = await startProbe("--linger-ms=500", "--ws-close-ms=500")));
after(() => probe.stop());

async function open(port = probe.port, first = "") {
    const c = connect(port);
    await c.send(Buffer.concat([Buffer.from(handshake()), Buffer.from(first)]));
    await c.until((s) => s.text().includes("\r\n\r\n"), "the handshake");
    c.frames = () => frames(c.data);
    c.frame = (n, ms) => c.until(() => c.frames().length > n && c.frames()[n], `frame ${n}`, ms);
    return c;
}
const code = (f) => (f.bytes.length ? f.bytes.readUInt16BE(0) : 1005);
// Sends frames, expects the server to close with that code.
async function closes(expected, ...parts) {
    const c = await open();
    for (const part of parts) await c.send(part);
    const close = await c.until(() => c.frames().find((f) => f.opcode === CLOSE), `close ${expected}`);
    assert.equal(code(close), expected);
    c.socket.end();
    await c.end();
    return c;
}

describe("handshake", () => {
    test("101 and the key of the RFC's example", async () => {
        const c = await open();
        assert.match(c.text(), /^HTTP\/1\.1 101 /);
        assert.match(c.text(), /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
        c.socket.destroy();
    });
    const refusals = {
        "no key": [[["Sec-WebSocket-Key", null]], 400],
        "short key": [[["Sec-WebSocket-Key", "AAAA"]], 400],
        "key that is not base64": [[["Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!=="]], 400],
        "no version": [[["Sec-WebSocket-Version", null]], 426],
        "version 8": [[["Sec-WebSocket-Version", "8"]], 426],
        "no Upgrade": [[["Upgrade", null]], 400],
        "Upgrade: h2c": [[["Upgrade", "h2c"]], 400],
        "Connection without upgrade": [[["Connection", "keep-alive"]], 400],
    };
    for (const [name, [changes, expected]] of Object.entries(refusals))
        test(`${name}: ${expected}`, async () => {
            const text = await exchange(probe.port, handshake(...changes), { wait: 1 });
            assert.equal(status(text), expected);
            if (expected === 426) assert.match(text, /Sec-WebSocket-Version: 13/);
        });
    test("a refused upgrade leaves the connection usable", async () => {
        const text = await exchange(probe.port, handshake(["Sec-WebSocket-Version", "8"]) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n", { wait: 2 });
        assert.deepEqual(statuses(text), [426, 200]);
    });
    test("many refused upgrades in one packet", async () => {
        const text = await exchange(probe.port, handshake(["Sec-WebSocket-Version", "8"]).repeat(300), { wait: 300 });
        assert.equal(statuses(text).length, 300);
    });
    test("POST is no handshake", async () => {
        assert.equal(status(await exchange(probe.port, handshake().replace("GET", "POST"), { wait: 1 })), 400);
    });
    test("tokens without case, in lists; the subprotocol that was asked for", async () => {
        const text = await exchange(probe.port, handshake(["Connection", "keep-alive, UPGRADE"], ["Upgrade", "WebSocket"],
            ["Sec-WebSocket-Protocol", "other, echo"]), { wait: 1 });
        assert.equal(status(text), 101);
        assert.match(text, /Sec-WebSocket-Protocol: echo\r\n/);
    });
    test("frames in the same packet as the handshake", async () => {
        const c = await open(probe.port, frame(TEXT, "early"));
        assert.equal((await c.frame(0)).bytes.toString(), "early");
        c.socket.destroy();
    });
    test("an upgrade behind an unanswered request stays HTTP", async () => {
        const text = await exchange(probe.port, "GET /slow?100 HTTP/1.1\r\nHost: a\r\n\r\n" + handshake(), { wait: 2 });
        assert.deepEqual(statuses(text), [200, 400]);
    });
});

describe("messages", () => {
    for (const n of [0, 1, 125, 126, 127, 4095, 4096, 65535, 65536, 1 << 20])
        test(`${n} bytes`, async () => {
            const c = await open();
            const body = randomBytes(n);
            await c.send(frame(BIN, body));
            const f = await c.frame(0);
            assert.equal(f.opcode, BIN);
            assert.ok(f.bytes.equals(body));
            c.socket.destroy();
        });
    test("16 MiB, and one byte more: 1009", async () => {
        const c = await open();
        const body = randomBytes(16 << 20);
        await c.send(frame(BIN, body));
        const f = await c.frame(0, 30000);
        assert.ok(f.bytes.equals(body));
        await c.send(frame(BIN, "", { length: (16 << 20) + 1 }));
        await c.send("x");
        assert.equal(code(await c.frame(1)), 1009);
        c.socket.destroy();
    });
    test("65,536 fragments", async () => {
        const c = await open();
        const parts = [frame(TEXT, "a", { fin: false })];
        for (let i = 0; i < 65534; i++) parts.push(frame(CONT, "b", { fin: false }));
        parts.push(frame(CONT, "c"));
        await c.send(Buffer.concat(parts));
        const f = await c.frame(0, 30000);
        assert.equal(f.bytes.length, 65536);
        assert.equal(f.bytes.toString().slice(-2), "bc");
        c.socket.destroy();
    });
    test("control frames between fragments", async () => {
        const c = await open();
        await c.send(frame(TEXT, "a", { fin: false }));
        await c.send(frame(PING, "hi"));
        await c.send(frame(PONG, "unasked"));
        await c.send(frame(CONT, "", { fin: false }));
        await c.send(frame(CONT, "b"));
        assert.deepEqual([(await c.frame(0)).opcode, c.frames()[0].bytes.toString()], [PONG, "hi"]);
        assert.equal((await c.frame(1)).bytes.toString(), "ab");
        c.socket.destroy();
    });
    test("byte by byte", async () => {
        const c = await open();
        for (const byte of Buffer.concat([frame(TEXT, "日本"), frame(PING, ""), frame(BIN, randomBytes(200))])) {
            await c.send(Buffer.from([byte]));
            await new Promise(setImmediate);
        }
        await c.frame(2);
        assert.deepEqual(c.frames().map((f) => f.opcode), [TEXT, PONG, BIN]);
        c.socket.destroy();
    });
    test("1,000 messages in one packet, in order", async () => {
        const c = await open();
        await c.send(Buffer.concat(Array.from({ length: 1000 }, (_, i) => frame(TEXT, `${i}`))));
        await c.frame(999);
        assert.deepEqual(c.frames().map((f) => f.bytes.toString()), Array.from({ length: 1000 }, (_, i) => `${i}`));
        c.socket.destroy();
    });
    test("the ws package as a client", async () => {
        const ws = new WebSocket(`ws://127.0.0.1:${probe.port}/ws-echo`, "echo");
        await new Promise((resolve) => ws.on("open", resolve));
        assert.equal(ws.protocol, "echo");
        assert.equal(ws.extensions, "");
        const back = new Promise((resolve) => ws.on("message", resolve));
        ws.send("こんにちは");
        assert.equal((await back).toString(), "こんにちは");
        const closed = new Promise((resolve) => ws.on("close", resolve));
        ws.close(4000, "bye");
        assert.equal(await closed, 4000);
    });
});

describe("protocol errors", () => {
    test("unmasked: 1002", () => closes(1002, frame(TEXT, "a", { mask: false })));
    for (const rsv of [1, 2, 4]) test(`rsv ${rsv}: 1002`, () => closes(1002, frame(TEXT, "a", { rsv })));
    for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) test(`opcode ${opcode}: 1002`, () => closes(1002, frame(opcode, "")));
    test("oversized ping: 1002", () => closes(1002, frame(PING, "x".repeat(126))));
    test("fragmented ping: 1002", () => closes(1002, frame(PING, "x", { fin: false })));
    test("continuation of nothing: 1002", () => closes(1002, frame(CONT, "a")));
    test("a new message inside a fragmented one: 1002", () => closes(1002, frame(TEXT, "a", { fin: false }), frame(TEXT, "b")));
    test("a length that is not minimal: 1002", () => closes(1002, Buffer.from([0x82, 0xfe, 0, 1, 1, 2, 3, 4, 0x61])));
    test("a length with its highest bit set: 1002", () => closes(1002, Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4])));
    test("fragments that together are too big: 1009", () =>
        closes(1009, frame(BIN, Buffer.alloc(16 << 20), { fin: false }), frame(CONT, "x")));
});

describe("UTF-8", () => {
    const bad = ["c080", "eda080", "f4908080", "80", "ff", "e282", "f09f92", "fe", "f8888080", "e08080", "f0808080"].map((h) => h.padEnd(h.length + (h.length % 2), "0"));
    for (const hex of bad) test(`${hex}: 1007`, () => closes(1007, frame(TEXT, Buffer.from(hex, "hex"))));
    test("fails at once, before the message ends", async () => {
        const c = await closes(1007, frame(TEXT, Buffer.from("cebae1bdb9cf83cebcceb5", "hex"), { fin: false }), frame(CONT, Buffer.from("f4908080", "hex"), { fin: false }));
        assert.equal(c.frames().length, 1);
    });
    test("fails at once inside a frame", async () => {
        const c = await open();
        const f = frame(TEXT, Buffer.concat([Buffer.from("κόσμε"), Buffer.from([0xf4, 0x90]), Buffer.alloc(100, 0x61)]));
        await c.send(f.subarray(0, f.length - 90));
        assert.equal(code(await c.frame(0)), 1007);
        c.socket.destroy();
    });
    test("characters cut by fragments and packets", async () => {
        const c = await open();
        const bytes = Buffer.from("日本語𠮷€");
        for (let i = 0; i < bytes.length; i++) {
            await c.send(frame(i ? CONT : TEXT, bytes.subarray(i, i + 1), { fin: i === bytes.length - 1 }));
            await sleep(1);
        }
        assert.equal((await c.frame(0)).bytes.toString(), "日本語𠮷€");
        c.socket.destroy();
    });
});

describe("closing", () => {
    const close = (n, reason = "") => {
        const b = Buffer.alloc(2);
        b.writeUInt16BE(n);
        return frame(CLOSE, Buffer.concat([b, Buffer.from(reason)]));
    };
    for (const n of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]) test(`${n} is echoed`, () => closes(n, close(n)));
    for (const n of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]) test(`${n} is not a code: 1002`, () => closes(1002, close(n)));
    test("without a code", () => closes(1005, frame(CLOSE)));
    test("half a code: 1002", () => closes(1002, frame(CLOSE, "x")));
    test("a reason that is not UTF-8: 1007", () => closes(1007, frame(CLOSE, Buffer.from([3, 232, 0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xff]))));
    test("the longest reason", () => closes(1000, close(1000, "x".repeat(123))));
    test("one byte more: 1002", () => closes(1002, close(1000, "x".repeat(124))));
    test("the server ends the connection, nothing behind the close is answered", async () => {
        const c = await open();
        await c.send(Buffer.concat([frame(TEXT, "a"), close(1000), frame(TEXT, "b"), frame(PING, "")]));
        await c.end();
        assert.deepEqual(c.frames().map((f) => f.opcode), [TEXT, CLOSE]);
        c.socket.destroy();
    });
    test("a socket that just vanishes is forgotten", async () => {
        const c = await open();
        await sleep(50);
        const { sockets } = await probe.stats();
        c.socket.destroy();
        await sleep(100);
        assert.equal((await probe.stats()).sockets, sockets - 1);
    });
});

describe("care", { concurrency: true }, () => {
    test("pings, and cuts who does not answer", async () => {
        const p = await startProbe("--ping-ms=200", "--pong-ms=300");
        const c = await open(p.port);
        assert.equal((await c.frame(0)).opcode, PING);
        await c.send(frame(PONG, ""));
        await c.frame(1);
        assert.equal(c.frames()[1].opcode, PING);
        await c.end(3000);
        c.socket.destroy();
        await p.stop();
    });
    test("the queue is bounded: a client that does not read is closed with 1013", async () => {
        const p = await startProbe("--ws-queue=100000", "--linger-ms=300");
        const c = await open(p.port);
        c.socket.pause();
        const big = frame(BIN, randomBytes(90000));
        for (let i = 0; i < 300; i++) c.socket.write(big);
        await sleep(1000);
        c.socket.resume();
        await c.until(() => c.frames().find((f) => f.opcode === CLOSE), "close", 15000);
        assert.equal(code(c.frames().at(-1)), 1013);
        c.socket.destroy();
        await p.stop();
    });
    test("a peer that asks for pongs and does not read does not fill the memory", async () => {
        const p = await startProbe("--ws-queue=20000", "--stall-ms=800", "--linger-ms=300");
        const c = await open(p.port);
        c.socket.pause();
        const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(PING, "x".repeat(125))));
        for (let i = 0; i < 200; i++) c.socket.write(pings);
        await sleep(2000);
        c.socket.destroy();
        await sleep(200);
        assert.equal((await p.stats()).sockets, 0);
        await p.stop();
    });
    test("1,000 sockets", async () => {
        const p = await startProbe("--linger-ms=300");
        const all = [];
        for (let i = 0; i < 1000; i++) all.push(await open(p.port));
        assert.equal((await p.stats()).sockets, 1000);
        all.forEach((c, i) => c.socket.write(frame(TEXT, `${i}`)));
        await Promise.all(all.map((c) => c.frame(0, 20000)));
        all.forEach((c, i) => assert.equal(c.frames()[0].bytes.toString(), `${i}`));
        all.forEach((c) => c.socket.destroy());
        await sleep(300);
        assert.equal((await p.stats()).sockets, 0);
        await p.stop();
    });
});
