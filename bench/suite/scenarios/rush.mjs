import { letGo, schoolsOf, sendLoop, todoke, uws, ws } from '../live/subjects.mjs';
import { subjectsOf, tickChecks, ticks } from '../live/ticks.mjs';

const EVENTS = 8, SOCKETS = 1000, RATE = 10;

export default {
    name: 'rush', row: 5, title: 'Rush fan-out: eight changes at a time to many screens',
    about: `In the morning several reports change within the same moment. todoke sends a screen what has changed as one
        message with eight rows; the others are handed eight events at once, each of an eighth of the bytes, and send them as
        each does it best. Counted is the server's CPU time for one event on one screen, of 1,000 screens, 10 times a second.
        The last line says what encryption costs todoke.`,
    seconds: 75,
    async run(kit) {
        const sockets = kit.quick ? SOCKETS / 10 : SOCKETS;
        const city = await kit.city();
        await city.reset();
        await city.pin(kit.cores.generator);
        const [first, second] = await schoolsOf(city);
        const plain = await todoke(kit, city, { tls: false, school: first, sockets });
        const secret = await todoke(kit, city, { name: 'todoke, TLS', tls: true, school: second, sockets });
        await plain.screens.raise(10);
        const probe = await ticks(kit, plain, { rate: 10, seconds: 0.5, events: EVENTS });
        const payload = Buffer.alloc(Math.round(probe.bytes / probe.delivered), 'todoke ');
        const wish = { sockets, payload };
        const subjects = [plain, secret, await sendLoop(kit, wish), await uws(kit, wish), await ws(kit, wish),
            await ws(kit, { ...wish, name: 'ws, corked', broadcast: 'cork' })];
        try {
            for (const one of subjects) await one.screens.raise(sockets);
            const window = (one, seconds) => ticks(kit, one, { rate: RATE, seconds, events: EVENTS });
            for (const one of subjects) await window(one, 1);
            const values = await kit.interleave(Object.fromEntries(subjects.map((one) => [one.name, () => window(one, kit.quick ? 1 : 2)])));
            const { cipher } = await secret.screens.count();
            const ours = [...values.todoke, ...values['todoke, TLS']];
            return {
                measures: [{
                    name: `${EVENTS} events per tick: server's CPU for one event on one screen`, unit: 'us', better: 'lower', subjects: subjectsOf(values),
                    ratios: [
                        { of: 'todoke', to: 'uWebSockets', invert: true, target: { at: '>=', value: 1 }, words: 'times cheaper than uWebSockets' },
                        { of: 'todoke', to: 'ws', invert: true, target: { at: '>=', value: 8 }, words: 'times cheaper than ws' },
                        { of: 'todoke', to: 'ws, corked', invert: true, words: 'times cheaper than ws that is corked by hand' },
                        { of: 'todoke', to: 'send loop', invert: true, words: 'of what one bare send() for eight events could deliver' },
                        { of: 'todoke, TLS', to: 'todoke', invert: true, target: { at: '>=', value: 0.8 }, words: 'of the plain deliveries remain with TLS' },
                    ],
                }],
                checks: tickChecks(values),
                notes: [
                    `todoke: ${(probe.bytes / probe.messages).toFixed(0)} bytes for ${EVENTS} rows, in ${(ours.reduce((sum, one) => sum + one.messages, 0) / ours.reduce((sum, one) => sum + one.delivered, 0) * EVENTS).toFixed(3)} messages for each tick and screen; the others: ${EVENTS} x ${payload.length} bytes`,
                    `TLS: ${cipher}; PostgreSQL, the publisher and the generator share core ${kit.cores.generator}`,
                ],
            };
        } finally {
            await letGo(subjects);
        }
    },
};
