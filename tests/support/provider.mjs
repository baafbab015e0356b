// A real provider of OpenID Connect (npm oidc-provider) for tests, and somebody who walks through its pages.
//
//   const provider = await openProvider();                 // chooses its port; city.mjs gets provider.file({...})
//   await provider.listen(`${city.origin}/signin/oidc`, ['client']);   // clients know where to send people back
//   provider.people.hanako = { email: '…', email_verified: true };
//   const { code, state } = await provider.walk(url, 'hanako');
import { createServer } from 'node:https';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { Provider } from 'oidc-provider';
import { freePort, top } from './city.mjs';
import { exchange } from './client.mjs';

const cert = process.env.TODOKE_CERT;
const SECRET = 'only-for-tests-0123456789abcdef';

class TestProvider {
    constructor(port) {
        this.issuer = `https://localhost:${port}`;
        this.port = port;
        this.secret = SECRET;
        /** By login name, which is the subject too: the claims of each. */
        this.people = {};
    }

    /** One line of the server's --oidc file. */
    entry(name, plus = {}) {
        return { name, label: `試験の組織 ${name}`, issuer: this.issuer, client_id: name, client_secret: SECRET, domains: ['school.example'], ca: cert, ...plus };
    }

    /** Closed after the file's tests; `keep`: the caller closes it, as is due in a hook. */
    listen(redirect_uri, clients, { keep = false } = {}) {
        const provider = new Provider(this.issuer, {
            clients: clients.map((client_id) => ({ client_id, client_secret: SECRET, redirect_uris: [redirect_uri], token_endpoint_auth_method: 'client_secret_post' })),
            claims: { openid: ['sub'], email: ['email', 'email_verified'] },
            // Google and Entra put the address into the ID token.
            conformIdTokenClaims: false,
            cookies: { keys: ['only-for-tests'] },
            findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.people[id] }) }),
        });
        this.server = createServer({ cert: readFileSync(cert), key: readFileSync(join(dirname(cert), 'key.pem')) }, provider.callback());
        if (!keep) after(() => this.close());
        return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    }

    close() {
        this.server?.closeAllConnections();
        this.server?.close();
    }

    /** From the address that the city gives to the address that leads back; resolves to what that one says. */
    async walk(url, login) {
        const cookies = new Map();
        let form;
        for (let turn = 0; turn < 12; turn++) {
            const headers = { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') };
            if (form) headers['content-type'] = 'application/x-www-form-urlencoded';
            const answer = await exchange(url, { method: form ? 'POST' : 'GET', headers, body: form });
            for (const set of answer.headers['set-cookie'] ?? []) {
                const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
                cookies.set(name, value);
            }
            form = undefined;
            const to = answer.headers.location;
            if (to) {
                url = new URL(to, url).href;
                if (!url.startsWith(this.issuer)) return Object.fromEntries(new URL(url).searchParams);
                continue;
            }
            const prompt = /name="prompt" value="(\w+)"/.exec(answer.body)?.[1];
            if (!prompt) throw new Error(`${url}: ${answer.status} ${String(answer.body).slice(0, 500)}`);
            form = String(new URLSearchParams({ prompt, ...(prompt === 'login' ? { login, password: 'any' } : {}) }));
        }
        throw new Error('the provider leads nowhere');
    }
}

export const openProvider = async () => new TestProvider(await freePort());

let files = 0;
/** The --oidc file with these entries; resolves to its path. */
export function oidcFile(entries) {
    const path = join(top, 'build/test', `oidc-${process.pid}-${++files}.json`);
    writeFileSync(path, typeof entries === 'string' ? entries : JSON.stringify(entries));
    return path;
}
