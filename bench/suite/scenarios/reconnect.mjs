import { nchan, letGo, todokeOwn } from '../live/subjects.mjs';

const SOCKETS = 1500, DIALING = 64;

/** All sockets once: handshake, upgrade (and the session), as fast as they come. They are closed after the measurement. */
async function storm(kit, subject, sockets, others = () => 0) {
    const before = { cpu: subject.cpu(), others: others(), generator: await subject.screens.count() };
    const up = await subject.screens.raise(sockets);
    const cpu = subject.cpu() - before.cpu, more = others() - before.others;
    const seconds = up.seconds - before.generator.seconds;
    await subject.screens.drop(0);
    await kit.sleep(300);
    return {
        value: sockets / cpu, withOthers: sockets / (cpu + more), rate: sockets / seconds, cipher: up.cipher,
        failed: up.failed - before.generator.failed, serverShare: cpu / seconds, generatorShare: (up.cpu - before.generator.cpu) / seconds,
    };
}

/** The other core works as well, as it does in a storm: two virtual cores may well be one real one. */
async function memoryHandshakes(kit, seconds) {
    const one = (core) => kit.execute('taskset', ['-c', String(core), kit.binary('peer-handshake'),
        '--cert', kit.certificate.cert, '--key', kit.certificate.key, '--seconds', String(seconds)]);
    const [{ stdout }] = await Promise.all([one(kit.cores.server), one(kit.cores.generator)]);
    const { handshakes, server_cpu: cpu, clock } = JSON.parse(stdout);
    return { value: handshakes / (cpu - clock) };
}

const rounds = (list, of = (one) => one.value) => list.map(of);
const percent = (x) => `${Math.round(x * 100)} %`;

export default {
    name: 'reconnect', row: 7, title: 'Reconnect: everybody comes back at eight',
    about: `After a broken line all screens come back at once, and each needs a full TLS handshake, a WebSocket upgrade and, at
        todoke, a look at its session in PostgreSQL. Counted is how many a second of the server's CPU time can take, while as
        many come as the generator can bring. The last one is OpenSSL alone in memory, with no network and no HTTP.`,
    seconds: 30,
    async run(kit) {
        const sockets = kit.quick ? SOCKETS / 10 : SOCKETS;
        const city = await kit.city();
        await city.reset();
        await city.pin(kit.cores.generator);
        const ours = await todokeOwn(kit, city, { sockets, subscribe: false, dialing: DIALING });
        const nginx = await nchan(kit, { sockets, tls: true, dialing: DIALING });
        try {
            for (const one of [ours, nginx]) await storm(kit, one, Math.min(300, sockets));
            const values = await kit.interleave({
                todoke: () => storm(kit, ours, sockets, () => city.cpu()),
                'nginx + nchan': () => storm(kit, nginx, sockets),
                'OpenSSL in memory': () => memoryHandshakes(kit, kit.quick ? 0.5 : 1.5),
            });
            const storms = [...values.todoke, ...values['nginx + nchan']];
            const ciphers = [...new Set(storms.map((one) => one.cipher))];
            const failed = storms.reduce((sum, one) => sum + one.failed, 0);
            return {
                measures: [{
                    name: 'handshake + upgrade + session per CPU second of the server', unit: '1/s', better: 'higher',
                    subjects: Object.entries(values).map(([name, list]) => ({ name, rounds: rounds(list) })),
                    ratios: [
                        { of: 'todoke', to: 'nginx + nchan', target: { at: '>=', value: 1 }, words: 'times as many as nginx, which knows no sessions' },
                        { of: 'todoke', to: 'OpenSSL in memory', target: { at: '>=', value: 0.7 }, words: 'of what OpenSSL alone could do' },
                    ],
                }, {
                    name: 'the same with PostgreSQL\'s CPU time added', unit: '1/s', better: 'higher',
                    subjects: [{ name: 'todoke', rounds: rounds(values.todoke, (one) => one.withOthers) }, { name: 'nginx + nchan', rounds: rounds(values['nginx + nchan']) }],
                    ratios: [{ of: 'todoke', to: 'nginx + nchan', words: 'times as many as nginx' }],
                }],
                checks: [
                    { name: 'every socket was opened', ok: failed === 0, said: `${failed} failed of ${storms.length * sockets}` },
                    { name: 'the same cipher for both', ok: ciphers.length === 1, said: ciphers.join(', ') },
                ],
                notes: [
                    `CPU time, not speed: a client's part of a handshake costs more than a server's, so the generator's core was the fuller one (${percent(Math.max(...storms.map((one) => one.generatorShare)))}; servers ${percent(Math.max(...storms.map((one) => one.serverShare)))})`,
                    `opened: ${Math.round(kit.median(values.todoke.map((one) => one.rate)))} a second at todoke, ${Math.round(kit.median(values['nginx + nchan'].map((one) => one.rate)))} at nginx; no resumption; certificate ECDSA P-256, X25519`,
                ],
            };
        } finally {
            await letGo([ours, nginx]);
        }
    },
};
