// PostgreSQL: a few connections for reading, a few for writing, one that listens. In pg's pipeline mode queries of
// many requests travel on one connection without waiting for each other; each is a transaction of its own.
import pg from 'pg';

const tokyo = (text) => {
    const [day, time] = text.split(' ');
    return `${day}T${time.slice(0, 8)}.${(time.match(/\.(\d+)/)?.[1] ?? '').padEnd(3, '0').slice(0, 3)}+09:00`;
};
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.TIME, (text) => text.slice(0, 5));
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, tokyo);

// Ownership is decided by the statements, so the service itself sees the whole city.
const session = '-c todoke.schools=* -c timezone=Asia/Tokyo -c statement_timeout=3000';

/** Connections that share the work; a lost one is replaced, and what it was asked fails. */
class Lane {
    #clients = [];
    #closing = false;

    constructor(size, pipeline) {
        this.size = size;
        this.pipeline = pipeline;
    }

    async open() {
        await Promise.all(Array.from({ length: this.size }, (_, place) => this.#connect(place)));
        return this;
    }

    async #connect(place) {
        const client = new pg.Client({ options: session, pipeline: this.pipeline });
        client.asked = 0;
        client.on('error', () => {});
        client.on('end', () => {
            this.#clients[place] = null;
            if (!this.#closing) setTimeout(() => this.#connect(place).catch(() => {}), 100);
        });
        await client.connect();
        this.#clients[place] = client;
    }

    #least() {
        let best = null;
        for (const client of this.#clients) if (client && (!best || client.asked < best.asked)) best = client;
        if (!best) throw Object.assign(new Error('no connection'), { code: '08006' });
        return best;
    }

    /** statement: { name, text }, prepared once on each connection. */
    async query({ name, text }, values) {
        const client = this.#least();
        client.asked++;
        try {
            return (await client.query({ name, text, values })).rows;
        } finally {
            client.asked--;
        }
    }

    async end() {
        this.#closing = true;
        await Promise.all(this.#clients.map((client) => client?.end()));
    }
}

/** The same over pg's own pool, a connection for one query at a time. */
class Pooled {
    constructor(size) {
        this.pool = new pg.Pool({ max: size, min: size, idleTimeoutMillis: 0, options: session });
        this.pool.on('error', () => {});
    }

    async open() {
        const clients = await Promise.all(Array.from({ length: this.pool.options.max }, () => this.pool.connect()));
        for (const client of clients) client.release();
        return this;
    }

    async query({ name, text }, values) {
        return (await this.pool.query({ name, text, values })).rows;
    }

    end() {
        return this.pool.end();
    }
}

/** Calls `heard` with each payload, and `gap` whenever some may have been missed. */
async function listen(channel, heard, gap) {
    const client = new pg.Client({ options: session });
    client.on('error', () => {});
    client.on('end', () => setTimeout(() => listen(channel, heard, gap).then(gap).catch(() => {}), 100));
    client.on('notification', ({ payload }) => heard(payload));
    await client.connect();
    await client.query(`listen ${channel}`);
}

export async function connect({ readers, writers, pipeline }) {
    const lane = (size) => (pipeline ? new Lane(size, true) : new Pooled(size)).open();
    const [reading, writing] = await Promise.all([lane(readers), lane(writers)]);
    return {
        read: (statement, values) => reading.query(statement, values),
        write: (statement, values) => writing.query(statement, values),
        listen,
        end: () => Promise.all([reading.end(), writing.end()]),
    };
}
