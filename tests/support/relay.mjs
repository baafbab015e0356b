// A mail server for tests (npm smtp-server), which can be told to misbehave.
//
//   const relay = await startRelay();                       // or { starttls: true, user, password }
//   relay.port   relay.mails -> [{ from, to, subject, text, headers, secure, user }] as they were taken
//   relay.onRcpt = (address) => error(550, '5.1.1 no such person')   // or relay.onContent = (mail) => ...; may be async
//   relay.cut(session)   await relay.stop()   await relay.restart()
import { readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { freePort } from './city.mjs';
import { parseMail } from './mailbox.mjs';

/** What a hook returns to refuse. */
export const error = (responseCode, text) => Object.assign(new Error(text), { responseCode });

class Relay {
    constructor(options) {
        Object.assign(this, { options, mails: [], connections: 0 });
        this.onRcpt = this.onMail = this.onContent = () => undefined;
    }

    async begin() {
        this.port = await freePort();
        await this.restart();
        return this;
    }

    async restart() {
        const { starttls, secure, user, password } = this.options;
        const cert = process.env.TODOKE_CERT;
        const answer = async (callback, hook) => {
            const refusal = await hook();
            if (refusal !== 'silence') callback(refusal instanceof Error ? refusal : null, refusal instanceof Error ? undefined : '2.0.0 taken');
        };
        this.server = new SMTPServer({
            secure: Boolean(secure), cert: readFileSync(cert), key: readFileSync(join(dirname(cert), 'key.pem')),
            hideSTARTTLS: !starttls, disabledCommands: user ? [] : ['AUTH'], authOptional: !user, closeTimeout: 200, disableReverseLookup: true,
            onConnect: (session, callback) => { this.connections++; callback(); },
            onAuth: (auth, session, callback) =>
                (auth.username === user && auth.password === this.options.password ? callback(null, { user }) : callback(error(535, '5.7.8 wrong password'))),
            onMailFrom: (address, session, callback) => void answer(callback, () => this.onMail(address.address, session)),
            onRcptTo: (address, session, callback) => void answer(callback, () => this.onRcpt(address.address, session)),
            onData: (stream, session, callback) => {
                const parts = [];
                stream.on('data', (part) => parts.push(part));
                stream.on('end', () => void answer(callback, async () => {
                    const mail = {
                        ...parseMail(Buffer.concat(parts).toString('latin1')), secure: session.secure, user: session.user,
                        from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((each) => each.address).join(),
                    };
                    const refusal = await this.onContent(mail, session);
                    if (!refusal) this.mails.push(mail);
                    return refusal;
                }));
            },
        });
        this.server.on('error', () => {}); // a client that goes away
        await new Promise((resolve, reject) => {
            this.server.once('error', reject);
            this.server.listen(this.port, '127.0.0.1', resolve);
        });
    }

    /** The connection breaks, without a word. */
    cut(session) {
        for (const each of this.server.connections) if (each.id === session.id) each._socket.destroy();
    }

    to(address) { return this.mails.filter((mail) => mail.to === address); }

    async stop() { await new Promise((resolve) => { this.server.close(resolve); }); }
}

export const startRelay = (options = {}) => new Relay(options).begin();
