// What a person has who signs in: a password, an authenticator app (RFC 6238, here written once more, by node:crypto).
import { createHmac } from 'node:crypto';

/** The demonstration's: its hash is borrowed, because making one is slow on purpose. */
export const password = 'todoke-demo';
let hash;

/** Gives an account the password above. */
export async function setPassword(city, account) {
    hash ??= (await city.one('select password_hash from accounts where password_hash is not null limit 1')).password_hash;
    await city.query('update accounts set password_hash = $2 where id = $1', [account, hash]);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function base32(text) {
    let held = 0, bits = 0;
    const bytes = [];
    for (const c of text) {
        held = (held << 5) | ALPHABET.indexOf(c);
        bits += 5;
        if (bits >= 8) { bytes.push((held >> (bits - 8)) & 255); bits -= 8; held &= (1 << bits) - 1; }
    }
    return Buffer.from(bytes);
}

/** The code that an app with this secret shows, `steps` half minutes from now. */
export function codeAt(secret, steps = 0) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
    const mac = createHmac('sha1', base32(secret)).update(counter).digest();
    const at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
