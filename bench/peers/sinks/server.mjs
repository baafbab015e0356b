// A mail server and a push service that take everything, as cheaply as can be: what arrives is kept as it came, with its
// time, and read only at SIGTERM, when nobody measures any more. Each message becomes a line of OUT:
//   { way: "mail" | "push", to, at, data }     to: the address, or the last part of the endpoint; at: ms since 1970
// SMTP_PORT PUSH_PORT TLS_CERT TLS_KEY OUT; PUSH_PRIVATE: the browsers' key (P-256, hex), one for all of them.
import { createDecipheriv, createECDH, createHash, hkdfSync } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:net';

const { SMTP_PORT, PUSH_PORT, TLS_CERT, TLS_KEY, OUT, PUSH_PRIVATE } = process.env;
const taken = [];

const answers = { EHLO: '250-sink\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n', HELO: '250 sink\r\n', DATA: '354 go on\r\n', QUIT: '221 bye\r\n' };

/** RFC 5321, as far as a client goes that waits for each answer. */
function talk(socket) {
    let buffer = '', to = null, content = false;
    socket.setEncoding('latin1').setNoDelay(true).on('error', () => {}).write('220 sink\r\n');
    socket.on('data', (text) => {
        buffer += text;
        for (;;) {
            const end = buffer.indexOf(content ? '\r\n.\r\n' : '\r\n');
            if (end < 0) return;
            const said = buffer.slice(0, end);
            buffer = buffer.slice(end + (content ? 5 : 2));
            if (content) taken.push({ way: 'mail', to, at: Date.now(), raw: said });
            const word = content ? '' : said.slice(0, 4).toUpperCase();
            content = word === 'DATA';
            if (word === 'RCPT') [, to] = /<([^>]*)>/.exec(said);
            socket.write(answers[word] ?? '250 2.0.0 good\r\n');
            if (word === 'QUIT') socket.end();
        }
    });
}

function push(stream, headers) {
    const parts = [];
    stream.on('error', () => {}).on('data', (part) => parts.push(part)).on('end', () => {
        taken.push({ way: 'push', to: headers[':path'].slice(headers[':path'].lastIndexOf('/') + 1), at: Date.now(), raw: Buffer.concat(parts) });
        stream.respond({ ':status': 201 }, { endStream: true });
    });
}

/** A browser's secret, as the suite's SQL derives it. */
const secretOf = (name) => createHash('sha256').update(`device ${name}`).digest().subarray(0, 16);

/** RFC 8291 and 8188, one record. */
function open({ to, raw }, browser) {
    const salt = raw.subarray(0, 16), sender = raw.subarray(21, 21 + raw[20]), sealed = raw.subarray(21 + raw[20]);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]);
    const secret = Buffer.from(hkdfSync('sha256', browser.computeSecret(sender), secretOf(to), info, 32));
    const derive = (what, length) => Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length));
    const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
    cipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    return JSON.parse(plain.subarray(0, plain.lastIndexOf(2)));
}

/** The text; the program's mails are base64. */
const read = ({ raw }) => Buffer.from(raw.slice(raw.indexOf('\r\n\r\n')), 'base64').toString();

process.on('SIGTERM', () => {
    const browser = createECDH('prime256v1');
    browser.setPrivateKey(PUSH_PRIVATE, 'hex');
    const file = createWriteStream(OUT);
    for (const one of taken) file.write(`${JSON.stringify({ way: one.way, to: one.to, at: one.at, data: one.way === 'push' ? open(one, browser) : read(one) })}\n`);
    file.end(() => process.exit(0));
});

const pushes = createSecureServer({ cert: readFileSync(TLS_CERT), key: readFileSync(TLS_KEY) }).on('stream', push).on('session', (session) => session.on('error', () => {}));
createServer(talk).listen(Number(SMTP_PORT), '127.0.0.1', () => {
    pushes.listen(Number(PUSH_PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
});
