// Sockets of one server, steered: `todoke-bench screens` on its stdin, one JSON line for each command
// (bench/generator/steer.h).
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Screens {
    /** server: { port, tls }. sockets: the most that will ever be up. tokens, topic: todoke's. */
    constructor(kit, server, { sockets, path = '/live', tokens, topic, subscribe = true, dialing = 64, core = kit.cores.generator }) {
        const args = ['--server', `127.0.0.1:${server.port}`, '--sockets', sockets, '--path', path, '--dialing', dialing, ...(process.env.NAP ? ['--nap', process.env.NAP] : []),
            ...(server.tls ? [] : ['--no-tls']), ...(tokens ? ['--tokens', tokens] : []),
            ...(topic ? ['--topic', topic] : []), ...(subscribe ? [] : ['--no-subscribe'])];
        const words = ['--pdeathsig', 'TERM', 'taskset', '-c', core, kit.binary('todoke-bench'), 'screens', ...args];
        this.child = spawn('setpriv', words.map(String), { stdio: ['pipe', 'pipe', 'pipe'] });
        this.said = '';
        this.waiting = [];
        this.child.stderr.setEncoding('utf8').on('data', (text) => { this.said += text; });
        this.child.stdin.on('error', () => {});
        createInterface(this.child.stdout).on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line)));
        this.end = new Promise((resolve) => this.child.on('close', (code) => {
            for (const one of this.waiting) one.reject(new Error(`todoke-bench screens ended with ${code}:\n${this.said}`));
            resolve(code);
        }));
    }

    #ask(line) {
        return new Promise((resolve, reject) => {
            this.waiting.push({ resolve, reject });
            this.child.stdin.write(`${line}\n`);
        });
    }

    /** All answers: { up, failed, lost, odd, messages, events, bytes, least, most, cpu, seconds }. */
    async raise(count) {
        const answer = await this.#ask(`raise ${count}`);
        if (answer.up < count) throw new Error(`${answer.up} of ${count} sockets came up:\n${this.said}`);
        return answer;
    }
    drop(count) { return this.#ask(`drop ${count}`); }
    mark() { return this.#ask('mark'); }
    count() { return this.#ask('count'); }
    await(events) { return this.#ask(`await ${events}`); }

    async stop() {
        this.child.stdin.end();
        return this.end;
    }
}
