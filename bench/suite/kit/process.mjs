// Processes of ours: started with a death signal (they don't outlive the suite), pinned, logged, ended by their pid.
import { spawn, execFile } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { tree } from './proc.mjs';

export const execute = promisify(execFile);
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The environment without what belongs to us: a server must not take it for its options. */
export function plainEnvironment(more = {}) {
    const env = { ...process.env, ...more };
    for (const name of Object.keys(env)) if (name.startsWith('TODOKE_') && !(name in more)) delete env[name];
    return env;
}

/** A TCP port on 127.0.0.1 that nobody listens on, below those that the kernel gives to clients. */
export async function freePort(from = 24000, to = 24999) {
    for (let tries = 0; tries < 200; tries++) {
        const port = from + Math.floor(Math.random() * (to - from + 1));
        const free = await new Promise((resolve) => {
            const probe = createServer();
            probe.once('error', () => resolve(false));
            probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
        });
        if (free) return port;
    }
    throw new Error('no free port');
}

export async function portAnswers(port) {
    const { connect } = await import('node:net');
    return new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
        socket.once('error', () => resolve(false));
    });
}

const running = new Set();

/** A process. core: pinned to it, null: anywhere. log: a file for all that it says. */
export class Running {
    constructor({ name, argv, env = {}, core = null, cwd, log }) {
        const words = ['setpriv', '--pdeathsig', 'TERM', ...(core === null ? [] : ['taskset', '-c', String(core)]), ...argv];
        this.name = name;
        this.log = log;
        this.out = '';
        // detached: a Ctrl-C at the terminal is ours to handle, not the server's.
        this.child = spawn(words[0], words.slice(1), { env: plainEnvironment(env), cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
        this.pid = this.child.pid;
        this.ended = null;
        const file = log ? createWriteStream(log) : null;
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream.setEncoding('utf8');
            stream.on('data', (text) => {
                if (this.out.length < 1 << 20) this.out += text;
                file?.write(text);
            });
        }
        running.add(this);
        this.end = new Promise((resolve) => {
            this.child.on('error', (error) => { this.out += error.message; resolve((this.ended = { code: 127, signal: null })); });
            this.child.on('close', (code, signal) => resolve((this.ended = { code, signal })));
        }).then((ended) => { running.delete(this); file?.end(); return ended; });
    }

    /** Itself and all below it. */
    pids() { return this.ended ? [] : tree(this.pid); }

    tail(lines = 12) { return this.out.trimEnd().split('\n').slice(-lines).join('\n'); }

    /** Waits until `test()` holds; throws when the process ends before or the time is over. */
    async until(test, what, seconds = 30) {
        for (const limit = Date.now() + seconds * 1000; Date.now() < limit; await sleep(25)) {
            if (this.ended) throw new Error(`${this.name} ended with ${this.ended.code ?? this.ended.signal}:\n${this.tail()}`);
            if (await test()) return;
        }
        throw new Error(`${this.name}: ${what} not within ${seconds} s:\n${this.tail()}`);
    }

    async stop({ signal = 'SIGTERM', seconds = 8 } = {}) {
        if (this.ended) return this.ended;
        const all = this.pids();
        this.signal(signal);
        const done = await Promise.race([this.end, sleep(seconds * 1000)]);
        if (!done) for (const pid of all) kill(pid, 'SIGKILL');
        return this.end;
    }

    signal(name) { kill(this.pid, name); }
}

function kill(pid, signal) {
    try { process.kill(pid, signal); } catch (error) { if (error.code !== 'ESRCH') throw error; }
}

/** Ends whatever we started and still runs. */
export async function stopAll() {
    await Promise.all([...running].map((one) => one.stop({ seconds: 4 })));
}

/** Moves running processes (all their threads) to a core; null: to all of them. */
export async function pin(pids, core) {
    const cpus = core === null ? onlineCores() : String(core);
    for (const pid of pids) await execute('taskset', ['-a', '-c', '-p', cpus, String(pid)]).catch(() => {});
}
function onlineCores() {
    return readFileSync('/sys/devices/system/cpu/online', 'utf8').trim();
}
