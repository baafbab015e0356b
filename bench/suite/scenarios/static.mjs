import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import { join } from 'node:path';

const SIZES = [1, 16, 300], CONNECTIONS = 64, FILES = 8192;
const OWN = /^(date|server|connection|keep-alive|content-length|etag|last-modified|vary|accept-ranges|content-type)$/;

/** Text that no server could have a shorter form of. */
function folder(kit) {
    const root = join(kit.place, 'static');
    mkdirSync(join(root, 'assets'), { recursive: true });
    writeFileSync(join(root, 'index.html'), '<!doctype html>');
    for (const size of SIZES) writeFileSync(join(root, 'assets', `${size}.js`), `// ${'0123456789abcdef'.repeat(size * 64)}`.slice(0, size * 1024));
    return root;
}

function get(port, tls, path) {
    return new Promise((resolve, reject) => {
        const options = { host: '127.0.0.1', port, path, agent: false, rejectUnauthorized: false };
        (tls ? https : http).get(options, (answer) => {
            const parts = [];
            const cipher = tls ? answer.socket.getCipher().standardName : 'none';
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts), cipher }));
        }).on('error', reject);
    });
}

async function ours(kit, root) {
    const city = await kit.city({ students: 200, sessions: null });
    await city.pin(kit.cores.generator);
    const start = (tls) => kit.todoke(city, { tls, core: kit.cores.server, args: ['--assets', root] });
    return { plain: await start(false), tls: await start(true) };
}

/** The same header lines as todoke's, so that both send the same. */
async function nginx(kit, root, model) {
    const dir = join(kit.place, 'static-nginx');
    const headers = Object.entries(model).filter(([name]) => !OWN.test(name)).map(([name, value]) => `        add_header ${name} "${value}";`);
    const { username, gid } = os.userInfo();
    const group = readFileSync('/etc/group', 'utf8').split('\n').find((line) => line.split(':')[2] === String(gid)).split(':')[0];
    const values = {
        dir, root, files: FILES, connections: FILES / 2, user: username, group, plain: await kit.freePort(), tls: await kit.freePort(),
        cert: kit.certificate.cert, key: kit.certificate.key, headers: headers.join('\n'),
    };
    mkdirSync(dir, { recursive: true });
    const template = readFileSync(join(kit.peers, 'nginx/static.conf'), 'utf8');
    writeFileSync(join(dir, 'nginx.conf'), template.replace(/\{(\w+)\}/g, (whole, word) => values[word] ?? whole));
    const peer = await kit.peer({ name: 'nginx', argv: ['/usr/sbin/nginx', '-p', dir, '-c', join(dir, 'nginx.conf')], port: values.tls, core: kit.cores.server });
    return { plain: { ...peer, port: values.plain }, tls: { ...peer, port: values.tls } };
}

const script = (kit) => {
    const path = join(kit.place, 'static.lua');
    writeFileSync(path, `function done(s, l, r)
    io.write(string.format('\\n{"requests":%d,"bytes":%d,"microseconds":%d,"bad":%d,"broken":%d}\\n',
        s.requests, s.bytes, s.duration, s.errors.status, s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout))
end\n`);
    return path;
};

/** One window of wrk. `whole`: bytes of one answer, its head included; what is not a multiple of it was under way at the end. */
async function window(kit, lua, server, tls, path, whole, seconds) {
    const before = server.cpu();
    const { stdout } = await kit.execute('taskset', ['-c', String(kit.cores.generator), 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', lua,
        `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}${path}`]);
    const cpu = server.cpu() - before;
    const said = JSON.parse(stdout.trim().split('\n').at(-1));
    const { requests, bytes, microseconds } = said;
    return {
        value: requests / cpu, rate: requests / (microseconds / 1e6), share: cpu / (microseconds / 1e6), requests,
        whole: said.bad === 0 && said.broken === 0 && bytes >= requests * whole && bytes < (requests + CONNECTIONS) * whole,
    };
}

