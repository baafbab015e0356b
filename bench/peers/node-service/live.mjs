// GET /live: WebSockets that speak todoke.live.v1. Announcements of one tick are read together; a topic's message is
// encoded once and shared by its sockets.
import { Encoder, decode } from '@msgpack/msgpack';
import { WebSocketServer } from 'ws';
import { findSession, originIsOurs } from './sessions.mjs';
import { feed, findTopic, gauges, sessionsAlive } from './topics.mjs';

const PROTOCOL = 'todoke.live.v1';
const TICK_MS = 15_000;
const QUEUE_BYTES = 1 << 20;
const IDS_PER_READ = 2000;
const SESSION_OVER = 4401, POLICY = 1008, TRY_LATER = 1013, RESTART = 1012;

const encoder = new Encoder();

/** What is null is left out. */
function compact(row) {
    for (const name in row) if (row[name] === null) delete row[name];
    return row;
}

function send(socket, bytes) {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > QUEUE_BYTES) socket.terminate(); // comes back, and gets a snapshot
    else socket.send(bytes);
}

/** Those who follow one name. A frame that comes while a follower waits for its snapshot is sent behind it. */
class Topic {
    followers = new Map(); // socket -> frames held back, or null

    constructor(name, kind, key) {
        Object.assign(this, { name, kind, key });
    }

    frame(t, rows) {
        return encoder.encode({ t, topic: this.name, at: Date.now(), rows });
    }

    send(rows) {
        const frame = this.frame('rows', rows);
        for (const [socket, held] of this.followers) {
            if (held) held.push(frame);
            else send(socket, frame);
        }
    }

    async bring(db, sockets) {
        for (const socket of sockets) this.followers.set(socket, []);
        const rows = await db.read(this.kind.snapshot, this.key === null ? [] : [this.key]);
        const frame = this.frame('snap', rows.map(compact));
        for (const socket of sockets) {
            const held = this.followers.get(socket);
            if (!held) continue;
            send(socket, frame);
            for (const late of held) send(socket, late);
            this.followers.set(socket, null);
        }
    }
}

class Hub {
    topics = new Map();
    dirty = new Set();
    gaugeKeys = new Map(gauges.map((gauge) => [gauge, new Set()]));
    reading = false;
    scheduled = false;

