// TLS of src/net against todoke-probe.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { WebSocket } from "ws";
import { sleep, startProbe, usePorts } from "../probe/probe.mjs";

usePorts(20400);
const dir = mkdtempSync(join(tmpdir(), "todoke-tls-"));
const cert = join(dir, "cert.pem");
const key = join(dir, "key.pem");
const makeCert = (name) =>
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-keyout", key, "-out", cert, "-subj", `/CN=${name}`], { stdio: "ignore" });
let probe;
before(async () => {
    makeCert("first");
    probe = await startProbe(`--cert=${cert}`, `--key=${key}`, "--handshake-ms=500", "--linger-ms=300");
});
after(async () => {
    await probe.stop();
    rmSync(dir, { recursive: true });
});

// Connects, gives the socket once TLS is up.
const open = (options = {}) =>
    new Promise((resolve, reject) => {
        const { onSession, ...rest } = options;
        const socket = tls.connect({ port: probe.port, host: "127.0.0.1", rejectUnauthorized: false, ...rest });
        if (onSession) socket.on("session", onSession);
        socket.once("secureConnect", () => resolve(socket));
        socket.once("error", reject);
    });
const request = (path, { body, ...options } = {}) =>
    new Promise((resolve, reject) => {
        const rq = https.request({ port: probe.port, host: "127.0.0.1", path, rejectUnauthorized: false, ...options }, (answer) => {
            const parts = [];
            answer.on("data", (d) => parts.push(d));
            answer.on("end", () => resolve({ status: answer.statusCode, body: Buffer.concat(parts) }));
        });
        rq.on("error", reject);
        rq.end(body);
    });

describe("tls", { timeout: 60000 }, () => {
    test("1.3 and 1.2, not 1.1; ALPN http/1.1", async () => {
        for (const version of ["TLSv1.3", "TLSv1.2"]) {
            const socket = await open({ minVersion: version, maxVersion: version, ALPNProtocols: ["h2", "http/1.1"] });
            assert.equal(socket.getProtocol(), version);
            assert.equal(socket.alpnProtocol, "http/1.1");
            assert.match(socket.getEphemeralKeyInfo().name ?? "", /X25519|prime256v1/);
            socket.destroy();
        }
        await assert.rejects(open({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" }));
        await assert.rejects(open({ ALPNProtocols: ["h2"] }));
    });
    for (const version of ["TLSv1.3", "TLSv1.2"])
        test(`a session is resumed (${version})`, async () => {
            const options = { minVersion: version, maxVersion: version };
            let session; // 1.2 gives it within the handshake, 1.3 after it
            const first = await open({ ...options, onSession: (given) => (session = given) });
            first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await new Promise((resolve) => first.once("data", resolve));
            assert.ok(session);
            first.destroy();
            const second = await open({ ...options, session });
            assert.ok(second.isSessionReused());
            second.destroy();
        });
    test("large bodies both ways", async () => {
        const body = Buffer.alloc(20 << 20, "0123456789abcdef!");
        const answer = await request("/", { method: "POST", body });
        assert.ok(answer.body.equals(body));
        const big = await request("/big?30000000");
        const wanted = Buffer.from(Array.from({ length: 26 }, (_, i) => 97 + i));
        const hash = createHash("md5").update(big.body).digest("hex");
        assert.equal(hash, createHash("md5").update(Buffer.alloc(30000000, wanted)).digest("hex"));
    });
    test("100 pipelined requests in one write", async () => {
        const socket = await open();
        let text = "";
        socket.on("data", (d) => (text += d));
        socket.write("GET /slow?3 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(99) + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await new Promise((resolve) => socket.on("end", resolve));
        assert.equal(text.match(/HTTP\/1\.1 200/g).length, 100);
        socket.destroy();
    });
    test("more than a read buffer of pipelined requests", async () => {
        const socket = await open();
        let text = "";
        socket.on("data", (d) => (text += d));
        socket.write(`GET /slow?1 HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(4000)}\r\n\r\n`.repeat(100) + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await new Promise((resolve) => socket.on("end", resolve));
        assert.equal(text.match(/HTTP\/1\.1 200/g).length, 101);
        socket.destroy();
    });
    test("wss", async () => {
        const ws = new WebSocket(`wss://127.0.0.1:${probe.port}/ws-echo`, { rejectUnauthorized: false });
        await new Promise((resolve) => ws.on("open", resolve));
        for (const n of [1, 1000, 100000, 5 << 20]) {
            const back = new Promise((resolve) => ws.once("message", resolve));
            ws.send(Buffer.alloc(n, 7));
            assert.equal((await back).length, n);
        }
        const closed = new Promise((resolve) => ws.on("close", resolve));
        ws.close(1000);
        assert.equal(await closed, 1000);
    });
    test("no handshake within the deadline: cut", async () => {
        const socket = net.connect(probe.port, "127.0.0.1");
        const begun = Date.now();
        await new Promise((resolve) => (socket.on("close", resolve), socket.on("error", () => {})));
        assert.ok(Date.now() - begun < 2000);
    });
    test("plain HTTP to the TLS port gets no answer", async () => {
        const socket = net.connect(probe.port, "127.0.0.1");
        let text = "";
        socket.on("data", (d) => (text += d.toString("latin1")));
        socket.on("error", () => {});
        socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await new Promise((resolve) => socket.on("close", resolve));
        assert.doesNotMatch(text, /HTTP\/1/);
    });
    test("reload: new connections get the new certificate, old ones live on", async () => {
        const old = await open();
        assert.equal(old.getPeerCertificate().subject.CN, "first");
        makeCert("second");
        probe.child.kill("SIGHUP");
        await sleep(300);
        const socket = await open();
        assert.equal(socket.getPeerCertificate().subject.CN, "second");
        socket.destroy();
        old.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert.match(String(await new Promise((resolve) => old.once("data", resolve))), /200 OK/);
        old.destroy();
    });
    test("a crowd that comes at once: those who would wait too long are reset, the others served, and all is well after it", async () => {
        const other = await startProbe(`--cert=${cert}`, `--key=${key}`, "--hellos=4", "--linger-ms=300");
        other.child.kill("SIGSTOP"); // all of them knock before it looks
        const crowd = Array.from({ length: 40 }, () => open({ port: other.port }));
        await sleep(300);
        other.child.kill("SIGCONT");
        const ends = await Promise.allSettled(crowd);
        const reset = ends.filter((end) => end.reason?.code === "ECONNRESET").length;
        const served = ends.filter((end) => end.value).length;
        assert.ok(reset >= 20 && served >= 4 && reset + served === 40, `${reset} reset, ${served} served`);
        ends.forEach((end) => end.value?.destroy());
        (await open({ port: other.port })).destroy();
        await other.stop();
    });
    test("a failed handshake does not stop the next", async () => {
        const other = await startProbe(`--cert=${cert}`, `--key=${key}`, "faults=net.handshake:1", "--linger-ms=300");
        await assert.rejects(open({ port: other.port }));
        const socket = await open({ port: other.port });
        socket.destroy();
        await other.stop();
    });
});
