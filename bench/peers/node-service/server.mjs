// The peer of todoke's rush path: the same service as a Node team would write it. See README.md.
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { absenceRoutes } from './absences.mjs';
import { childRoutes } from './children.mjs';
import { connect } from './database.mjs';
import { liveHub } from './live.mjs';
import { answerProblem, problem, refuseError } from './problems.mjs';
import { requireSession } from './sessions.mjs';

const env = process.env;
const securityHeaders = {
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
};

const app = Fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    keepAliveTimeout: 75_000,
    routerOptions: { ignoreTrailingSlash: false },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: true } },
    https: env.TLS_CERT && {
        cert: readFileSync(env.TLS_CERT),
        key: readFileSync(env.TLS_KEY),
        minVersion: 'TLSv1.3',
        ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
        honorCipherOrder: true, // the same choice as todoke's
        ecdhCurve: 'X25519:P-256:P-384',
        ALPNProtocols: ['http/1.1'],
    },
});

const db = await connect({
    readers: Number(env.DB_READERS ?? 2),
    writers: Number(env.DB_WRITERS ?? 2),
    pipeline: env.DB_PIPELINE === 'on',
});

app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
});

// The bytes are kept: what makes two requests the same under one key is the body as it was sent.
const parseJson = app.getDefaultJsonParser('error', 'error');
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body;
    parseJson(request, body.toString(), (error, value) => done(error ? problem('malformed') : null, value));
});
app.decorateRequest('rawBody', null);
app.decorateRequest('session', null);

app.setErrorHandler(refuseError);
app.setNotFoundHandler((request, reply) => answerProblem(reply, problem('not_found')));

app.get('/readyz', async () => ({ ready: true }));
app.register(async (api) => {
    api.addHook('onRequest', requireSession(db));
    api.register(childRoutes(db));
    api.register(absenceRoutes(db));
}, { prefix: '/api' });

const hub = await liveHub(db, app.server);

await app.listen({ host: '127.0.0.1', port: Number(env.PORT ?? 8444), backlog: 4096 });
console.log(`ready on port ${app.server.address().port}`);

for (const signal of ['SIGTERM', 'SIGINT'])
    process.once(signal, async () => {
        hub.close();
        app.server.closeIdleConnections();
        await app.close();
        await db.end();
        process.exit(0);
    });
