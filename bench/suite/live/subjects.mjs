// The servers whose screens are measured, all behind the same face:
//   { name, server: { port, tls }, cpu(), memory(), screens, publisher, stop() }
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpPublisher, RowPublisher } from './publishers.mjs';
import { Screens } from './screens.mjs';

const FILES = 19000; // what a process may open here, but for a few of its own

/** Reports of one school, so that there is something to change. The version has the same size for as long as we run. */
async function reportRows(city, school, count) {
    const rows = await city.sql(`
        insert into absences (school_id, student_id, first_day, last_day, kind, note, via, reported_by, changed_by, changed_via, version)
        select s.school_id, s.id, today(), today(), 'absent', 'note 0000000', 'school', a.id, a.id, 'school', 1000
        from students s, (select min(id) as id from accounts) a
        where s.school_id = ${school} and s.left_on is null
          and not exists (select from absences o where o.student_id = s.id and o.last_day >= today())
        order by s.id limit ${count} returning id`);
    const ids = rows.split('\n').filter(Boolean);
    if (ids.length < count) throw new Error(`school ${school} has no ${count} children without a report`);
    return ids;
}

/** The biggest schools whose office is in the tokens file. */
export async function schoolsOf(city) {
    const offices = new Set(city.sessions().filter((one) => one.role === 'office').map((one) => Number(one.school_id)));
    const all = await city.sql('select school_id from students where left_on is null group by school_id order by count(*) desc, school_id');
    return all.split('\n').map(Number).filter((school) => offices.has(school));
}

/** todoke: the office screens of one school, whose reports change. */
export async function todoke(kit, city, { name = 'todoke', tls, school, sockets, rows = 32 }) {
    const ids = await reportRows(city, school, rows);
    const server = await kit.todoke(city, { tls, core: kit.cores.server });
    const screens = new Screens(kit, server, { sockets, tokens: city.tokens, topic: `absences/school/${school}` });
    return { name, server, screens, publisher: new RowPublisher(kit, city.db.super, ids), cpu: server.cpu, memory: server.memory, pids: server.pids, stop: () => server.stop() };
}

/** todoke with every session's own screen. */
export async function todokeOwn(kit, city, { name = 'todoke', tls = true, sockets, subscribe = true, dialing }) {
    const server = await kit.todoke(city, { tls, core: kit.cores.server });
    const screens = new Screens(kit, server, { sockets, tokens: city.tokens, subscribe, dialing });
    return { name, server, screens, cpu: server.cpu, memory: server.memory, pids: server.pids, stop: () => server.stop() };
}

async function peer(kit, { name, argv, tls = false, port, path = '/', sockets, dialing, payload, single, ready = /ready/ }) {
    const running = await kit.peer({ name, argv, port, core: kit.cores.server, ready });
    const server = { port, tls };
    const screens = new Screens(kit, server, { sockets, path, dialing });
    const publisher = payload && new HttpPublisher({ port, payload, single });
    return { name, server, screens, publisher, cpu: running.cpu, memory: running.memory, pids: running.pids, stop: () => running.stop() };
}

export async function sendLoop(kit, wish) {
    const port = await kit.freePort();
    return peer(kit, { name: 'send loop', argv: [kit.binary('peer-send_loop'), '--port', String(port)], port, ...wish });
}

const certificate = (kit, tls) => (tls ? ['--cert', kit.certificate.cert, '--key', kit.certificate.key] : []);

export async function uws(kit, wish) {
    const port = await kit.freePort();
    const argv = [kit.node20, join(kit.peers, 'uws/server.mjs'), '--port', String(port), ...certificate(kit, wish.tls)];
    return peer(kit, { name: 'uWebSockets', argv, port, ...wish });
}

export async function ws(kit, { name = 'ws', broadcast = 'send', ...wish }) {
    const port = await kit.freePort();
    const argv = [kit.node20, join(kit.peers, 'ws/server.mjs'), '--port', String(port), '--broadcast', broadcast, ...certificate(kit, wish.tls)];
    return peer(kit, { name, argv, port, ...wish });
}

export async function nchan(kit, wish) {
    const port = await kit.freePort();
    const dir = join(kit.place, `nchan-${port}`);
    const values = {
        dir, port, files: FILES, connections: FILES - 1000, modules: '/usr/lib/nginx/modules', listen: wish.tls ? 'ssl' : '',
        tls: wish.tls ? `ssl_certificate ${kit.certificate.cert}; ssl_certificate_key ${kit.certificate.key};
        ssl_protocols TLSv1.3; ssl_ecdh_curve X25519; ssl_buffer_size 4k; ssl_session_cache off;` : '',
    };
    const template = readFileSync(join(kit.peers, 'nginx/nchan.conf'), 'utf8');
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'nginx.conf'), template.replace(/\{(\w+)\}/g, (whole, word) => values[word] ?? whole));
    return peer(kit, {
        name: 'nginx + nchan', argv: ['/usr/sbin/nginx', '-p', dir, '-c', join(dir, 'nginx.conf')], port, ready: port, path: '/live', single: true, ...wish,
    });
}

/** The sockets and the publisher; the servers are the kit's, or stop() ends one early. */
export async function letGo(subjects) {
    for (const one of subjects) {
        await one.screens.stop();
        await one.publisher?.stop();
    }
}
