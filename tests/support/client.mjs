// A person's client: cookies, JSON or msgpack, idempotency keys, the live socket. Used by tests and scripts/run --check.
import https from 'node:https';
import http from 'node:http';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { encode, decode } from '@msgpack/msgpack';
import WebSocket from 'ws';

// Looked at late: city.mjs makes the certificate. Without one, the system's (and NODE_EXTRA_CA_CERTS) are trusted.
let trusted, kept;
const ca = () => (trusted ??= process.env.TODOKE_CERT ? readFileSync(process.env.TODOKE_CERT) : undefined);
const agent = () => (kept ??= new https.Agent({ keepAlive: true, maxSockets: 64, ca: ca() }));
const MSGPACK = 'application/msgpack';

/** A refusal: the problem document and its status. */
export class Refused extends Error {
    constructor(answer, what) {
        super(`${what}: ${answer.status} ${answer.body?.type ?? ''} ${answer.body?.title ?? ''}`);
        this.status = answer.status;
        this.problem = answer.body;
    }
}

function parsed(type, raw) {
    if (!raw.length) return undefined;
    if (/^application\/(problem\+)?json/.test(type)) return JSON.parse(raw.toString());
    if (/^application\/(problem\+|x-)?msgpack/.test(type)) return decode(raw);
    return raw.toString();
}

/** One exchange, nothing added: resolves to { status, headers, raw, body } whatever the status. */
export function exchange(url, { method = 'GET', headers = {}, body, through } = {}) {
    return new Promise((resolve, reject) => {
        const { request } = url.startsWith('https:') ? https : http;
        const out = request(url, { method, headers, agent: url.startsWith('https:') ? (through ?? agent()) : undefined }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('error', reject);
            answer.on('end', () => {
                const raw = Buffer.concat(parts);
                const packed = answer.headers['content-encoding'];
                let value;
                try {
                    if (!packed) value = parsed(answer.headers['content-type'] ?? '', raw);
                } catch (error) {
                    return reject(new Error(`${method} ${url}: unreadable body: ${error.message}`));
                }
                resolve({ status: answer.statusCode, headers: answer.headers, raw, body: value });
            });
        });
        out.on('error', reject);
        out.setTimeout(60_000, () => out.destroy(new Error(`${method} ${url}: no answer in 60 s`)));
        out.end(body);
    });
}

/** Closes what is kept open to a server for the next request: one that drains would wait for it. */
export function hangUp(origin) {
    const { hostname, port } = new URL(origin);
    for (const { freeSockets } of [agent(), http.globalAgent]) {
        for (const [name, sockets] of Object.entries(freeSockets)) {
            if (name.startsWith(`${hostname}:${port}:`)) for (const socket of [...sockets]) socket.destroy();
        }
    }
}

class Client {
    constructor(origin) {
        this.origin = origin;
        this.cookie = '';
        this.msgpack = false;
    }

    /** Like a page of the app itself would ask. body: a value (JSON or msgpack), or a Buffer that is sent as it is. */
    async request(method, path, { body, headers = {}, key } = {}) {
        const all = { origin: this.origin, 'sec-fetch-site': 'same-origin' };
        if (this.cookie) all.cookie = this.cookie;
        if (this.msgpack) all.accept = MSGPACK;
        if (key) all['idempotency-key'] = key;
        let bytes;
        if (body !== undefined) {
            bytes = Buffer.isBuffer(body) ? body : Buffer.from(this.msgpack ? encode(body) : JSON.stringify(body));
            all['content-type'] = this.msgpack ? MSGPACK : 'application/json';
            all['content-length'] = bytes.length;
        } else if (method !== 'GET' && method !== 'HEAD') {
            all['content-length'] = 0;
        }
        for (const [name, value] of Object.entries(headers)) {
            if (value === null) delete all[name];
            else all[name] = value;
        }
        const answer = await exchange(this.origin + path, { method, headers: all, body: bytes });
        for (const set of answer.headers['set-cookie'] ?? []) {
            const [pair] = set.split(';');
            this.cookie = pair.endsWith('=') || /max-age=0/i.test(set) ? '' : pair;
        }
        return answer;
    }

