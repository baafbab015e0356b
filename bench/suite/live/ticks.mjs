// A fixed rate of ticks, and what the server's CPU paid for each delivery.

/** One window: every socket must get every event once. -> { value: microseconds of the server for one event, ... } */
export async function ticks(kit, subject, { rate, seconds, events = 1 }) {
    const count = Math.round(rate * seconds);
    const before = await subject.screens.mark();
    const cpuBefore = subject.cpu();
    const start = performance.now();
    let told = Promise.resolve();
    for (let i = 0; i < count; i++) {
        const wait = start + (1000 * i) / rate - performance.now();
        if (wait > 0) await kit.sleep(wait);
        await told;
        told = subject.publisher.tick(events);
    }
    await told;
    const expected = count * events;
    const after = await subject.screens.await(expected * before.up);
    const seconds_ = after.seconds - before.seconds;
    const cpu = subject.cpu() - cpuBefore;
    return {
        value: (cpu * 1e6) / after.events,
        delivered: after.events, messages: after.messages, bytes: after.bytes, seconds: seconds_,
        whole: after.least === expected && after.most === expected && after.events === expected * before.up && after.lost === 0 && after.odd === 0,
        serverShare: cpu / seconds_, generatorShare: (after.cpu - before.cpu) / seconds_,
    };
}

/** What all windows together must show. */
export function tickChecks(values, { full = 0.9 } = {}) {
    const all = Object.values(values).flat();
    const share = Math.max(...all.map((one) => one.generatorShare)), server = Math.max(...all.map((one) => one.serverShare));
    const percent = (x) => `${Math.round(x * 100)} %`;
    return [
        { name: 'every socket got every event exactly once', ok: all.every((one) => one.whole),
            said: `${all.reduce((sum, one) => sum + one.delivered, 0)} events in ${all.reduce((sum, one) => sum + one.messages, 0)} messages counted, socket by socket` },
        { name: 'neither side was full', ok: share < full && server < full,
            said: `generator ${percent(share)} of its core at most, servers ${percent(server)}` },
    ];
}

export const subjectsOf = (values) =>
    Object.entries(values).map(([name, rounds]) => ({ name, rounds: rounds.map((one) => one.value) }));
