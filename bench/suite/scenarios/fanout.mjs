import { nchan, schoolsOf, sendLoop, letGo, todoke, uws, ws } from '../live/subjects.mjs';
import { subjectsOf, tickChecks, ticks } from '../live/ticks.mjs';

// Fast enough that the servers' core is at 30 to 60 %: a core that mostly rests pays more for each system call.
const SIZES = [{ sockets: 1000, rate: 60 }, { sockets: 8000, rate: 7 }];

const measureOf = (size, values) => ({
    name: `${size.sockets} sockets: server's CPU for one delivery`, unit: 'us', better: 'lower', subjects: subjectsOf(values),
    ratios: [
        { of: 'todoke', to: 'send loop', invert: true, target: { at: '>=', value: 0.85 }, words: 'of what the bare kernel could deliver, todoke delivers' },
        { of: 'todoke', to: 'uWebSockets', invert: true, target: { at: '>=', value: 1.15 }, words: 'times cheaper than uWebSockets' },
        { of: 'todoke', to: 'nginx + nchan', invert: true, target: { at: '>=', value: 1.8 }, words: 'times cheaper than nginx + nchan' },
        { of: 'todoke', to: 'ws', invert: true, target: { at: '>=', value: 1.9 }, words: 'times cheaper than ws' },
        { of: 'todoke', to: 'ws, framed once', invert: true, words: 'times cheaper than ws with its private sender' },
        { of: 'uWebSockets', to: 'send loop', invert: true, words: 'of what the bare kernel could deliver, uWebSockets delivers' },
    ],
});

/** What is left to win: the system call for each socket is in everybody's figure. */
function bound(kit, size, values) {
    const floor = kit.median(values['send loop'].map((one) => one.value));
    const times = (name) => (kit.median(values[name].map((one) => one.value)) / floor).toFixed(2);
    return `${size.sockets} sockets: the bare send loop itself is ${times('uWebSockets')} times cheaper than uWebSockets, ${times('nginx + nchan')} than nginx + nchan, ${times('ws')} than ws: what one send() for each socket leaves to win, but for asking the memory ahead`;
}

export default {
    name: 'fanout', row: 4, title: 'Fan-out: one change to many screens',
    about: `One child's report changes, and every screen of the school shows it: 1,000 screens 60 times a second, then 8,000
        screens 7 times a second. Each server has a core for itself; what is counted is the CPU time that it needs for one
        screen. todoke reads the change from PostgreSQL; the others are handed the same number of bytes. The bare send loop
        does nothing else than the system call for each screen.`,
    seconds: 120,
    async run(kit) {
        const city = await kit.city();
        await city.reset();
        await city.pin(kit.cores.generator);
        const most = SIZES.at(-1).sockets;
        const ours = await todoke(kit, city, { tls: false, school: (await schoolsOf(city))[0], sockets: most });
        await ours.screens.raise(10);
        const probe = await ticks(kit, ours, { rate: 10, seconds: 0.5 });
        const payload = Buffer.alloc(Math.round(probe.bytes / probe.messages), 'todoke ');
        const wish = { sockets: most, payload };
        const peers = [await sendLoop(kit, wish), await uws(kit, wish), await ws(kit, wish),
            await ws(kit, { ...wish, name: 'ws, framed once', broadcast: 'frame' }), await nchan(kit, wish)];
        const subjects = [ours, ...peers];
        const measures = [], all = {}, bounds = [];
        try {
            for (const size of SIZES) {
                const { sockets, rate } = kit.quick ? { sockets: size.sockets / 10, rate: size.rate } : size;
                for (const one of subjects) await one.screens.raise(sockets);
                for (const one of subjects) await ticks(kit, one, { rate, seconds: 1 });
                const values = await kit.interleave(Object.fromEntries(subjects.map((one) =>
                    [one.name, () => ticks(kit, one, { rate, seconds: kit.quick ? 1 : 1.5 })])));
                measures.push(measureOf(size, values));
                bounds.push(bound(kit, size, values));
                for (const [name, rounds] of Object.entries(values)) (all[name] ??= []).push(...rounds);
            }
        } finally {
            await letGo(subjects);
        }
        return {
            measures, checks: tickChecks(all),
            notes: [...bounds, `payload ${payload.length} bytes for all; plain TCP; PostgreSQL, the publisher and the generator share core ${kit.cores.generator}`],
        };
    },
};
