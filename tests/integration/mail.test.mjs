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
