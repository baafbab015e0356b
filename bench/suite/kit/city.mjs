// A city to measure in: a private PostgreSQL with fsync and checksums, and a copy of a seeded database for each scenario.
// Seeding takes many seconds, so it is done once for each size and run; a scenario gets a copy of the files.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binary, place, postgresTool, secretFile, top } from './place.mjs';
import { execute, pin, plainEnvironment } from './process.mjs';
import { children, cpu, memory } from './proc.mjs';

const script = async (words, database) =>
    (await execute(join(top, 'scripts/postgres'), words, {
        env: { ...plainEnvironment(), TODOKE_VAR: place, TODOKE_FSYNC: 'on', ...(database ? { TODOKE_DATABASE: database } : {}) },
    })).stdout.trim();

/** SQL over a connection string; the answer as psql's unaligned text (fields: |, one line for each row). */
export async function sql(url, text) {
    const answer = await execute(postgresTool('psql'), ['-XAtq', '-v', 'ON_ERROR_STOP=1', url, '-c', text], { maxBuffer: 1 << 28 });
    return answer.stdout.trimEnd();
}

/** Files of an earlier run, or of this one. */
function tidy(pattern) {
    for (const name of readdirSync(place)) if (pattern.test(name)) rmSync(join(place, name), { force: true });
}

/** Truncated, and not analyzed: statistics that say "empty" make plans that read the whole table for each row, and the
 * morning fills it (PostgreSQL takes a table that it knows nothing of for ten pages). */
const empty = (url) => sql(url, 'set session_replication_role = replica; truncate absences, absence_versions, idempotency, tellings, outbox cascade');

export class Cluster {
    #started = false;
    #copies = 0;

    constructor(log) { this.log = log; }

    /** Whatever an earlier run left is gone; whatever a scenario did to the server is mended. */
    async start() {
        if (!this.#started) {
            mkdirSync(place, { recursive: true });
            await script(['destroy']);
            tidy(/^(ledger|tokens)-|\.log$/);
            this.#started = true;
        }
        await script(['start']);
    }

    /** A folder in the file system that the database lies in. */
    async folder() {
        await this.start();
        return dirname(/host=(\S+)/.exec(await this.url('super'))[1]);
    }

    url(role, database = 'postgres') { return script(['url', role], database); }
    async postmaster() { return Number((await script(['pid'])).split('\n')[0]); }

    async #template(students, sessions, preset) {
        const name = `template_${students}_${sessions ?? 'none'}`;
        const tokens = sessions === null ? null : join(place, `tokens-${students}-${sessions}.jsonl`);
        const admin = await this.url('super');
        if (await sql(admin, `select datistemplate from pg_database where datname = '${name}'`) === 't') return { name, tokens };
        this.log(`a city of ${students} children${tokens ? `, and ${sessions === 'all' ? "everybody's" : sessions} sessions` : ''}`);
        await sql(admin, `drop database if exists ${name}`);
        await sql(admin, `create database ${name} owner todoke_owner`);
        const todoke = binary('todoke', preset);
        const owner = await this.url('owner', name);
        const run = (...words) => execute(todoke, words, { env: plainEnvironment() });
        await run('migrate', '--db', owner);
        await run('seed', '--db', owner, '--secret-file', secretFile(), '--students', String(students), '--seed', '1', '--everyone', '--any-time');
        if (tokens) {
            rmSync(tokens, { force: true });
            await run('seed', '--db', owner, '--sessions', String(sessions), tokens);
        }
        await sql(await this.url('super', name), 'vacuum analyze');
        await empty(await this.url('super', name));
        await sql(admin, `alter database ${name} is_template true`);
        return { name, tokens };
    }

    async city({ students = 29000, sessions = 'all', build = 'release' } = {}) {
        await this.start();
        const from = await this.#template(students, sessions, build);
        const database = `city_${++this.#copies}`;
        // Copied as files: a copy by WAL keeps a sequence's values that are logged ahead, and gives them twice after a crash.
        await sql(await this.url('super'), `create database ${database} template ${from.name} owner todoke_owner strategy file_copy`);
        const [app, owner, superuser] = await Promise.all(['app', 'owner', 'super'].map((role) => this.url(role, database)));
        // One that every school has: the generator would ask the first guardian's school, which may have reasons of its own.
        const reason = Number(await sql(superuser, "select min(id) from reasons where school_id is null and not needs_note and 'absent' = any (kinds)"));
        return new City(this, { students, database, reason, tokens: from.tokens, db: { app, owner, super: superuser }, postmaster: await this.postmaster() });
    }

    async stop(keep) {
        if (!this.#started) return;
        await script([keep ? 'stop' : 'destroy']);
        if (!keep) tidy(/^(ledger|tokens)-/);
        this.#started = false;
    }
}

class City {
    constructor(cluster, facts) { Object.assign(this, { cluster, ledgers: 0 }, facts); }

    /** The postmaster and its backends. The postmaster is asked anew after `restarted()`. */
    pids() { return [this.postmaster, ...children(this.postmaster)]; }
    cpu() { return cpu([this.postmaster]); }
    memory() { return memory([this.postmaster]); }
    pin(core) { return pin(this.pids(), core); }
    sql(text) { return sql(this.db.super, text); }
    /** PostgreSQL was killed or restarted: start it if need be, learn its new pid. */
    async restarted() {
        await this.cluster.start();
        this.postmaster = await this.cluster.postmaster();
    }
    /** The name of a fresh file for the generator's ledger. */
    ledger() {
        const path = join(place, `ledger-${this.database}-${++this.ledgers}`);
        rmSync(path, { force: true });
        return path;
    }
    /** The sessions as they lie in the tokens file. */
    sessions() {
        return this.tokens && existsSync(this.tokens)
            ? readFileSync(this.tokens, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
    }

    /** No reports, no history of them, no keys; then a checkpoint. Nothing is announced: screens that are open keep what
     * they show, so open them afterwards. */
    async reset() {
        await empty(this.db.super);
        await sql(this.db.super, 'checkpoint');
    }

    async stop() {
        await this.pin(null);
        await sql(await this.cluster.url('super'), `drop database if exists ${this.database} with (force)`);
    }
}
