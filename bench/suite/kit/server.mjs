// Servers under measurement: todoke, and any peer.
import https from 'node:https';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binary, place, secretFile } from './place.mjs';
import { execute, freePort, portAnswers, Running } from './process.mjs';
import { children, cpu, memory } from './proc.mjs';

let logs = 0;
const logFile = (name) => join(place, `${name}-${++logs}.log`);

/** One ECDSA P-256 certificate for all sides. */
export async function certificate() {
    const dir = join(place, 'tls');
    const made = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
    if (existsSync(made.cert) && existsSync(made.key)) return made;
    mkdirSync(dir, { recursive: true });
    rmSync(made.cert, { force: true });
    await execute('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365',
        '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', made.key, '-out', made.cert]);
    return made;
}

function answers(url) {
    return new Promise((resolve) => {
        const get = url.startsWith('https:') ? https.get : null;
        const options = { rejectUnauthorized: false, servername: 'localhost', agent: false };
        const done = (answer) => { answer.resume(); resolve(answer.statusCode === 200); };
        const ask = get ? Promise.resolve(get) : import('node:http').then((http) => http.default.get);
        ask.then((ask) => {
            const request = ask(url, options, done);
            request.on('error', () => resolve(false));
            request.setTimeout(2000, () => request.destroy());
        });
    });
}

/** todoke serve over a city. workers, tls, core (null = unpinned), args: more options of the program; port: where an earlier one was. */
export async function startTodoke(city, { workers = 1, tls = true, core = null, args = [], build = 'release', env = {}, port: given } = {}) {
    const port = given ?? await freePort();
    const { cert, key } = await certificate();
    const server = new Running({
        name: 'todoke', core, env, log: logFile('todoke'),
        argv: [binary('todoke', build), 'serve', '--db', city.db.app, '--listen', `127.0.0.1:${port}`, '--workers', String(workers), '--secret-file', secretFile(),
            '--drain-seconds', '2', '--log', 'warn', ...(tls ? ['--tls-cert', cert, '--tls-key', key] : []), ...args],
    });
    const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
    try {
        await server.until(() => answers(`${origin}/readyz`), 'ready');
    } catch (error) {
        await server.stop();
        throw error;
    }
    const pids = () => children(server.pid);
    return {
        name: 'todoke', supervisor: server.pid, pid: server.pid, port, host: '127.0.0.1', tls, origin, running: server, pids,
        cpu: () => cpu(pids()), memory: () => memory(pids()),
        signal: (name) => server.signal(name), stop: (options) => server.stop(options),
    };
}

/** Any process. ready: a pattern in what it says, or a port that must answer. */
export async function startPeer({ name, argv, env, core = null, cwd, ready, port, seconds = 30 }) {
    const running = new Running({ name, argv, env, core, cwd, log: logFile(name) });
    try {
        if (ready instanceof RegExp) await running.until(() => ready.test(running.out), `${ready}`, seconds);
        else if (ready ?? port) await running.until(() => portAnswers(ready ?? port), `port ${ready ?? port}`, seconds);
    } catch (error) {
        await running.stop();
        throw error;
    }
    const pids = () => running.pids();
    return {
        name, pid: running.pid, port: port ?? (typeof ready === 'number' ? ready : undefined), running, pids,
        get out() { return running.out; },
        cpu: () => cpu([running.pid]), memory: () => memory([running.pid]),
        signal: (signal) => running.signal(signal), stop: (options) => running.stop(options), end: running.end,
    };
}
