// A visitor every 20 ms, on a thread of its own: a new TLS connection, one read, one report, and away. Nobody tries again:
// what they meet is what the service was at that moment. In the main thread: startVisitors(); in the worker: the visits.
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import tls from 'node:tls';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** children: [{ token, student }]; days: ISO dates after today. stop() -> [{ at, end, ok, said, told, what }], `at` in ms of the
 * monotonic clock; said: 201, another status, "cut" or "silent"; told: a 503 had its Retry-After. */
export async function startVisitors(wish) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { every: 20, patience: 10_000, ...wish } });
    const visits = new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
    });
    visits.catch(() => {});
    return {
        async stop() {
            worker.postMessage('stop');
            return visits;
        },
    };
}

/** Whole answer at the beginning of the text? -> { status, told, last, body, rest } or null. */
export function answerOf(text) {
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return null;
    const lines = text.slice(0, head);
    const size = Number(/\r\ncontent-length: *(\d+)/i.exec(lines)?.[1] ?? 0), end = head + 4 + size;
    if (text.length < end) return null;
    return { status: Number(lines.slice(9, 12)), told: /\r\nretry-after: *\d/i.test(lines), last: /\r\nconnection: *close/i.test(lines), body: text.slice(head + 4, end), rest: text.slice(end) };
}

function visit({ host, port, reason, patience }, { token, student, day, note }) {
    const at = now(), key = randomUUID();
    const common = `Host: ${host}:${port}\r\nAccept: application/json\r\nSec-Fetch-Site: same-origin\r\nCookie: __Host-todoke=${token}\r\n`;
    const body = JSON.stringify({ student_id: student, first_day: day, kind: 'absent', reason_id: reason });
    const asks = [
        ['read', `GET /api/children HTTP/1.1\r\n${common}\r\n`, 200],
        ['report', `POST /api/absences HTTP/1.1\r\n${common}Origin: https://${host}:${port}\r\nContent-Type: application/json\r\n`
            + `Idempotency-Key: ${key}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, 201],
    ];
    return new Promise((resolve) => {
        let text = '', step = 0, over = false, socket;
        const end = (ok, said, told) => {
            if (over) return;
            over = true;
            clearTimeout(timer);
            socket?.destroy();
            resolve({ at, end: now(), ok, said, told, what: asks[Math.min(step, 1)][0] });
        };
        const timer = setTimeout(() => end(false, 'silent', null), patience);
        const ask = () => {
            if (step === 1) note(`sent ${key} ${student} ${day}`);
            socket.write(asks[step][1]);
        };
        const call = () => {
            const mine = (socket = tls.connect({ host: '127.0.0.1', port, localAddress: '127.0.0.10', rejectUnauthorized: false, servername: 'localhost' }));
            const cut = () => { if (mine === socket) end(false, 'cut', null); };
            mine.setEncoding('latin1');
            mine.once('secureConnect', ask);
            mine.on('error', cut);
            mine.on('close', cut);
            mine.on('data', heard);
        };
        const heard = (more) => {
            text += more;
            const answer = answerOf(text);
            if (!answer || over) return;
            text = answer.rest;
            if (answer.status !== asks[step][2]) return end(false, answer.status, answer.status === 503 ? answer.told : null);
            if (step === 1) {
                const { id, version } = JSON.parse(answer.body);
                note(`ack ${key} ${student} ${day} ${id} ${version}`);
                return end(true, answer.status, null);
            }
            step++;
            if (!answer.last) return ask();
            // A server that restarts says that this connection ends; the next request goes over another.
            socket.destroy();
            return call();
        };
        call();
    });
}

function play({ every, ledger, children, days, ...rest }) {
    const file = openSync(ledger, 'a'), note = (line) => writeSync(file, `${line}\n`);
    const open = new Set(), visits = [];
    const first = now();
    let count = 0;
    const timer = setInterval(() => {
        // Whoever was due while this thread had no CPU comes now: late, but nobody is left out.
        for (; now() - first >= count * every && count < children.length * days.length; count++) {
            const { token, student } = children[count % children.length];
            const one = visit(rest, { token, student, day: days[Math.floor(count / children.length)], note });
            open.add(one);
            one.then((done) => { visits.push(done); open.delete(one); });
        }
    }, every / 4);
    parentPort.once('message', async () => {
        clearInterval(timer);
        await Promise.all(open);
        closeSync(file);
        parentPort.postMessage(visits.sort((a, b) => a.at - b.at));
    });
}

if (!isMainThread && workerData?.ledger) play(workerData);
