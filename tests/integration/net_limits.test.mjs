// Deadlines, connection limits, drain: with short limits, so that nobody waits.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect, exchange, sleep, startProbe, status, statuses, usePorts } from "../probe/probe.mjs";

usePorts(20200);
const GET = (path = "/", extra = "") => `GET ${path} HTTP/1.1\r\nHost: probe\r\n${extra}\r\n`;
const with_ = (flags, run) => async () => {
    const probe = await startProbe(...flags, "--linger-ms=300");
    try {
        await run(probe);
    } finally {
        await probe.stop();
    }
};

describe("deadlines", { concurrency: true }, () => {
    test("slow header: 408", with_(["--header-ms=400"], async ({ port }) => {
        const c = connect(port);
        const timer = setInterval(() => c.socket.write("X: y\r\n"), 50);
        await c.send("GET / HTTP/1.1\r\nHost: a\r\n");
        await c.end(3000).finally(() => clearInterval(timer));
        assert.equal(status(c.text()), 408);
        assert.match(c.text(), /Connection: close/);
    }));
    test("silence from the start: closed", with_(["--header-ms=300"], async ({ port }) => {
        const c = connect(port);
        await c.end(3000);
        assert.equal(c.text(), "");
    }));
    test("slow body: 408", with_(["--body-grace-ms=300", "--body-rate=1000"], async ({ port }) => {
        const c = connect(port);
        await c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
        const timer = setInterval(() => c.socket.write("x".repeat(5)), 50);
        await c.end(5000).finally(() => clearInterval(timer));
        assert.equal(status(c.text()), 408);
    }));
    test("a body that is fast enough is let through", with_(["--body-grace-ms=300", "--body-rate=500"], async ({ port }) => {
        const c = connect(port);
        await c.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4000\r\n\r\n");
        for (let i = 0; i < 40; i++) {
            await c.send("x".repeat(100));
            await sleep(50);
        }
        await c.end();
        assert.equal(status(c.text()), 200);
    }));
    test("idle: closed without a word", with_(["--idle-ms=300"], async ({ port }) => {
        const text = await exchange(port, GET(), { ms: 3000 });
        assert.deepEqual(statuses(text), [200]);
    }));
    test("waiting for the engine is not idle", with_(["--idle-ms=200", "--header-ms=200"], async ({ port }) => {
        const c = connect(port);
        await c.send(GET("/slow?1000"));
        await c.answers(1);
        c.socket.destroy();
    }));
    test("a peer that does not read is cut", with_(["--stall-ms=500"], async (probe) => {
        const c = connect(probe.port);
        c.socket.pause();
        await c.send(GET("/big?60000000"));
        await sleep(1600);
        const { connections, timeouts } = await probe.stats();
        assert.equal(connections, 1, "only the one that asks");
        assert.ok(timeouts >= 1);
        c.socket.destroy();
    }));
    test("a peer that reads slowly is not cut", with_(["--stall-ms=1500"], async (probe) => {
        const c = connect(probe.port);
        c.socket.on("data", () => {
            c.socket.pause();
            setTimeout(() => c.socket.resume(), 4);
        });
        await c.send(GET("/big?60000000", "Connection: close\r\n"));
        await c.end(60000);
        assert.ok(c.length > 60000000, `got ${c.length}`);
    }));
});

