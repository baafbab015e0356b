// Mail over SMTP with TLS and a password, and what happens to mail when workers die or leave.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { binary, pool, secret as citySecret, serverEnv, startCity, sleep, top } from '../support/city.mjs';
import { startRelay } from '../support/relay.mjs';

const secret = join(top, 'build/test', `mail-password-${process.pid}`);
writeFileSync(secret, 'ひみつ+secret!\n', { mode: 0o600 });
const relay = await startRelay({ starttls: true, user: 'todoke', password: 'ひみつ+secret!' });
after(() => relay.stop());

const options = (url, more = ['--mail-ca', process.env.TODOKE_CERT]) => ['--mail-relay', url, '--mail-from', 'school@city.example.jp', '--mail-rate', '1000',
    '--mail-user', 'todoke', '--mail-password-file', secret, ...more];
const starttls = `smtp+starttls://localhost:${relay.port}`;

async function until(what, holds) {
    for (let tries = 0; tries < 1500; tries++, await sleep(20)) {
        const value = await holds();
        if (value) return value;
    }
    throw new Error(`never: ${what}`);
}
const tools = (city) => {
    const row = (id) => city.one('select * from outbox where id = $1', [id]);
    return {
        row,
        enqueue: async (address) => (await city.one('select mail_enqueue($1, $2, $3) as id', [address, '件名', '本文'])).id,
        done: (id) => until(`mail ${id} is done`, async () => { const found = await row(id); return found.state !== 'waiting' && found; }),
        tried: (id) => until(`mail ${id} is tried`, async () => { const found = await row(id); return found.error && found; }),
    };
};

test('別紙2 mail goes out encrypted (STARTTLS), with a password, to a server whose certificate is known', async () => {
    const city = await startCity({ mail: options(starttls) });
    const { enqueue, done } = tools(city);
    assert.equal((await done(await enqueue('tls@example.jp'))).state, 'sent');
    const [mail] = relay.to('tls@example.jp');
    assert.deepEqual([mail.secure, mail.user], [true, 'todoke']);
    assert.equal(mail.headers.from, '<school@city.example.jp>');

    // A wrong password is nobody's mail's fault: it waits.
    relay.options.password = 'another';
    await relay.stop();
    await relay.restart();
    const { enqueue: again, tried } = tools(city);
    const id = await again('password@example.jp');
    const found = await tried(id);
    assert.deepEqual([found.state, found.error], ['waiting', 'hello 535 5.7.8']);
    relay.options.password = 'ひみつ+secret!';
    assert.equal((await done(id)).state, 'sent');
    assert.doesNotMatch(city.log(), /secret|ひみつ|example\.jp/);
    await city.stop();
});

test('別紙2 a server whose certificate is not known gets no mail, and no password', async () => {
    const { stdout } = await promisify(execFile)(binary, ['config'], { env: serverEnv() });
    assert.match(stdout, /^mail-ca = $/m);
    const city = await startCity({ mail: options(starttls, []) });
    const { enqueue, tried } = tools(city);
    const before = relay.mails.length;
    const found = await tried(await enqueue('stranger@example.jp'));
    assert.deepEqual([found.state, found.error, found.attempts >= 1], ['waiting', 'hello tls', true]);
    assert.equal(relay.mails.length, before);
    await city.stop();
});

test('a server without STARTTLS gets no mail where STARTTLS is asked for; smtps: encrypts from the first byte', async () => {
    const plain = await startRelay();
    const city = await startCity({ mail: ['--mail-relay', `smtp+starttls://localhost:${plain.port}`, '--mail-from', 'a@city.example.jp', '--mail-ca', process.env.TODOKE_CERT] });
    const { enqueue, tried } = tools(city);
    assert.match((await tried(await enqueue('downgrade@example.jp'))).error, /^hello/);
    assert.equal(plain.mails.length, 0);
    await city.stop();
    await plain.stop();

    const secure = await startRelay({ secure: true });
    const other = await startCity({ mail: ['--mail-relay', `smtps://localhost:${secure.port}`, '--mail-from', 'a@city.example.jp', '--mail-ca', process.env.TODOKE_CERT] });
    const mail = tools(other);
    assert.equal((await mail.done(await mail.enqueue('smtps@example.jp'))).state, 'sent');
    assert.equal(secure.mails[0].secure, true);
    await other.stop();
    await secure.stop();
});

