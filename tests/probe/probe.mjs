// Starts todoke-probe for a test file, and talks to it through raw sockets.
import { spawn } from "node:child_process";
import net from "node:net";
import { fileURLToPath } from "node:url";

const binary = process.env.TODOKE_PROBE ?? fileURLToPath(new URL("../../build/asan/todoke-probe", import.meta.url));

// `base` keeps the ports of different test files apart: they run side by side.
let nextPort = 20000;
export function usePorts(base) {
    nextPort = base;
}

export async function startProbe(...flags) {
    const port = nextPort++;
    const env = { ...process.env };
    let files = 0; // the most descriptors that it may have open; 0: as many as we
    flags = flags.filter((flag) => {
        if (flag.startsWith("faults=")) env.TODOKE_FAULTS = flag.slice(7);
        else if (flag.startsWith("files=")) files = Number(flag.slice(6));
        else return true;
    });
    const args = [String(port), ...flags];
    const child = files
        ? spawn("sh", ["-c", `ulimit -n ${files} && exec "$0" "$@"`, binary, ...args], { env, stdio: ["ignore", "pipe", "pipe"] })
        : spawn(binary, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (d) => (errors += d));
    const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal, errors })));
    await new Promise((resolve, reject) => {
        child.stdout.once("data", resolve);
        child.once("error", reject);
        ended.then((e) => reject(new Error(`probe ended: ${JSON.stringify(e)}`)));
    });
    const stats = async () => (await fetch(`http://127.0.0.1:${port}/stats`, { headers: { connection: "close" } })).json();
    // Drains it; the exit code is not 0 when a sanitizer has complained.
    const stop = async () => {
        child.kill("SIGTERM");
        const end = await ended;
        if (end.code !== 0) throw new Error(`probe: ${JSON.stringify(end)}`);
        return end;
    };
    return { port, child, ended, stats, stop };
}

// A socket that remembers what it has received.
export function connect(port, { allowHalfOpen = true } = {}) {
    const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen });
    let parts = [];
    const state = {
        socket, length: 0, ended: false, closed: false,
        get data() {
            if (parts.length !== 1) parts = [Buffer.concat(parts)];
            return parts[0];
        },
    };
    const waiters = new Set();
    const poke = () => waiters.forEach((w) => w());
    socket.on("data", (d) => (parts.push(d), (state.length += d.length), poke()));
    socket.on("end", () => ((state.ended = true), poke()));
    socket.on("error", (e) => ((state.error = e.code), poke()));
    socket.on("close", () => ((state.closed = true), (state.ended = true), poke()));
    socket.setNoDelay(true);
    state.text = () => state.data.toString("latin1");
    state.send = (bytes) => new Promise((resolve) => socket.write(bytes, typeof bytes === "string" ? "latin1" : undefined, resolve));
    state.until = (condition, what = String(condition), ms = 8000) =>
        new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                waiters.delete(check);
                reject(new Error(`waited in vain for ${what}; got ${JSON.stringify(state.text().slice(0, 400))}`));
            }, ms);
            const check = () => {
                const value = condition(state);
                if (!value) return;
                clearTimeout(timer);
                waiters.delete(check);
                resolve(value);
            };
            waiters.add(check);
            check();
        });
    state.end = (ms) => state.until((s) => s.ended, "the end", ms);
    state.answers = (n) => state.until((s) => (s.text().match(/HTTP\/1\.1 (?!100)\d\d\d /g) ?? []).length >= n, `${n} answers`);
    return state;
}

// Sends bytes, waits for the end of the connection (or the peer's), gives the whole text.
export async function exchange(port, bytes, { wait = "end", ms } = {}) {
    const c = connect(port);
    await c.send(bytes);
    if (wait === "end") await c.end(ms);
    else await c.answers(wait);
    c.socket.destroy();
    return c.text();
}

export const status = (text) => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
export const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((m) => Number(m[1]));
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
