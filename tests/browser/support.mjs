// What the browser tests share: a city to look at, a real Chromium, people who are signed in.
//
// TODOKE_URL names a running demonstration city; without it, one is started for the file. A city that is looked at
// again and again stays usable: what a test reported it takes back (clear).
import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--in-process-gpu', '--disable-component-update', '--disable-sync',
    // A service worker is refused under a certificate of our own, whatever the context ignores.
    '--ignore-certificate-errors'];

export const PHONE = { width: 360, height: 780 };
export const DESK = { width: 1440, height: 900 };
export const WALL = { width: 1920, height: 1080 };

export function dayAfter(day, n) {
    const date = new Date(`${day}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + n);
    return date.toISOString().slice(0, 10);
}

class Person {
    constructor(page, account) {
        this.page = page;
        this.account = account;
        this.errors = [];
        page.on('pageerror', (error) => this.errors.push(error.message));
        page.on('console', (message) => {
            if (/Content Security Policy/i.test(message.text())) this.errors.push(message.text());
        });
    }

    async go(path) { await this.page.goto((this.wire?.origin ?? this.origin) + path); }

    /** Without a network, the service worker included: Chromium's own switch doesn't reach one that has just started. */
    async offline(off) {
        this.wire.cut(off);
        await this.page.context().setOffline(off);
    }

    /** The API with this person's cookie. */
    async api(method, path, data) {
        const answer = await this.page.context().request.fetch(`${this.origin}/api${path}`, {
            method, data, headers: { 'Idempotency-Key': randomUUID(), Origin: this.origin, 'Sec-Fetch-Site': 'same-origin' },
        });
        const text = await answer.text();
        return { status: answer.status(), body: text ? JSON.parse(text) : undefined };
    }
}

/** A way to the server that can be cut: its connections end, and new ones are closed at once. */
async function openWire(origin) {
    const ends = new Set();
    let off = false;
    const server = createServer((near) => {
        if (off) return near.destroy();
        const far = connect(Number(new URL(origin).port), '127.0.0.1');
        for (const [end, other] of [[near, far], [far, near]]) {
            ends.add(end);
            end.on('error', () => other.destroy()).on('close', () => {
                ends.delete(end);
                other.destroy();
            }).pipe(other);
        }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cut = (now) => {
        off = now;
        if (off) for (const end of ends) end.destroy();
    };
    const close = () => {
        cut(true);
        server.close();
    };
    return { origin: `https://localhost:${server.address().port}`, cut, close };
}

/**
 * A city for one test file: { origin, accounts, open(role, viewport, { which, wire, zone }), nobody(viewport, { wire }),
 * city: ours or undefined, close() }. Other options are startCity's. own: never a running one; the test looks into its database and its mails.
 */
export async function openCity({ own = false, ...options } = {}) {
    let origin = own ? undefined : process.env.TODOKE_URL, city;
    if (!origin) {
        const { startCity } = await import('../support/city.mjs');
        city = await startCity({ students: 1200, keep: true, ...options });
        origin = city.origin;
    }
    const browser = await chromium.launch({ executablePath: fileURLToPath(new URL('chromium', import.meta.url)), args: FLAGS });
    const wires = [];
    const close = async () => {
        await browser.close();
        for (const wire of wires) wire.close();
        await city?.stop();
    };

    const context = async (viewport = DESK, zone = 'Asia/Tokyo') => {
        const made = await browser.newContext({ viewport, colorScheme: 'light', ignoreHTTPSErrors: true, locale: 'ja-JP', timezoneId: zone, reducedMotion: 'reduce' });
        // The hasher takes only the time that nobody else wants: on a full machine a password is checked late.
        made.setDefaultTimeout(45_000);
        return made;
    };
    const anonymous = await context();
    const { rows: accounts } = await (await anonymous.request.get(`${origin}/api/demo-accounts`)).json();

    /**
     * Someone at a screen, signed in; with a wire, over a network that can be cut. In a city of our own the session is put into the
     * database: passwords are checked slowly on purpose, and tests/browser/signin.test.mjs is where the sign-in page is walked.
     */
    const open = async (role, viewport, { which = 0, wire = false, zone } = {}) => {
        const account = accounts.filter((one) => one.role === role)[which];
        if (!account) throw new Error(`no demonstration account: ${role}`);
        const person = new Person(await (await context(viewport, zone)).newPage(), account);
        person.origin = origin;
        if (wire) wires.push(person.wire = await openWire(origin));
        if (!city) return signIn(person);
        const { id } = await city.one('select id from accounts where login_id = $1', [account.login_id]);
        const [name, value] = (await city.as(id)).cookie.split('=');
        await person.page.context().addCookies([{ name, value, url: origin, secure: true, httpOnly: true, sameSite: 'Lax' }]);
        await person.go('/');
        await person.page.waitForURL((url) => url.pathname !== '/' && url.pathname !== '/signin');
        return person;
    };

    /** Through the sign-in page. */
    const signIn = async (person) => {
        const { page, account } = person;
        await person.go('/signin');
        await page.getByLabel('ログインID').fill(account.login_id);
        await page.getByLabel('パスワード', { exact: true }).fill(account.password);
        await page.getByRole('button', { name: 'ログインする', exact: true }).click();
        if (account.code) await secondFactor(person);
        await page.waitForURL((url) => url.pathname !== '/signin');
        return person;
    };

    /** The code of the moment, which the page can't know unless its own list was chosen from. */
    const secondFactor = async ({ page, account }) => {
        const { rows } = await (await anonymous.request.get(`${origin}/api/demo-accounts`)).json();
        await page.getByLabel('確認コード').fill(rows.find((row) => row.login_id === account.login_id).code);
        await page.getByRole('button', { name: '確認する' }).click();
    };

    const nobody = async (viewport, { wire = false } = {}) => {
        const person = new Person(await (await context(viewport)).newPage());
        person.origin = origin;
        if (wire) wires.push(person.wire = await openWire(origin));
        return person;
    };

    return { origin, city, accounts, open, nobody, close };
}

/** The guardian's child in the demonstration teacher's class, and the sibling elsewhere. */
export async function children(guardian, teacher) {
    const { body: { rows } } = await guardian.api('GET', '/children');
    const { body: { rows: [own] } } = await teacher.api('GET', '/classes');
    const child = rows.find((one) => one.class_id === own.id);
    const sibling = rows.find((one) => one.class_id !== own.id);
    if (!child || !sibling) throw new Error('the demonstration guardian needs a child in the teacher\'s class, and another');
    return { child, sibling };
}

/** Takes back every report of a child from today on: as the guardian while that may be, else as the school. */
export async function clear(student, ...people) {
    const { body } = await people[0].api('GET', `/children/${student}/absences`);
    // Yesterday's too: the seeded city's chance may have chosen this child, and a range that began then would be refused.
    const yesterday = dayAfter((await people[0].api('GET', '/session')).body.today, -1);
    for (const row of body.rows.filter((one) => !one.cancelled_at && one.last_day >= yesterday)) {
        for (const person of people) {
            const { status } = await person.api('POST', `/absences/${row.id}/cancel`, { version: row.version });
            if (status === 200) break;
        }
    }
}

/** Fills the report form: child, kind, day, reason. The day is 今日, 明日 or [first, last]. */
export async function fill(page, { given, kind = '欠席', day = '明日', reason = '発熱', note }) {
    await page.getByRole('heading', { name: '欠席・遅刻・早退の連絡' }).waitFor();
    const ticks = page.getByRole('group', { name: 'だれの連絡ですか' }).getByRole('checkbox');
    await page.getByRole('group', { name: '理由' }).waitFor();
    for (const tick of await ticks.all()) {
        const name = await tick.evaluate((input) => input.closest('label').innerText);
        await tick.setChecked([given].flat().some((one) => name.includes(one)));
    }
    await page.getByRole('radio', { name: kind, exact: true }).check({ force: true });
    if (Array.isArray(day)) {
        await page.getByRole('radio', { name: '期間' }).check({ force: true });
        await page.getByLabel('初日').fill(day[0]);
        await page.getByLabel('最終日').fill(day[1]);
    } else await page.getByRole('radio', { name: new RegExp(day) }).check({ force: true });
    await page.getByRole('radio', { name: reason }).check({ force: true });
    if (note) await page.getByLabel('学校に伝えたいこと').fill(note);
}

export const send = (page) => page.getByRole('button', { name: '連絡する', exact: true }).click();

/** The id of the report whose receipt is on the screen. */
export async function receiptId(page) {
    const receipt = page.locator('[data-absence]').first();
    await receipt.waitFor();
    return Number(await receipt.getAttribute('data-absence'));
}

/** Goes to a control as somebody does who has only a keyboard. */
export async function tabTo(page, control, key = 'Tab') {
    await control.waitFor();
    for (let i = 0; i < 150; i += 1) {
        if (await control.evaluate((one) => one === document.activeElement)) return;
        await page.keyboard.press(key);
    }
    throw new Error(`no way with ${key} to ${control}`);
}

/** A telephone's own authenticator: the person always agrees, by fingerprint. Gives its credentials. */
export async function authenticator({ page }, options = {}) {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...options },
    });
    return { credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials };
}

/** Waits until `look` answers something true. */
export async function until(look, what, ms = 10_000) {
    const end = Date.now() + ms;
    for (;;) {
        const seen = await look();
        if (seen) return seen;
        if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