    async #must(method, path, options) {
        const answer = await this.request(method, path, options);
        if (answer.status >= 300) throw new Refused(answer, `${method} ${path}`);
        return answer.body;
    }

    get(path) { return this.#must('GET', path); }
    post(path, body, key = randomUUID()) { return this.#must('POST', path, { body, key }); }
    put(path, body, key = randomUUID()) { return this.#must('PUT', path, { body, key }); }
    delete(path, key = randomUUID()) { return this.#must('DELETE', path, { key }); }

    /** Both steps; the code of a demonstration's account is asked for, anybody else's is `code` or what it returns. */
    async signIn(login_id, password, { code = () => demoCode(this.origin, login_id), ...more } = {}) {
        this.who = await this.post('/api/session', { login_id, password, ...more });
        if (this.who.second_factor === 'code') {
            this.who = await this.post('/api/session/second-factor', { code: typeof code === 'function' ? await code() : code });
        }
        return this;
    }
}

export const client = (origin) => new Client(origin);
export const demoAccounts = async (origin) => (await client(origin).get('/api/demo-accounts')).rows;
/** What a demonstration account's authenticator app shows now. */
export const demoCode = async (origin, login_id) =>
    (await demoAccounts(origin)).find((row) => row.login_id === login_id.trim().toLowerCase())?.code;

/** The live socket of a signed-in client. Frames are kept; rows are merged by id, the higher version wins. */
class Live {
    constructor(socket) {
        this.socket = socket;
        this.frames = [];
        this.topics = new Map();
        this.waiting = new Set();
        this.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
        socket.on('message', (data, binary) => this.#take(binary ? decode(data, { useBigInt64: false }) : JSON.parse(data)));
    }

    #take(frame) {
        frame.seen = performance.now();
        this.frames.push(frame);
        if (frame.t === 'snap' && !this.topics.get(frame.topic)?.open) this.topics.set(frame.topic, { rows: new Map(), open: true });
        const topic = this.topics.get(frame.topic);
        if (topic && frame.t === 'snap') topic.open = frame.end === false;
        for (const row of topic ? frame.rows ?? [] : []) {
            const old = topic.rows.get(row.id);
            if (!old || row.version >= old.version) topic.rows.set(row.id, row);
        }
        for (const wait of [...this.waiting]) wait();
    }

    send(message) { this.socket.send(Buffer.from(encode(message))); }

    /** Resolves to what `find` returns, as soon as it is truthy. */
    until(find, ms = 5000, what = 'the frame') {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => { this.waiting.delete(look); reject(new Error(`${what}: not within ${ms} ms`)); }, ms);
            const look = () => {
                const found = find();
                if (!found) return;
                clearTimeout(timer);
                this.waiting.delete(look);
                resolve(found);
            };
            this.waiting.add(look);
            look();
        });
    }

    /** Subscribes; resolves to the rows of the snapshot, or to the "gone" frame. */
    async subscribe(topic) {
        const from = this.frames.length;
        this.send({ op: 'sub', topic });
        return this.until(() => {
            const frame = this.frames.slice(from).find((each) => each.topic === topic && (each.t === 'snap' || each.t === 'gone'));
            if (!frame) return null;
            return frame.t === 'gone' ? frame : [...this.topics.get(topic).rows.values()];
        }, 5000, `the snapshot of ${topic}`);
    }

    row(topic, match, ms = 5000) {
        return this.until(() => [...(this.topics.get(topic)?.rows.values() ?? [])].find(match), ms, `a row of ${topic}`);
    }

    close() { this.socket.close(); }
}

/** Opens the live socket; rejects with { status } when the handshake is refused. */
export function live(person, { origin = person.origin, cookie = person.cookie, protocol = 'todoke.live.v1', headers = {} } = {}) {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(`${person.origin.replace(/^http/, 'ws')}/live`, protocol, {
            ca: ca(), origin, headers: { ...(cookie ? { cookie } : {}), ...headers }, perMessageDeflate: false, handshakeTimeout: 10_000,
        });
        const screen = new Live(socket);
        socket.on('open', () => resolve(screen));
        socket.on('error', reject);
        socket.on('unexpected-response', (request, answer) => {
            answer.resume();
            reject(Object.assign(new Error(`the handshake was refused: ${answer.statusCode}`), { status: answer.statusCode }));
        });
    });
}
