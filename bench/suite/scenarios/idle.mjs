import { perSocket, snapshot } from '../live/memory.mjs';
import { letGo, nchan, todokeOwn, ws } from '../live/subjects.mjs';

const SOCKETS = 6000, GIB = 2 ** 30;

/** A fresh server each time: what a process has freed it seldom gives back. */
async function weigh(kit, start, sockets) {
    const subject = await start();
    try {
        await subject.screens.raise(Math.min(50, sockets)); // whatever is made once is not a socket's
        await kit.sleep(300);
        const before = snapshot(kit, subject);
        const up = await subject.screens.raise(sockets);
        await kit.sleep(1000);
        const after = snapshot(kit, subject);
        const told = await subject.screens.count();
        const cost = perSocket(before, after, sockets - Math.min(50, sockets));
        return { ...cost, value: GIB / cost.all, cipher: up.cipher, whole: told.up === sockets && told.lost === 0 };
    } finally {
        await letGo([subject]);
        await subject.stop();
        await kit.sleep(500); // the kernel frees sockets a little later
    }
}

const subjectsOf = (values, of) => Object.entries(values).map(([name, rounds]) => ({ name, rounds: rounds.map(of) }));

export default {
    name: 'idle', row: 6, title: 'Idle screens: how many fit into a GiB',
    about: `Most of the day nothing happens, and thousands of phones and screens stay connected over TLS. 6,000 sockets are
        opened, each of todoke's with a session and a topic of its own as in life; then the memory of the server's processes
        and the server's half of the kernel's memory are divided by their number.`,
    seconds: 115,
    async run(kit) {
        const sockets = kit.quick ? SOCKETS / 10 : SOCKETS;
        const city = await kit.city();
        await city.reset();
        await city.pin(kit.cores.generator);
        const wish = { sockets, tls: true };
        const values = await kit.interleave({
            todoke: () => weigh(kit, () => todokeOwn(kit, city, wish), sockets),
            ws: () => weigh(kit, () => ws(kit, wish), sockets),
            'nginx + nchan': () => weigh(kit, () => nchan(kit, wish), sockets),
        });
        const all = Object.values(values).flat();
        const ciphers = [...new Set(all.map((one) => one.cipher))];
        const kib = (bytes) => bytes / 1024;
        return {
            measures: [{
                name: 'idle TLS WebSockets per GiB', unit: 'sockets', better: 'higher', subjects: subjectsOf(values, (one) => one.value),
                targets: [{ of: 'todoke', target: { at: '>=', value: 50000 }, words: 'idle sockets in a GiB' }],
                ratios: [
                    { of: 'todoke', to: 'ws', target: { at: '>=', value: 3 }, words: 'times as many as ws over TLS' },
                    { of: 'todoke', to: 'nginx + nchan', target: { at: '>=', value: 1.3 }, words: 'times as many as nginx + nchan over TLS' },
                ],
            }, {
                name: 'of one idle socket: the server\'s processes', unit: 'KiB', better: 'lower', subjects: subjectsOf(values, (one) => kib(one.process)),
            }, {
                name: 'of one idle socket: the kernel, the server\'s half', unit: 'KiB', better: 'lower', subjects: subjectsOf(values, (one) => kib(one.kernel)),
            }],
            checks: [
                { name: 'all sockets were up and stayed', ok: all.every((one) => one.whole), said: `${sockets} sockets each` },
                { name: 'the same cipher for all', ok: ciphers.length === 1, said: ciphers.join(', ') },
            ],
        };
    },
};
