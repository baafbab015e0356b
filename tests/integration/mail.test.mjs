// Outgoing mail: what is in the outbox is sent, once, whatever happens; into a folder here, over SMTP in mail_relay.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCity, sleep } from '../support/city.mjs';
import { mailbox } from '../support/mailbox.mjs';

const city = await startCity({ workers: 2 });
const mails = mailbox(city);

/** As a module's statement would, under the app's role. */
const enqueue = async (address, { subject = '学校からのお知らせ', body = '本文です。\n二行目です。', more = '' } = {}) =>
    (await city.one(`select mail_enqueue($1, $2, $3${more}) as id`, [address, subject, body])).id;
const row = (id) => city.one('select * from outbox where id = $1', [id]);
async function done(id) {
    for (let tries = 0; tries < 500; tries++, await sleep(20)) {
        const found = await row(id);
        if (found.state !== 'waiting') return found;
    }
    throw new Error('still waiting');
}

test('5(1) a mail that a transaction orders becomes a file, in Japanese, and its content leaves the database', async () => {
    const id = await enqueue('sato@example.jp', { subject: '【市立第一小学校】登録の確認コードをお送りします（二通目以降は無視してください）' });
    const mail = await mails.next('sato@example.jp');
    assert.equal(mail.subject, '【市立第一小学校】登録の確認コードをお送りします（二通目以降は無視してください）');
    assert.equal(mail.text, '本文です。\n二行目です。\n');
    assert.equal(mail.headers['auto-submitted'], 'auto-generated');
    assert.match(mail.headers['message-id'], /^<[0-9a-f-]{36}@todoke\.invalid>$/);
    const { state, address, subject, body, attempts, error } = await done(id);
    assert.deepEqual({ state, address, subject, body, attempts, error }, { state: 'sent', address: null, subject: null, body: null, attempts: 1, error: null });
});

test('a transaction that fails sends nothing', async () => {
    const client = await city.db.connect();
    await client.query('begin');
    await client.query(`select mail_enqueue('nobody@example.jp', 'a', 'b')`);
    await client.query('rollback');
    client.release();
    await enqueue('somebody@example.jp');
    await mails.next('somebody@example.jp');
    assert.deepEqual(mails.all('nobody@example.jp'), []);
});

test('old addresses of carriers, with dots where none may stand, are quoted', async () => {
    await enqueue('tanaka..taro.@example.jp');
    await mails.next('"tanaka..taro."@example.jp');
});

test('the demonstration shows what it sent to everybody; a real city does not have the page', async () => {
    await enqueue('shown@example.jp', { subject: '見えるメール', body: 'コードは 123456 です。' });
    await mails.next('shown@example.jp');
    let first;
    for (let tries = 0; tries < 200 && first?.subject !== '見えるメール'; tries++, await sleep(20)) [first] = (await city.client().get('/api/demo-mails')).rows;
    assert.deepEqual([first.address, first.subject, first.body], ['shown@example.jp', '見えるメール', 'コードは 123456 です。']);

    const real = await startCity({ demo: false });
    const id = (await real.one(`select mail_enqueue('a@example.jp', '件名', '本文') as id`)).id;
    await mailbox(real).next('a@example.jp');
    while ((await real.one('select state from outbox where id = $1', [id])).state !== 'sent') await sleep(20);
    assert.equal((await real.client().request('GET', '/api/demo-mails')).status, 404);
    assert.equal((await real.one('select count(*)::int as n from demo_mails')).n, 0);
    await real.stop();
});

test('bad input: what would make a mail of somebody else\'s choosing is not even stored', async () => {
    const count = async () => (await city.one('select count(*)::int as n from outbox')).n;
    const before = await count();
    for (const address of ['a@b.jp\r\nBcc: c@d.jp', 'a@b.jp\n', 'a b@c.jp', 'a@b@c.jp', 'a@b.jp,c@d.jp', '<a@b.jp>', 'ａ@b.jp', 'a@例え.jp', 'a@b', '', `${'a'.repeat(65)}@b.jp`,
        `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}.jp`]) {
        await assert.rejects(enqueue(address), { constraint: 'outbox_address' }, JSON.stringify(address));
    }
    for (const subject of ['x\r\nBcc: c@d.jp', 'x\ty', 'x\u007f', '', 'あ'.repeat(200)]) await assert.rejects(enqueue('a@b.jp', { subject }), { code: '23514' }, JSON.stringify(subject));
    await assert.rejects(enqueue('a@b.jp', { body: '' }), { code: '23514' });
    await assert.rejects(enqueue('a@b.jp', { body: 'x'.repeat(100_001) }), { code: '23514' });
    assert.equal(await count(), before);
});

test('under the app\'s role: statements enqueue, the announcement is one for each statement', async () => {
    const client = await city.db.connect();
    await client.query('set role todoke_app');
    await client.query('begin');
    await client.query(`insert into outbox (address, subject, body) select 'app' || n || '@example.jp', '件名', '本文' from generate_series(1, 20) n`);
    const { rows } = await client.query(`with code as (select mail_enqueue('app0@example.jp', '件名', '本文', null, 1, interval '30 minutes') as id) select id from code`);
    assert.ok(rows[0].id > 0);
    await client.query('commit');
    await client.query('reset role');
    client.release();
    for (let n = 0; n <= 20; n++) await mails.next(`app${n}@example.jp`);
});

test('a code that is too old is not sent any more, and its content goes', async () => {
    const id = await enqueue('late@example.jp', { more: `, null, 1, interval '-1 second'` });
    const later = await enqueue('early@example.jp', { more: `, null, 1, interval '1 hour', now() + interval '1 hour'` });
    await enqueue('now@example.jp');
    await mails.next('now@example.jp');
    assert.deepEqual([mails.all('late@example.jp'), mails.all('early@example.jp'), (await row(later)).attempts], [[], [], 0]);
    await city.query(`update outbox set expires_at = now() - interval '4 minutes' where id = $1`, [id]);
    const { state, body } = await done(id);
    assert.deepEqual([state, body], ['expired', null]);
});

test('a folder that can not be written to: mail waits, and goes when it can', async () => {
    const { renameSync } = await import('node:fs');
    renameSync(city.mailDir, `${city.mailDir}-away`);
    const id = await enqueue('folder@example.jp');
    for (let tries = 0; tries < 500 && !(await row(id)).error; tries++) await sleep(20);
    assert.deepEqual([(await row(id)).state, (await row(id)).error], ['waiting', 'folder']);
    renameSync(`${city.mailDir}-away`, city.mailDir);
    await mails.next('folder@example.jp');
    assert.equal((await done(id)).state, 'sent');
});

test('PostgreSQL goes away and comes back: what waits is sent', async () => {
    await city.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`);
    const ids = [];
    for (let n = 0; n < 10; n++) ids.push(await enqueue(`back${n}@example.jp`));
    for (const id of ids) assert.equal((await done(id)).state, 'sent');
    for (let n = 0; n < 10; n++) assert.equal(mails.all(`back${n}@example.jp`).length, 1);
});