describe("bounds", { concurrency: true }, () => {
    test("unsent answers are bounded: reading pauses, all is answered in the end", with_(["--queue-bytes=100000"], async (probe) => {
        const c = connect(probe.port);
        c.socket.pause();
        await c.send(GET("/big?50000").repeat(500));
        await sleep(200);
        const { requests } = await probe.stats();
        assert.ok(requests < 400, `${requests} requests were read although nothing was taken`);
        c.socket.resume();
        await c.until((s) => s.length > 500 * 50000, "500 answers", 20000);
        await sleep(50);
        assert.equal(statuses(c.text()).length, 500);
        c.socket.destroy();
    }));
    test("over the connection limit the longest idle one goes", with_(["--connections=3"], async ({ port }) => {
        const idle = [];
        for (let i = 0; i < 3; i++) {
            idle.push(connect(port));
            await idle[i].send(GET());
            await idle[i].answers(1);
        }
        const text = await exchange(port, GET("/", "Connection: close\r\n"));
        assert.equal(status(text), 200);
        await idle[0].end();
        assert.ok(!idle[1].ended && !idle[2].ended);
        idle.forEach((c) => c.socket.destroy());
    }));
    test("over the connection limit, all busy: the next one waits", with_(["--connections=2"], async ({ port }) => {
        const busy = [connect(port), connect(port)];
        for (const c of busy) await c.send(GET("/slow?600", "Connection: close\r\n"));
        await sleep(100);
        const begun = Date.now();
        const text = await exchange(port, GET("/", "Connection: close\r\n"));
        assert.equal(status(text), 200);
        assert.ok(Date.now() - begun > 300);
    }));
});

describe("trouble", { concurrency: true }, () => {
    test("out of descriptors: no spin, and it goes on when there are some again", with_(["files=40"], async ({ port, child }) => {
        const many = Array.from({ length: 60 }, () => connect(port));
        await sleep(400);
        const refused = many.filter((c) => c.ended).length;
        assert.ok(refused > 0, "those that can't be served hear of it");
        const cpu = async () => {
            const { readFile } = await import("node:fs/promises");
            const fields = (await readFile(`/proc/${child.pid}/stat`, "utf8")).split(" ");
            return Number(fields[13]) + Number(fields[14]);
        };
        const before = await cpu();
        await sleep(500);
        assert.ok((await cpu()) - before < 10, "ticks of CPU in half a second");
        many.forEach((c) => c.socket.destroy());
        await sleep(300);
        assert.equal(status(await exchange(port, GET("/", "Connection: close\r\n"))), 200);
    }));
    for (const point of ["net.accept:1", "net.read:1", "net.write:1", "net.read:2", "net.write:2"])
        test(`${point} fails: the next connection is served`, with_([`faults=${point}`], async ({ port }) => {
            for (let i = 0; i < 2; i++) await exchange(port, GET("/", "Connection: close\r\n"));
            assert.equal(status(await exchange(port, GET("/", "Connection: close\r\n"))), 200);
        }));
});

describe("drain", { concurrency: true }, () => {
    test("requests under way are answered, idle connections may send a last one", async () => {
        const probe = await startProbe("--drain-ms=600", "--linger-ms=300");
        const busy = connect(probe.port);
        const idle = connect(probe.port);
        const silent = connect(probe.port);
        await idle.send(GET());
        await silent.send(GET());
        await Promise.all([idle.answers(1), silent.answers(1)]);
        await busy.send(GET("/slow?500") + GET("/slow?300"));
        await sleep(50);
        const stopped = probe.stop();
        await sleep(100);
        await idle.send(GET("/echo"));
        await idle.end();
        assert.deepEqual(statuses(idle.text()), [200, 200]);
        assert.match(idle.text(), /Connection: close/);
        await busy.end();
        assert.deepEqual(statuses(busy.text()), [200, 200]);
        assert.equal(busy.text().match(/Connection: close/g).length, 1);
        await silent.end();
        for (const c of [busy, idle, silent]) c.socket.end();
        await stopped;
    });
    test("WebSockets are told 1012 by their owner", async () => {
        const probe = await startProbe("--linger-ms=300", "--ws-close-ms=300");
        const c = connect(probe.port);
        await c.send("GET /ws-echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await c.until((s) => s.text().includes("\r\n\r\n"));
        const stopped = probe.stop();
        await c.end();
        assert.deepEqual([...c.data.subarray(c.data.indexOf("\r\n\r\n") + 4)].slice(0, 4), [0x88, 9, 1012 >> 8, 1012 & 255]);
        c.socket.end();
        await stopped;
    });
});
