// Where things are. TODOKE_VAR: another place for database and results; TODOKE_BUILD: another build folder.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const place = resolve(process.env.TODOKE_VAR ?? join(top, 'var/bench'));
export const peers = join(top, 'bench/peers');

export function binary(name, preset = 'release') {
    const path = join(process.env.TODOKE_BUILD ?? join(top, 'build', preset), name);
    if (!existsSync(path)) throw new Error(`${path} is not there (scripts/bench builds it)`);
    return path;
}

/** The server's --secret-file; a city's second factors are sealed with it. */
export function secretFile() {
    const path = join(place, 'secret');
    mkdirSync(place, { recursive: true });
    if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600 });
    return path;
}

/** A tool of the newest PostgreSQL that is installed (pgbench, psql). */
export function postgresTool(name) {
    const root = '/usr/lib/postgresql';
    const version = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a))[0] : undefined;
    if (!version) throw new Error('PostgreSQL is not installed (scripts/setup)');
    return join(root, version, 'bin', name);
}

/** A Node whose ABI the uWebSockets binary was made for (115, Node 20). */
export function node20() {
    const fetched = join(top, 'build/deps/node20/bin/node');
    return process.versions.modules === '115' ? process.execPath : fetched;
}
