// What goes wrong in a storm, when, and how long nobody was served. The schedule and the return times are pure.
import { connect } from 'node:net';

export const KINDS = ['worker', 'backend', 'postmaster', 'supervisor', 'reload', 'freeze', 'away', 'full'];
const CALM = 4, APART = 8, JITTER = 2.5, REST = 6;

/** The same numbers for the same seed, on every machine (mulberry32). */
export function dice(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

function shuffled(list, roll) {
    const all = [...list];
    for (let at = all.length - 1; at > 0; at--) {
        const other = Math.floor(roll() * (at + 1));
        [all[at], all[other]] = [all[other], all[at]];
    }
    return all;
}

/** Each kind once in every storm, in random order at random seconds.
 * -> { seconds, faults: [{ nth, kind, at, pick (0..1: which one), lasts (seconds) }] } */
export function schedule(seed, storms = 1) {
    const roll = dice(seed);
    const kinds = Array.from({ length: storms }, () => shuffled(KINDS, roll)).flat();
    const faults = kinds.map((kind, at) => ({
        nth: at + 1, kind, at: Number((CALM + at * APART + roll() * JITTER).toFixed(2)), pick: roll(), lasts: Number((2 + roll()).toFixed(2)),
    }));
    return { seconds: CALM + kinds.length * APART + REST, faults };
}

export const SLOW = 250, QUIET = 1000;
const bad = (visit) => !visit.ok;
const troubled = (visit) => bad(visit) || visit.end - visit.at > SLOW;

/** How long visitors were not served after a fault, in ms from `from` on. visits: [{ at, end, ok }] by `at`; until: when the
 * next fault comes. Over is the trouble with the last slow answer, and with the first good answer to somebody who came after
 * the last who got none; trouble after a second without any belongs to nobody (`stray`). Without trouble (`felt` 0) it is the
 * longest time that anybody took in the second after it. */
export function returned(visits, { at, from = at, until = Infinity }) {
    // Who had just come when the next fault struck suffers from that one.
    const mine = visits.filter((visit) => visit.end >= at && visit.at < until && (visit.end < until || visit.at < until - SLOW));
    const trouble = mine.filter(troubled);
    let last = at, over = 0, counted = 0;
    for (const visit of trouble) {
        // Long faults are trouble all the time that they last.
        if (visit.at > Math.max(last, from) + QUIET) break;
        last = Math.max(last, visit.at);
        counted++;
        const next = bad(visit) ? mine.find((one) => one.ok && one.at > visit.at) : visit;
        over = Math.max(over, next ? next.end : Infinity);
    }
    const longest = () => Math.max(0, ...mine.filter((visit) => visit.end >= from && visit.at < from + QUIET).map((visit) => visit.end - visit.at));
    return { ms: counted ? Math.max(0, over - from) : longest(), felt: counted, stray: trouble.length - counted };
}

/** Does PostgreSQL take connections? One attempt over its socket; libpq's words: url. */
export function takesConnections(url, ms = 500) {
    const word = Object.fromEntries(url.split(' ').map((pair) => pair.split('=')));
    const text = Buffer.from(`user\0${word.user}\0database\0${word.dbname}\0\0`);
    const hello = Buffer.alloc(8);
    hello.writeInt32BE(8 + text.length, 0);
    hello.writeInt32BE(196608, 4);
    return new Promise((resolve) => {
        const socket = connect(`${word.host}/.s.PGSQL.${word.port}`);
        const done = (yes) => { socket.destroy(); resolve(yes); };
        socket.setTimeout(ms, () => done(false));
        socket.on('connect', () => socket.write(Buffer.concat([hello, text])));
        socket.on('data', (bytes) => done(bytes[0] === 0x52));
        socket.on('error', () => done(false));
        socket.on('close', () => resolve(false));
    });
}

/** Opens `count` sockets that never say a word. -> { close() } */
export async function silentSockets(port, count) {
    const all = [];
    for (let at = 0; at < count; at += 500) {
        await Promise.all(Array.from({ length: Math.min(500, count - at) }, () => new Promise((resolve) => {
            const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' });
            all.push(socket);
            socket.once('connect', resolve);
            socket.on('error', resolve);
        })));
    }
    return { count: all.length, close() { for (const socket of all) socket.destroy(); } };
}
