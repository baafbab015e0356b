// An authenticator in software: makes passkeys and shows them, as WebAuthn says, by node:crypto. Every part can be made wrong.
import { createHash, createSign, generateKeyPairSync, randomBytes, sign as signPlain } from 'node:crypto';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

/** The little CBOR (RFC 8949) that keys need: integers, bytes, maps. */
function head(major, n) {
    if (n < 24) return Buffer.from([(major << 5) | n]);
    if (n < 256) return Buffer.from([(major << 5) | 24, n]);
    return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
}
const cborInt = (n) => (n >= 0 ? head(0, n) : head(1, -1 - n));
const cborBytes = (bytes) => Buffer.concat([head(2, bytes.length), bytes]);
const cborMap = (pairs) => Buffer.concat([head(5, pairs.length), ...pairs.flat().map((one) => (Buffer.isBuffer(one) ? cborBytes(one) : cborInt(one)))]);

const KINDS = {
    '-7': {
        make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
        cose: ({ x, y }) => cborMap([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]]),
        sign: (key, bytes) => createSign('sha256').update(bytes).sign(key),
    },
    '-8': {
        make: () => generateKeyPairSync('ed25519'),
        cose: ({ x }) => cborMap([[1, 1], [3, -8], [-1, 6], [-2, Buffer.from(x, 'base64url')]]),
        sign: (key, bytes) => signPlain(null, bytes, key),
    },
    '-257': {
        make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
        cose: ({ n, e }) => cborMap([[1, 3], [3, -257], [-1, Buffer.from(n, 'base64url')], [-2, Buffer.from(e, 'base64url')]]),
        sign: (key, bytes) => createSign('sha256').update(bytes).sign(key),
    },
};

export const FLAGS = { present: 1, verified: 4, eligible: 8, backedUp: 16, credential: 64 };

export class Authenticator {
    constructor(origin, { algorithm = -7 } = {}) {
        Object.assign(this, { origin, algorithm, count: 0, id: randomBytes(32), handle: null });
        this.key = KINDS[algorithm].make();
    }

    #clientData(type, challenge, { origin = this.origin, ...more } = {}) {
        return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...more }));
    }

    #data(rp_id, flags, rest = Buffer.alloc(0)) {
        const count = Buffer.alloc(4);
        count.writeUInt32BE(this.count);
        return Buffer.concat([sha256(rp_id), Buffer.from([flags]), count, rest]);
    }

    /** The body of POST /api/passkeys. */
    make({ challenge, rp_id, user_handle }, { flags = FLAGS.present | FLAGS.verified | FLAGS.credential, said = {}, type = 'webauthn.create', name = '試験の端末', ...change } = {}) {
        this.handle = user_handle;
        const cose = KINDS[this.algorithm].cose(this.key.publicKey.export({ format: 'jwk' }));
        const length = Buffer.from([this.id.length >> 8, this.id.length & 255]);
        const attested = flags & FLAGS.credential ? Buffer.concat([Buffer.alloc(16), length, this.id, cose]) : Buffer.alloc(0);
        return {
            client_data: b64(this.#clientData(type, challenge, said)),
            authenticator_data: b64(this.#data(change.rp_id ?? rp_id, flags, attested)),
            name,
        };
    }

    /** The body of POST /api/session/passkey. */
    show({ challenge, rp_id }, { flags = FLAGS.present | FLAGS.verified, said = {}, type = 'webauthn.get', ...change } = {}) {
        const client = this.#clientData(type, challenge, said);
        const data = this.#data(change.rp_id ?? rp_id, flags);
        const signature = KINDS[this.algorithm].sign(this.key.privateKey, Buffer.concat([data, sha256(client)]));
        return { credential_id: b64(this.id), client_data: b64(client), authenticator_data: b64(data), signature: b64(signature), user_handle: this.handle };
    }
}