for (const [what, words, says] of [
    ['a password without TLS', ['--mail-relay', 'smtp://localhost:25', '--mail-from', 'a@city.example.jp', '--mail-user', 'a', '--mail-password-file', secret], /only with smtps/],
    ['a relay and a folder', ['--mail-relay', 'smtp://localhost:25', '--mail-from', 'a@city.example.jp', '--mail-dir', '/tmp'], /only one of them/],
    ['a folder that is not there', ['--mail-dir', '/nowhere'], /mail-dir is no folder/],
    ['a relay without a sender', ['--mail-relay', 'smtp://localhost:25'], /needs mail-from/],
    ['a sender with a line break', ['--mail-relay', 'smtp://localhost:25', '--mail-from', 'a\r\nBcc: b@c.jp <a@city.example.jp>'], /mail-from: expected/],
    ['another protocol', ['--mail-relay', 'http://localhost:25', '--mail-from', 'a@city.example.jp'], /mail-relay: expected/],
    ['a password in the address', ['--mail-relay', 'smtp://a:b@localhost:25', '--mail-from', 'a@city.example.jp'], /mail-relay: expected/],
]) {
    test(`the program does not start with ${what}`, async () => {
        const serve = promisify(execFile)(binary, ['serve', '--db', 'host=/nowhere', '--listen', '127.0.0.1:1', '--secret-file', citySecret, ...words], { env: serverEnv() });
        await assert.rejects(serve, ({ code, stderr }) => code > 0 && says.test(stderr));
    });
}

/** A server that takes a mail's content and then says nothing, as long as it is told to. */
function holding(fixture) {
    let let_go;
    const held = new Promise((resolve) => { let_go = resolve; });
    const seen = [];
    fixture.onContent = async (mail) => { seen.push(mail.headers['message-id']); await held; };
    return { seen, let_go };
}

test('a worker that is killed while it sends leaves its mails to the others', async () => {
    const slow = await startRelay();
    const city = await startCity({ workers: 1, mail: ['--mail-relay', `smtp://127.0.0.1:${slow.port}`, '--mail-from', 'a@city.example.jp'] });
    const { enqueue, row, done } = tools(city);
    const hold = holding(slow);
    const id = await enqueue('killed@example.jp');
    await until('it is on its way', () => hold.seen.length === 1);
    const [worker] = city.workers();
    process.kill(worker, 'SIGKILL');
    await until('another worker is there', () => city.workers().some((pid) => pid !== worker));
    await city.ready();
    const left = await row(id);
    assert.deepEqual([left.state, left.attempts], ['waiting', 1]);
    assert.ok(left.due_at - Date.now() > 30_000, 'it is leased: nobody else sends it meanwhile');
    slow.onContent = (mail) => { hold.seen.push(mail.headers['message-id']); };
    await city.query('update outbox set due_at = now() where id = $1', [id]); // as if the lease were over
    assert.equal((await done(id)).state, 'sent');
    assert.deepEqual([hold.seen.length, new Set(hold.seen).size], [2, 1], 'twice at most, and recognisable');
    hold.let_go();
    await city.stop();
    await slow.stop();
});

