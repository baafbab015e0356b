// The mails that a city sent: its server runs with --mail-dir (see city.mjs), and each mail is a file.
//
//   const mails = mailbox(city);
//   const { subject, text } = await mails.next('sato@example.jp');   // the oldest to that address that was not given yet
//   mails.all('sato@example.jp')                                      // all that are there, oldest first
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** RFC 2047: encoded words to text; the space between two of them is none. */
function decodeWords(value) {
    return value.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, word) => Buffer.from(word, 'base64').toString());
}

/** A mail as it travels -> { subject, text, from, to, headers, raw }; headers by name in lower case. */
export function parseMail(raw) {
    const [, head, body] = /^(.*?)\r\n\r\n(.*)$/s.exec(raw);
    const headers = {};
    for (const line of head.replace(/\r\n[ \t]/g, ' ').split('\r\n')) {
        const [, name, value] = /^([!-9;-~]+): (.*)$/.exec(line);
        if (name.toLowerCase() in headers) throw new Error(`two headers ${name}`);
        headers[name.toLowerCase()] = decodeWords(value);
    }
    if (headers['content-transfer-encoding'] !== 'base64') throw new Error(`encoding ${headers['content-transfer-encoding']}`);
    const text = Buffer.from(body, 'base64').toString().replaceAll('\r\n', '\n');
    return { subject: headers.subject, text, from: headers.from, to: headers.to.replace(/^<(.*)>$/, '$1'), headers, raw };
}

const boxes = new WeakMap();

class Mailbox {
    constructor(dir) {
        this.dir = dir;
        this.read = new Map();
        this.given = new Set();
    }

    #look() {
        const id = (name) => Number(/-(\d+)\.eml$/.exec(name)[1]);
        for (const name of readdirSync(this.dir).filter((each) => each.endsWith('.eml')).sort((a, b) => id(a) - id(b))) {
            if (!this.read.has(name)) this.read.set(name, { id: id(name), ...parseMail(readFileSync(join(this.dir, name), 'latin1')) });
        }
        return [...this.read.values()].sort((a, b) => a.id - b.id);
    }

    /** What is there, oldest first; of one address, or of all. */
    all(address) {
        return this.#look().filter((mail) => !address || mail.to === address);
    }

    /** Waits for the next mail to an address, each given once. */
    async next(address, ms = 15_000) {
        for (const until = Date.now() + ms; ; await sleep(20)) {
            const mail = this.all(address).find((each) => !this.given.has(each.id));
            if (mail) {
                this.given.add(mail.id);
                return mail;
            }
            if (Date.now() > until) throw new Error(`no mail to ${address} within ${ms} ms; there are ${this.read.size} in all`);
        }
    }
}

/** One for each city: what was given once is given to nobody again. */
export function mailbox(city) {
    if (!boxes.has(city)) boxes.set(city, new Mailbox(city.mailDir));
    return boxes.get(city);
}
