// The kit that a scenario gets. What was added to the first agreement:
//   measure.targets: [{ of, target, words }]   a target of a figure itself, not of a ratio
//   kit.flags(server, city, { ledger })        the generator's flags for both
//   kit.generatorCheck(results, { saturated }), kit.reportChecks(results), kit.limit(serverShare, generatorShare)
//   kit.sampler({ name: () => pids })          .stop() -> timelines of CPU and memory, each second
//   kit.throughput(generatorResult)            -> timelines
//   kit.tool('pgbench'), kit.binary('peer-send_loop'), kit.node20, kit.peers (folder), kit.place (folder for files)
//   kit.pin(pids, core|null), kit.freePort(), kit.sleep(ms), kit.sql(url, text), kit.median, kit.ratios, kit.execute
//   city.sql(text), city.ledger(), city.sessions(), city.restarted(), city.cpu(), city.memory()
//   kit.confirmations(city, { core })         mail and Web Push that leave, and sinks that count: see confirmations.mjs
//   kit.once (--rounds N, else 1: for a scenario that takes minutes), kit.factor (--factor F), kit.students (--students N), kit.seed (--seed N, else by chance), kit.quick (--quick: for trying, says nothing)
// What a scenario starts by city(), todoke() and peer() is ended after it, also when it throws.
import * as histogram from './histogram.mjs';
import { Cluster, sql } from './city.mjs';
import { startSinks } from './confirmations.mjs';
import { flags, generatorCheck, limit, reportChecks, runGenerator } from './generator.mjs';
import { binary, node20, peers, place, postgresTool, top } from './place.mjs';
import { cpu, kernelMemory, kernelMemoryParts, memory, tree } from './proc.mjs';
import { execute, freePort, pin, sleep } from './process.mjs';
import { startSampler, throughput } from './sampler.mjs';
import { certificate, startPeer, startTodoke } from './server.mjs';
import { median, ratios, spread } from './statistics.mjs';

const brief = (value) => {
    const number = typeof value === 'number' ? value : value?.value;
    return Number.isFinite(number) ? String(Number(number.toPrecision(4))) : 'done';
};

/** options: rounds, workers, students, factor, quick, extra (flags for todoke-bench). */
export async function makeKit(options, log) {
    const cluster = new Cluster(log);
    const started = [];
    let over = false;
    /** What is made is kept for clear(); after the end of all nothing is made any more. */
    const keep = async (make) => {
        if (over) throw new Error('broken off');
        const one = await make();
        started.push(one);
        return one;
    };
    const cores = { server: 0, generator: 1 };

    const kit = {
        rounds: 5, workers: 1, students: 29000, quick: false, factor: null, ...options,
        once: options.rounds ?? 1, cores, log, cluster, certificate: await certificate(), node20: node20(), top, place, peers,
        binary, tool: postgresTool, cpu, memory, kernelMemory, kernelMemoryParts, tree, pin, freePort, sleep, execute, sql,
        histogram, median, ratios, spread, limit, generatorCheck, reportChecks, flags, throughput,
        sampler: startSampler,

        /** A B A B: each of them once, then each of them again. -> { name: [value, ...] } */
        async interleave(sides, { rounds = kit.rounds } = {}) {
            const values = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
            for (let round = 0; round < rounds; round++) {
                for (const [name, side] of Object.entries(sides)) values[name].push(await side(round));
                log(`round ${round + 1}/${rounds}: ${Object.keys(sides).map((name) => `${name} ${brief(values[name].at(-1))}`).join(', ')}`);
            }
            return values;
        },
        city: async (wish = {}) => keep(() => cluster.city({ students: kit.students, ...wish })),
        /** Without a city it gets a tiny one of its own. */
        todoke: async (city, wish = {}) => {
            const home = city ?? await kit.city({ students: 200, sessions: null });
            return keep(() => startTodoke(home, { workers: kit.workers, ...wish }));
        },
        confirmations: (city, wish) => keep(() => startSinks(city, wish)),
        peer: (wish) => keep(() => startPeer(wish)),
        generator: async (scenario, { core = cores.generator, ...rest } = {}) => {
            if (over) throw new Error('broken off');
            return runGenerator(scenario, { core, extra: kit.extra ?? [], ...rest });
        },

        /** For the suite: what a scenario has started, the last first. */
        async clear({ forGood = false } = {}) {
            over ||= forGood;
            while (started.length) await started.pop().stop().catch((error) => log(`at the end: ${error.message}`));
        },
    };
    return kit;
}