    constructor(db, server) {
        this.db = db;
        this.wss = new WebSocketServer({
            noServer: true, perMessageDeflate: false, maxPayload: 4096, clientTracking: true,
            handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
        });
        server.on('upgrade', (request, socket, head) => {
            this.#upgrade(request, socket, head).catch(() => this.#refuse(socket, 503));
        });
        this.timers = [
            setInterval(() => this.#tick(), TICK_MS),
            ...gauges.map((gauge) => setInterval(() => this.#readGauge(gauge).catch(() => this.gap()), gauge.everyMs)),
        ];
    }

    // ---- the handshake ----

    #refuse(socket, status) {
        socket.end(`HTTP/1.1 ${status} \r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }

    async #upgrade(request, socket, head) {
        const { headers, url } = request;
        socket.on('error', () => socket.destroy());
        if (url !== '/live') return this.#refuse(socket, 404);
        if (!originIsOurs(headers)) return this.#refuse(socket, 403);
        const session = await findSession(this.db, headers);
        if (!session) return this.#refuse(socket, 401);
        this.wss.handleUpgrade(request, socket, head, (ws) => this.#opened(ws, session));
    }

    #opened(socket, session) {
        socket.session = session;
        socket.following = new Set();
        socket.on('error', () => socket.terminate());
        socket.on('close', () => {
            for (const topic of socket.following) this.#leave(topic, socket);
        });
        socket.on('message', (bytes, binary) => this.#heard(socket, bytes, binary));
    }

    // ---- what the client says ----

    #heard(socket, bytes, binary) {
        let message;
        try {
            message = binary ? decode(bytes) : JSON.parse(bytes);
        } catch {
            return socket.close(POLICY);
        }
        if (typeof message?.topic !== 'string' || message.topic.length > 100) return socket.close(POLICY);
        if (message.op === 'sub') this.#subscribe(socket, message.topic).catch(() => socket.close(TRY_LATER));
        else if (message.op === 'unsub') this.#leave(this.topics.get(message.topic), socket);
        else socket.close(POLICY);
    }

    #gone(socket, topic, status, title) {
        send(socket, encoder.encode({ t: 'gone', topic, status, title }));
    }

    async #subscribe(socket, name) {
        const found = findTopic(name);
        if (!found) return this.#gone(socket, name, 404, '見つかりませんでした。');
        const { kind, key } = found;
        const { roles, account_id } = socket.session;
        if (!(roles & kind.may)) return this.#gone(socket, name, 403, '見る権限がありません。');
        const allowed = await this.db.read(kind.allows, key === null ? [account_id] : [account_id, key]);
        if (!allowed.length) return this.#gone(socket, name, 404, '見つかりませんでした。');
        if (socket.readyState !== socket.OPEN) return;
        let topic = this.topics.get(name);
        if (!topic) this.topics.set(name, (topic = new Topic(name, kind, key)));
        if (topic.followers.has(socket)) return;
        socket.following.add(topic);
        await topic.bring(this.db, [socket]);
    }

    #leave(topic, socket) {
        if (!topic) return;
        topic.followers.delete(socket);
        socket.following.delete(topic);
        if (!topic.followers.size && this.topics.get(topic.name) === topic) this.topics.delete(topic.name);
    }

    // ---- changed rows ----

    /** "absences 12,13,14" */
    changed(payload) {
        const at = payload.indexOf(' ');
        if (payload.slice(0, at) !== 'absences' || !this.topics.size) return; // nobody would see it
        for (const id of payload.slice(at + 1).split(',')) this.dirty.add(Number(id));
        if (this.scheduled || this.reading) return;
        this.scheduled = true;
        setImmediate(() => this.#flush());
    }

    async #flush() {
        this.scheduled = false;
        this.reading = true;
        try {
            while (this.dirty.size) {
                const ids = [...this.dirty].slice(0, IDS_PER_READ);
                for (const id of ids) this.dirty.delete(id);
                this.#fan(await this.db.read(feed.changed, [ids]));
            }
        } catch {
            this.gap();
        } finally {
            this.reading = false;
        }
    }

    #fan(rows) {
        const touched = new Map();
        const add = (name, row) => {
            const topic = this.topics.get(name);
            if (!topic) return;
            const list = touched.get(topic);
            if (list) list.push(row);
            else touched.set(topic, [row]);
        };
        for (const row of rows.map(compact)) {
            add(`absences/class/${row.class_id}`, row);
            if (row.exchange_class_id) add(`absences/class/${row.exchange_class_id}`, row);
            add(`absences/school/${row.school_id}`, row);
            add(`absences/student/${row.student_id}`, row);
            for (const keys of this.gaugeKeys.values()) keys.add(row.school_id);
        }
        for (const [topic, list] of touched) topic.send(list);
    }

    async #readGauge(gauge) {
        const keys = this.gaugeKeys.get(gauge), topic = this.topics.get(gauge.topic);
        if (!keys.size || gauge.reading) return;
        const list = [...keys];
        keys.clear();
        if (!topic) return;
        gauge.reading = true;
        try {
            topic.send(await this.db.read(gauge.changed, gauge.keyed ? [list] : []));
        } finally {
            gauge.reading = false;
        }
    }

    /** Something may have been missed: everybody gets a new snapshot. */
    gap() {
        for (const topic of this.topics.values())
            topic.bring(this.db, [...topic.followers.keys()]).catch(() => {
                for (const socket of topic.followers.keys()) socket.close(TRY_LATER);
            });
    }

    // ---- every 15 seconds ----

    async #tick() {
        const today = new Date(Date.now() + 9 * 3600_000).toISOString().slice(0, 10);
        const frame = encoder.encode({ t: 'tick', at: Date.now(), today });
        const sockets = [...this.wss.clients];
        for (const socket of sockets) send(socket, frame);
        try {
            const rows = await this.db.read(sessionsAlive, [sockets.map((socket) => socket.session.session_id)]);
            const alive = new Set(rows.map((row) => row.id));
            for (const socket of sockets) if (!alive.has(socket.session.session_id)) socket.close(SESSION_OVER);
        } catch {
            // the next tick asks again
        }
    }

    close() {
        for (const timer of this.timers) clearInterval(timer);
        for (const socket of this.wss.clients) socket.close(RESTART);
    }
}

export async function liveHub(db, server) {
    const hub = new Hub(db, server);
    await db.listen('live', (payload) => hub.changed(payload), () => hub.gap());
    return hub;
}
