import net from 'node:net';
import tls from 'node:tls';
import { perSocket, snapshot } from '../live/memory.mjs';
import { letGo, todokeOwn } from '../live/subjects.mjs';

const CONNECTIONS = 2000, FIRST = 50;
const KIB = 1024;

/** Clients of one server, each with one connection that stays: they ask for the same again and again. */
class Clients {
    constructor(server, sessions) { Object.assign(this, { server, sessions, all: [], answered: 0, lost: 0, statuses: {} }); }

    #open(session) {
        const { port, host, tls: encrypted } = this.server;
        const socket = (encrypted ? tls : net).connect({ port, host, rejectUnauthorized: false });
        const request = `GET /api/children HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: application/json\r\nCookie: __Host-todoke=${session.token}\r\n\r\n`;
        const client = { socket, waiting: false, ask() { this.waiting = true; socket.write(request); } };
        let text = '';
        socket.setEncoding('latin1').on('data', (part) => {
            text += part;
            const end = text.indexOf('\r\n\r\n');
            const length = end < 0 ? NaN : Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
            if (!(text.length >= end + 4 + length)) return;
            const status = text.slice(9, 12);
            text = '';
            client.waiting = false;
            this.answered++;
            this.statuses[status] = (this.statuses[status] ?? 0) + 1;
            this.wake?.();
        });
        const gone = () => { if (client.waiting) this.lost++; client.waiting = false; this.wake?.(); };
        socket.on('error', gone).on('close', gone);
        return new Promise((resolve) => socket.once(encrypted ? 'secureConnect' : 'connect', () => resolve(client)).once('close', () => resolve(client)));
    }

    /** Until there are `count`, each of which has been answered once. A few at a time: a client's handshake is dear. */
    async raise(count) {
        while (this.all.length < count) {
            const some = await Promise.all(Array.from({ length: Math.min(FIRST, count - this.all.length) }, (_, i) =>
                this.#open(this.sessions[(this.all.length + i) % this.sessions.length])));
            this.all.push(...some);
            for (const one of some) one.ask();
            await this.settled(10000);
        }
    }

    ask() { for (const one of this.all) one.ask(); }
    waiting() { return this.all.filter((one) => one.waiting).length; }

    async settled(ms) {
        const limit = setTimeout(() => this.wake?.(), ms), end = Date.now() + ms;
        while (this.waiting() && Date.now() < end) await new Promise((resolve) => { this.wake = resolve; });
        clearTimeout(limit);
    }

    stop() { for (const one of this.all) one.socket.destroy(); }
}

/** Connections that have asked once and now rest. */
async function idle(kit, city, sessions, encrypted, count) {
    const server = await kit.todoke(city, { tls: encrypted, core: kit.cores.server });
    const clients = new Clients(server, sessions);
    try {
        await clients.raise(FIRST);
        await kit.sleep(250);
        const before = snapshot(kit, server);
        await clients.raise(count);
        await kit.sleep(250);
        const after = snapshot(kit, server);
        return { ...perSocket(before, after, count - FIRST), lost: clients.lost, statuses: clients.statuses };
    } finally {
        clients.stop();
        await server.stop();
        await kit.sleep(250);
    }
}

/** Live sockets, each with its session and a topic of its own. */
async function live(kit, city, encrypted, count) {
    const subject = await todokeOwn(kit, city, { sockets: count, tls: encrypted });
    try {
        await subject.screens.raise(FIRST);
        await kit.sleep(250);
        const before = snapshot(kit, subject);
        await subject.screens.raise(count);
        await kit.sleep(250);
        return { ...perSocket(before, snapshot(kit, subject), count - FIRST), lost: 0, statuses: {} };
    } finally {
        await letGo([subject]);
        await subject.stop();
        await kit.sleep(250);
    }
}

/** PostgreSQL stands still: everybody's request is under way, and waits. */
async function underWay(kit, city, sessions, count) {
    const server = await kit.todoke(city, { tls: false, core: kit.cores.server });
    const clients = new Clients(server, sessions);
    const signal = (name) => { for (const pid of city.pids()) process.kill(pid, name); };
    try {
        await clients.raise(count);
        await kit.sleep(300);
        const before = server.memory();
        clients.statuses = {};
        signal('SIGSTOP');
        let waiting, memory;
        try {
            clients.ask();
            await kit.sleep(700);
            waiting = clients.waiting();
            memory = server.memory();
        } finally {
            signal('SIGCONT');
        }
        await clients.settled(15000);
        return { process: (memory - before) / waiting, waiting, unanswered: clients.waiting(), lost: clients.lost, statuses: clients.statuses };
    } finally {
        clients.stop();
        await server.stop();
        await kit.sleep(250);
    }
}

const subjects = (values, of) => Object.entries(values).map(([name, rounds]) => ({ name, rounds: rounds.map((one) => of(one) / KIB) }));

export default {
    name: 'memory', row: 6, title: 'Memory: of a connection, and of a request',
    about: `How many bytes one more client costs: a phone that has asked and keeps its connection, a screen that stays connected,
        both plain and over TLS, and a request that waits because the database stands still. 2,000 of each; the growth of the
        server's process and of the kernel is divided by their number.`,
    seconds: 55,
    async run(kit) {
        const count = kit.quick ? CONNECTIONS / 10 : CONNECTIONS;
        const city = await kit.city({ students: 2000 });
        await city.pin(kit.cores.generator);
        const sessions = city.sessions().filter((one) => one.role === 'guardian');
        const values = await kit.interleave({
            'HTTP, plain': () => idle(kit, city, sessions, false, count),
            'HTTP, TLS': () => idle(kit, city, sessions, true, count),
            'WebSocket, plain': () => live(kit, city, false, count),
            'WebSocket, TLS': () => live(kit, city, true, count),
        });
        const waits = await kit.interleave({ 'a request under way': () => underWay(kit, city, sessions, count) });
        const requests = Object.values(waits).flat(), all = [...Object.values(values).flat(), ...requests];
        const statuses = {};
        for (const one of requests) for (const [status, n] of Object.entries(one.statuses)) statuses[status] = (statuses[status] ?? 0) + n;
        return {
            measures: [
                { name: 'idle connection: the server\'s process', unit: 'KiB', better: 'lower', subjects: subjects(values, (one) => one.process) },
                { name: 'idle connection: the kernel, the server\'s half', unit: 'KiB', better: 'lower', subjects: subjects(values, (one) => one.kernel) },
                { name: 'request in flight, beside its connection: the server\'s process', unit: 'KiB', better: 'lower', subjects: subjects(waits, (one) => one.process) },
            ],
            checks: [
                { name: 'no connection was lost', ok: all.every((one) => one.lost === 0), said: `${all.length} times ${count} of them` },
                { name: 'while the database stood still, requests waited', ok: requests.every((one) => one.waiting > 0), said: requests.map((one) => one.waiting).join(', ') },
                { name: 'all were answered, with what they asked for or with 503', ok: requests.every((one) => one.unanswered === 0) && Object.keys(statuses).every((one) => one === '200' || one === '503'),
                    said: Object.entries(statuses).map(([status, n]) => `${n} times ${status}`).join(', ') },
            ],
        };
    },
};
