// When something runs out: descriptors, patience. The server refuses cleanly, does not spin, and recovers alone.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { startCity, client, sleep } from '../support/city.mjs';
import { cast } from '../support/people.mjs';

const long = Boolean(process.env.TODOKE_LONG);
const cpu = (pid) => { const field = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return Number(field[11]) + Number(field[12]); };
const dial = (port) => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(socket));
    socket.on('error', () => resolve(socket));
});

test('out of descriptors: no crash, no spin, and well again when they return', async () => {
    const city = await startCity({ plain: true, keep: true });
    try {
        const [worker] = city.workers();
        const open = Number(execFileSync('sh', ['-c', `ls /proc/${worker}/fd | wc -l`]));
        execFileSync('prlimit', [`--pid=${worker}`, `--nofile=${open + 20}:${open + 20}`]);
        const sockets = await Promise.all(Array.from({ length: 80 }, () => dial(city.port)));
        await sleep(500);
        const before = cpu(worker);
        await sleep(2000);
        const ticks = cpu(worker) - before;
        assert.ok(ticks < 100, `${ticks} ticks of CPU in 2 s: it spins`);
        for (const socket of sockets) socket.destroy();
        await sleep(500);
        assert.equal((await client(city.origin).request('GET', '/livez')).status, 200);
        await city.ready(10_000);
        assert.deepEqual(city.workers(), [worker], 'the same worker');
    } finally {
        await city.stop();
    }
});

test('slow clients hold up nobody, and are cut', async () => {
    const city = await startCity({ plain: true, keep: true });
    try {
        const people = await cast(city);
        const many = long ? 2000 : 400;
        const slow = await Promise.all(Array.from({ length: many }, () => dial(city.port)));
        let cut = 0;
        for (const socket of slow) { socket.on('close', () => cut++); socket.on('error', () => {}); socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX: '); }
        const drip = setInterval(() => { for (const socket of slow) if (!socket.destroyed) socket.write('a'); }, 1000);
        const times = [];
        for (let i = 0; i < 100; i++) {
            const started = performance.now();
            assert.equal((await people.guardian.request('GET', '/api/session')).status, 200);
            times.push(performance.now() - started);
        }
        times.sort((a, b) => a - b);
        assert.ok(times[98] < 500, `p99 ${times[98].toFixed(1)} ms`);
        const started = Date.now();
        while (cut < many && Date.now() - started < 30_000) await sleep(250);
        clearInterval(drip);
        assert.equal(cut, many, `${many - cut} are still there after 30 s`);
    } finally {
        await city.stop();
    }
});
