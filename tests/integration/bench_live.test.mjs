// The bench suite's live sockets: the counter counts what a server sends, socket by socket, and says what was wrong; the
// arithmetic over it. No figure of time is asserted.
import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { binary, top } from '../support/city.mjs';

const live = (path) => import(join(top, 'bench/suite/live', path));
const { Screens } = await live('screens.mjs');
const { perSocket } = await live('memory.mjs');
const { tickChecks, ticks } = await live('ticks.mjs');

const kit = { cores: { generator: 0 }, binary: (name) => join(dirname(binary), name), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

/** A WebSocket server that says what it is told to. */
async function speaker() {
    const sockets = new Set();
    const server = createServer().on('upgrade', (request, socket) => {
        const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
        socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
        sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const frame = (text) => Buffer.concat([Buffer.from([0x82, text.length]), Buffer.from(text)]);
    return {
        port: server.address().port, tls: false, sockets,
        say: (text, to = [...sockets]) => to.forEach((socket) => socket.write(frame(text))),
        stop: () => { for (const socket of sockets) socket.destroy(); server.close(); },
    };
}

test('bench: sockets are raised, counted one by one and dropped', async (t) => {
    const server = await speaker();
    t.after(() => server.stop());
    const screens = new Screens(kit, server, { sockets: 8, path: '/any' });
    t.after(() => screens.stop());
    assert.equal((await screens.raise(5)).up, 5);
    await screens.mark();
    server.say('hello');
    server.say('hello');
    const all = await screens.await(10);
    assert.deepEqual([all.events, all.messages, all.bytes, all.least, all.most, all.odd, all.lost], [10, 10, 50, 2, 2, 0, 0]);
    server.say('hello', [...server.sockets].slice(0, 1));
    const uneven = await screens.await(11);
    assert.deepEqual([uneven.least, uneven.most], [2, 3], 'one socket has had more than the others');
    server.say('other', [...server.sockets].slice(0, 1));
    assert.equal((await screens.await(12)).odd, 1, 'a message that differs from the others is odd');
    const fewer = await screens.drop(2);
    assert.deepEqual([fewer.up, fewer.lost], [2, 0]);
    assert.equal((await screens.raise(8)).up, 8, 'those that were dropped come up again');
    [...server.sockets][0].destroy();
    while ((await screens.count()).lost === 0) await kit.sleep(5);
    assert.equal(await screens.stop(), 1, 'sockets were lost: that is no good run');
});

test('bench: a window is whole only when every socket has had every event', async () => {
    const subject = (events, least, most) => {
        let cpu = 0;
        return {
            cpu: () => (cpu += 0.5), publisher: { tick: async () => {} },
            screens: {
                mark: async () => ({ up: 2, cpu: 0, seconds: 0 }),
                await: async () => ({ events, messages: events, bytes: 10, least, most, lost: 0, odd: 0, cpu: 0.1, seconds: 1 }),
            },
        };
    };
    const good = await ticks(kit, subject(20, 10, 10), { rate: 1000, seconds: 0.01 });
    assert.deepEqual([good.whole, good.value, good.serverShare], [true, 25000, 0.5]);
    const doubled = await ticks(kit, subject(20, 9, 11), { rate: 1000, seconds: 0.01 });
    assert.equal(doubled.whole, false, 'one too many and one too few is not whole');
    const checks = tickChecks({ a: [good], b: [doubled] });
    assert.deepEqual(checks.map((check) => check.ok), [false, true]);
    assert.equal(tickChecks({ a: [{ ...good, generatorShare: 0.95 }] })[1].ok, false, 'a full generator is the limit');
});

test('bench: an idle socket costs its server its processes, its page tables and half of the kernel\'s part', () => {
    const before = { process: 1000, tables: 100, slab: 5000, queues: 0 };
    const after = { process: 21000, tables: 300, slab: 9000, queues: 400 };
    assert.deepEqual(perSocket(before, after, 10), { process: 2000, kernel: 240, all: 2240 });
});
