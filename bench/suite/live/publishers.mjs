// What makes the servers say something: the same number of events, each in its server's own way.
import { spawn } from 'node:child_process';
import http from 'node:http';

/** A server that is told by HTTP: POST /publish?events=N with the payload. nchan takes one event in a request. */
export class HttpPublisher {
    constructor({ port, payload, type = 'application/octet-stream', single = false }) {
        Object.assign(this, { payload, type, single, port });
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    }

    #post(events) {
        return new Promise((resolve, reject) => {
            const request = http.request({
                host: '127.0.0.1', port: this.port, method: 'POST', path: `/publish?events=${events}`, agent: this.agent,
                headers: { 'Content-Type': this.type, 'Content-Length': this.payload.length },
            }, (answer) => answer.resume().on('end', () =>
                answer.statusCode < 300 ? resolve() : reject(new Error(`/publish answered ${answer.statusCode}`))));
            request.on('error', reject);
            request.end(this.payload);
        });
    }

    async tick(events) {
        if (!this.single) return this.#post(events);
        for (let i = 0; i < events; i++) await this.#post(1);
    }

    async stop() { this.agent.destroy(); }
}

/** todoke: rows of one school's absences are changed by SQL; the rest is its own (trigger, NOTIFY, reading, frames). */
export class RowPublisher {
    /** rows: ids of absences; each tick takes the next ones, because two changes of one row that are read together are one
     * event. The connection string is the owner's of a superuser: row-level security is not what is measured. */
    constructor(kit, url, rows) {
        this.rows = rows;
        this.ticks = 0;
        this.waiting = [];
        this.child = spawn('setpriv', ['--pdeathsig', 'TERM', 'taskset', '-c', String(kit.cores.generator), kit.tool('psql'),
            '-XAtq', '-v', 'ON_ERROR_STOP=1', url], { stdio: ['pipe', 'pipe', 'inherit'] });
        let text = '';
        this.child.stdout.setEncoding('utf8').on('data', (more) => {
            for (text += more; text.includes('\n'); text = text.slice(text.indexOf('\n') + 1)) this.waiting.shift()?.resolve();
        });
        this.child.stdin.on('error', () => {});
        this.child.on('close', (code) => { for (const one of this.waiting) one.reject(new Error(`psql ended with ${code}`)); });
    }

    tick(events) {
        const note = `note ${String(++this.ticks).padStart(7, '0')}`;
        const from = (this.ticks * events) % this.rows.length;
        return new Promise((resolve, reject) => {
            this.waiting.push({ resolve, reject });
            this.child.stdin.write(`update absences set note = '${note}', version = version + 1, changed_at = now() where id in (${this.rows.slice(from, from + events)});\n\\echo done\n`);
        });
    }

    async stop() {
        this.child.stdin.end();
        await new Promise((resolve) => (this.child.exitCode === null ? this.child.on('close', resolve) : resolve()));
    }
}
