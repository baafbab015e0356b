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
    test("a peer that reads slowly is not cut", with_(["--stall-ms=500"], async (probe) => {
        const c = connect(probe.port);
        let got = 0;
        c.socket.removeAllListeners("data");
        c.socket.pause();
        c.socket.on("readable", () => {});
        await c.send(GET("/big?30000000", "Connection: close\r\n"));
        while (!c.ended) {
            await sleep(20);
            for (let n = 0, d; n < 8 && (d = c.socket.read(65536) ?? c.socket.read()); n++) got += d.length;
        }
        assert.ok(got > 30000000, `got ${got}`);
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
});
