// A push service for tests (RFC 8030 over HTTP/2), which can be told to misbehave, and browsers that it reaches. What arrives
// is decrypted by npm http_ece, its sender checked by node's own crypto: nothing of the program's is used.
//
//   const gateway = await startGateway();            gateway.options -> words of serve
//   const browser = gateway.browser();               browser.subscription -> { endpoint, p256dh, auth } as the API takes it
//   browser.pushes -> [{ data, headers }]            as they were taken
//   gateway.onPush = (browser) => 410 | { status: 429, headers: { 'retry-after': '1' } } | 'cut' | 'lose' | undefined
//   await gateway.stop()  await gateway.restart()
import { execFileSync } from 'node:child_process';
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { constants, createSecureServer } from 'node:http2';
import { dirname, join } from 'node:path';
import ece from 'http_ece';
import { binary, freePort, sleep } from './city.mjs';

/** The claims of a VAPID header (RFC 8292) whose signature holds, and the key. */
function authorised(header) {
    const [, token, key] = /^vapid t=([\w-]+\.[\w-]+\.[\w-]+), k=([\w-]+)$/.exec(header);
    const point = Buffer.from(key, 'base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
    const [head, claims, signature] = token.split('.');
    const good = verify('sha256', Buffer.from(`${head}.${claims}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'));
    if (!good) throw new Error('a signature that does not hold');
    return { head: JSON.parse(Buffer.from(head, 'base64url')), ...JSON.parse(Buffer.from(claims, 'base64url')), key };
}

class Browser {
    constructor(gateway) {
        this.ecdh = createECDH('prime256v1');
        this.ecdh.generateKeys();
        this.auth = randomBytes(16);
        this.name = randomBytes(24).toString('base64url');
        this.pushes = [];
        this.subscription = { endpoint: `${gateway.origin}/push/${this.name}`, p256dh: this.ecdh.getPublicKey('base64url'), auth: this.auth.toString('base64url') };
    }

    take(body, headers) {
        const plain = ece.decrypt(body, { version: 'aes128gcm', privateKey: this.ecdh, authSecret: this.auth });
        this.pushes.push({ data: JSON.parse(plain), bytes: body.length, headers });
    }
}

class Gateway {
    constructor() {
        Object.assign(this, { browsers: new Map(), claims: [], sessions: new Set(), sockets: new Set(), tries: 0, connections: 0, onPush: () => undefined });
    }

    async begin(dir) {
        this.port = await freePort();
        this.origin = `https://localhost:${this.port}`;
        this.key = join(dir, `push-${this.port}.pem`);
        execFileSync(binary, ['push-key', this.key]);
        this.options = ['--push-key', this.key, '--push-gateways', `push.example.jp, localhost:${this.port}`, '--push-private',
            '--push-ca', process.env.TODOKE_CERT];
        await this.restart();
        return this;
    }

    browser() {
        const browser = new Browser(this);
        this.browsers.set(`/push/${browser.name}`, browser);
        return browser;
    }

    async restart() {
        const cert = process.env.TODOKE_CERT;
        this.server = createSecureServer({ cert: readFileSync(cert), key: readFileSync(join(dirname(cert), 'key.pem')) });
        this.server.on('connection', (socket) => {
            this.sockets.add(socket);
            socket.on('close', () => this.sockets.delete(socket));
        });
        this.server.on('session', (session) => {
            this.connections++;
            this.sessions.add(session);
            session.on('close', () => this.sessions.delete(session));
            session.on('error', () => {});
        });
        this.server.on('stream', (stream, headers) => this.#answer(stream, headers));
        await new Promise((resolve) => { this.server.listen(this.port, '127.0.0.1', resolve); });
    }

    #answer(stream, headers) {
        const parts = [];
        stream.on('error', () => {});
        stream.on('data', (part) => parts.push(part));
        stream.on('end', async () => {
            this.tries++;
            const browser = this.browsers.get(headers[':path']);
            const what = browser ? await this.onPush(browser) : 404;
            if (what === 'cut') return void stream.close(constants.NGHTTP2_INTERNAL_ERROR);
            const { status = 201, headers: more = {} } = typeof what === 'object' ? what : { status: typeof what === 'number' ? what : 201 };
            if (status === 201) {
                this.claims.push(authorised(headers.authorization));
                browser.take(Buffer.concat(parts), headers);
            }
            if (what === 'lose') return void stream.session.destroy();
            if (!stream.destroyed) {
                stream.respond({ ':status': status, ...more });
                stream.end(status === 201 ? undefined : 'nothing that anybody may log');
            }
        });
    }

    async stop() {
        for (const session of this.sessions) session.close(); // what is under way is answered
        await sleep(300);
        for (const socket of this.sockets) socket.destroy();
        await new Promise((resolve) => { this.server.close(resolve); });
    }
}

export const startGateway = (dir = dirname(process.env.TODOKE_CERT)) => new Gateway().begin(dir);
