// What machine this is, and how it was: facts that stand beside every result.
import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { place, postgresTool, top } from './place.mjs';
import { execute } from './process.mjs';
import { cpuKinds } from './proc.mjs';

const said = async (...argv) => {
    try {
        const { stdout, stderr } = await execute(argv[0], argv.slice(1));
        return (stdout + stderr).trim();
    } catch { return null; }
};
const read = (path) => { try { return readFileSync(path, 'utf8').trim(); } catch { return null; } };

async function commit() {
    const id = await said('git', '-C', top, 'rev-parse', '--short=10', 'HEAD');
    if (!id) return null;
    return id + ((await said('git', '-C', top, 'status', '--porcelain', '--untracked-files=no')) ? ' (changed since)' : '');
}

/** Write + fdatasync of 8 KiB, over and over in a file that is there already, as PostgreSQL does to its log. */
export function fsyncRate(directory, seconds = 1) {
    const path = join(directory, `fsync-${process.pid}`);
    const size = 4 << 20, block = Buffer.alloc(8192, 1);
    const file = openSync(path, 'w');
    try {
        for (let at = 0; at < size; at += block.length) writeSync(file, block, 0, block.length, at);
        fsyncSync(file);
        const times = [];
        const begin = performance.now();
        for (let at = 0; performance.now() - begin < seconds * 1000; at = (at + block.length) % size) {
            const before = performance.now();
            writeSync(file, block, 0, block.length, at);
            fdatasyncSync(file);
            times.push(performance.now() - before);
        }
        times.sort((a, b) => a - b);
        return {
            per_second: Math.round((1000 * times.length) / (performance.now() - begin)),
            p50_ms: round(times[times.length >> 1]), p99_ms: round(times[Math.floor(times.length * 0.99)]),
        };
    } finally {
        closeSync(file);
        rmSync(path, { force: true });
    }
}
const round = (value) => Number(value.toPrecision(3));

/** What doesn't change in a run. */
export async function machineFacts(dataDirectory = place) {
    const model = /model name\s*:\s*(.*)/.exec(read('/proc/cpuinfo') ?? '')?.[1] ?? os.cpus()[0]?.model ?? os.machine();
    return {
        kernel: os.release(), cpu: model, cores: os.availableParallelism(), memory_bytes: os.totalmem(),
        governor: read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
        fsync: fsyncRate(dataDirectory),
        versions: {
            todoke: await commit(),
            postgresql: (await said(postgresTool('postgres'), '--version'))?.replace(/^postgres \(PostgreSQL\) /, '') ?? null,
            openssl: (await said('openssl', 'version'))?.replace(/^OpenSSL (\S+).*/s, '$1') ?? null,
            node: process.versions.node,
            nginx: (await said('/usr/sbin/nginx', '-v'))?.replace(/^.*nginx\//, '') ?? null,
        },
    };
}

export const loadNow = () => os.loadavg().map((value) => Number(value.toFixed(2)));

/** The machine during a scenario: begin() ... end() -> load before and after, shares of the CPU's time. */
export function watchMachine() {
    const before = { load: loadNow(), at: cpuKinds(), time: Date.now() };
    return () => {
        const now = cpuKinds();
        const used = Object.fromEntries(Object.keys(now).map((kind) => [kind, now[kind] - before.at[kind]]));
        const all = Object.values(used).reduce((a, b) => a + b, 0) || 1;
        const share = (kind) => Number((used[kind] / all).toFixed(4));
        return {
            load_before: before.load, load_after: loadNow(), steal_share: share('steal'), iowait_share: share('iowait'),
            idle_share: share('idle'), seconds: Math.round((Date.now() - before.time) / 1000),
        };
    };
}