/** The bytes of an answer on the wire. */
const weight = (answer, raw) => raw.length + answer.body.length;

function rawHead(port, tls, path) {
    return new Promise((resolve, reject) => {
        import(tls ? 'node:tls' : 'node:net').then(({ connect }) => {
            const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () =>
                socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
            let text = '';
            socket.setEncoding('latin1').on('error', reject).on('data', (part) => {
                text += part;
                const end = text.indexOf('\r\n\r\n');
                if (end < 0) return;
                socket.destroy();
                resolve(text.slice(0, end + 4));
            });
        });
    });
}

const caseName = (tls, size) => `${size} KiB, ${tls ? 'TLS' : 'plain'}`;

async function look(server, tls, path, file) {
    const answer = await get(server.port, tls, path);
    const head = await rawHead(server.port, tls, path);
    return { cipher: answer.cipher, same: answer.status === 200 && answer.body.equals(file), whole: weight(answer, head) };
}

export default {
    name: 'static', row: 8, title: 'Files: the web app itself',
    about: `The files of the web app (1, 16 and 300 KiB, plain and over TLS) are asked for again and again over 64 open
        connections, from todoke and from nginx, which is made for this. Each has the same core for itself; counted is how many
        answers a second of its CPU time gives. Both send the same files with the same header lines.`,
    seconds: 70,
    async run(kit) {
        const root = folder(kit), lua = script(kit), seconds = 1;
        const todoke = await ours(kit, root);
        const model = (await get(todoke.plain.port, false, '/assets/1.js')).headers;
        const sides = { todoke, nginx: await nginx(kit, root, model) };
        const measures = [], windows = [], looks = [];
        for (const tls of [false, true]) for (const size of SIZES) {
            const path = `/assets/${size}.js`, file = readFileSync(join(root, path));
            const window_ = async (side) => {
                const server = side[tls ? 'tls' : 'plain'];
                const seen = await look(server, tls, path, file);
                looks.push({ ...seen, tls });
                const one = await window(kit, lua, server, tls, path, seen.whole, seconds);
                windows.push(one);
                return one;
            };
            const values = await kit.interleave({ todoke: () => window_(sides.todoke), nginx: () => window_(sides.nginx) });
            const subjects = (of) => Object.entries(values).map(([name, rounds]) => ({ name, rounds: rounds.map(of) }));
            measures.push({
                name: `${caseName(tls, size)}: answers per CPU second of the server`, unit: '1/s', better: 'higher', subjects: subjects((one) => one.value),
                ratios: [{ of: 'todoke', to: 'nginx', target: { at: '>=', value: size > 16 ? 1 : 1.3 }, words: 'times as many as nginx' }],
            }, {
                name: `${caseName(tls, size)}: answers per second, as fast as wrk asks`, unit: '1/s', better: 'higher', subjects: subjects((one) => one.rate),
                ratios: [{ of: 'todoke', to: 'nginx', words: 'times as many as nginx' }],
            });
        }
        const ciphers = [...new Set(looks.filter((one) => one.tls).map((one) => one.cipher))];
        const shares = windows.map((one) => Math.round(one.share * 100));
        return {
            measures,
            checks: [
                { name: 'every answer was 200 and had its whole length', ok: windows.every((one) => one.whole),
                    said: `${windows.reduce((sum, one) => sum + one.requests, 0)} answers counted in ${windows.length} windows, and their bytes` },
                { name: 'the bytes are the file\'s', ok: looks.every((one) => one.same), said: `${looks.length} answers compared, one before each window` },
                { name: 'the same cipher for both', ok: ciphers.length === 1, said: ciphers.join(', ') },
            ],
            notes: [`CPU time, because wrk is the fuller side with long answers: the servers used ${Math.min(...shares)} to ${Math.max(...shares)} % of their core`],
        };
    },
};