test('a worker that is asked to leave sends what is on its way, then goes', async () => {
    const slow = await startRelay();
    const city = await startCity({ mail: ['--mail-relay', `smtp://127.0.0.1:${slow.port}`, '--mail-from', 'a@city.example.jp'], keep: true });
    const { enqueue, row } = tools(city);
    const hold = holding(slow);
    const ids = [await enqueue('leaving1@example.jp'), await enqueue('leaving2@example.jp')];
    await until('they are on their way', () => hold.seen.length === 2);
    city.server.kill('SIGTERM');
    await until('it drains', () => /"event":"drain"/.test(city.log()));
    const late = await enqueue('late@example.jp');
    hold.let_go();
    assert.deepEqual(await city.exited, { code: 0, signal: null });
    for (const id of ids) assert.equal((await row(id)).state, 'sent');
    assert.deepEqual([(await row(late)).state, (await row(late)).attempts], ['waiting', 0]);
    await city.stop();
    await slow.stop();
});

test('what is not sent when the drain is over goes back to the outbox, due at once', async () => {
    const slow = await startRelay();
    const city = await startCity({ mail: ['--mail-relay', `smtp://127.0.0.1:${slow.port}`, '--mail-from', 'a@city.example.jp'], keep: true });
    const { enqueue, row } = tools(city);
    const hold = holding(slow);
    const id = await enqueue('stuck@example.jp');
    await until('it is on its way', () => hold.seen.length === 1);
    city.server.kill('SIGTERM');
    assert.deepEqual(await city.exited, { code: 0, signal: null });
    const left = await row(id);
    assert.deepEqual([left.state, left.error, left.due_at <= new Date()], ['waiting', 'stopped', true]);
    assert.doesNotMatch(city.log(), /Sanitizer/);
    hold.let_go();
    await city.stop();
    await slow.stop();
});

test('a worker whose database is gone leaves all the same; the lease returns what it could not settle', async () => {
    const slow = await startRelay();
    const city = await startCity({ mail: ['--mail-relay', `smtp://127.0.0.1:${slow.port}`, '--mail-from', 'a@city.example.jp'], keep: true });
    const { enqueue, row } = tools(city);
    const hold = holding(slow);
    const id = await enqueue('unsettled@example.jp');
    await until('it is on its way', () => hold.seen.length === 1);
    const admin = pool(await city.cluster.url('super', 'postgres'), 1);
    const connections = async (allowed) => {
        await admin.query(`alter database ${city.database} allow_connections ${allowed}`);
        if (!allowed) await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [city.database]);
    };
    await connections(false);
    hold.let_go();
    city.server.kill('SIGTERM');
    assert.deepEqual(await city.exited, { code: 0, signal: null });
    await connections(true);
    const left = await row(id);
    assert.deepEqual([left.state, left.attempts, left.due_at > new Date()], ['waiting', 1, true]);
    await admin.end();
    await city.stop();
    await slow.stop();
});

test('a mail server that never answers QUIT, or never says a word, holds up nobody', async () => {
    // By hand: no proper server does this.
    const open = new Set();
    let said = '';
    const rude = createServer((socket) => {
        open.add(socket);
        socket.on('error', () => {});
        socket.write('220 rude\r\n');
        socket.on('data', (data) => {
            for (const line of String(data).split('\r\n').filter(Boolean)) {
                said += `${line}\n`;
                if (/^EHLO/.test(line)) socket.write('250 rude\r\n');
                else if (/^MAIL/.test(line)) socket.write('250 yes\r\n');
                else if (/^RCPT/.test(line)) socket.write('550-5.1.1 nobody\r\n550 5.1.1 here\r\n');
            }
        });
    });
    await new Promise((resolve) => { rude.listen(0, '127.0.0.1', resolve); });
    const city = await startCity({ mail: ['--mail-relay', `smtp://127.0.0.1:${rude.address().port}`, '--mail-from', 'a@city.example.jp'], keep: true });
    const { enqueue, done } = tools(city);
    for (let n = 0; n < 12; n++) assert.equal((await done(await enqueue(`rude${n}@example.jp`))).error, 'rcpt 550 5.1.1');
    assert.ok((said.match(/^QUIT$/gm) ?? []).length >= 1, 'it was told');
    city.server.kill('SIGTERM');
    assert.deepEqual(await city.exited, { code: 0, signal: null });
    await city.stop();
    for (const socket of open) socket.destroy();
    rude.close();
});
