// Codes, digits, ids and limits as the database makes them; the check symbol's promise for every error of its kind.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startBase } from '../support/statements.mjs';
import { check } from '../support/codes.mjs';

const base = await startBase();
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

test('5(1)イ the check symbol notices every single wrong symbol and every two exchanged ones', async () => {
    const codes = (await base.all('select code_new() as code from generate_series(1, 300)')).map((row) => row.code);
    const read = async (list) => (await base.all('select code_read(t) as read from unnest($1::text[]) with ordinality as x (t, n) order by n', [list])).map((row) => row.read);
    assert.deepEqual(await read(codes), codes);
    for (const code of codes) {
        assert.match(code, /^[2-9A-HJ-NP-Z]{12}$/);
        assert.equal(check(code.slice(0, 11)), code[11]);
    }
    for (const code of codes.slice(0, 40)) {
        const wrong = [];
        for (let at = 0; at < 12; at++) for (const symbol of alphabet) if (symbol !== code[at]) wrong.push(code.slice(0, at) + symbol + code.slice(at + 1));
        for (let a = 0; a < 12; a++) for (let b = a + 1; b < 12; b++) {
            if (code[a] === code[b]) continue;
            const symbols = [...code];
            [symbols[a], symbols[b]] = [symbols[b], symbols[a]];
            wrong.push(symbols.join(''));
        }
        assert.ok((await read(wrong)).every((each) => each === null), code);
    }
    assert.equal((await base.one(`select code_print('23456789ABCN') as printed`)).printed, '2345-6789-ABCN');
});

test('5(1)イ codes, digits and ids by chance are spread over all that they may be', async () => {
    const count = async (sql) => new Set((await base.all(`select ${sql} as made from generate_series(1, 3000)`)).map((row) => row.made));
    const codes = await count('code_new()');
    assert.equal(codes.size, 3000);
    for (let at = 0; at < 12; at++) assert.equal(new Set([...codes].map((code) => code[at])).size, 32, `symbol ${at}`);
    const digits = await count('digits_new()');
    assert.ok([...digits].every((each) => /^\d{6}$/.test(each)) && digits.size > 2950);
    for (let at = 0; at < 6; at++) assert.equal(new Set([...digits].map((each) => each[at])).size, 10);
    const ids = await count('login_id_new()');
    assert.ok([...ids].every((each) => /^[bcdfghkmnprstwxz]{4}[2-9]{4}$/.test(each)) && ids.size > 2990);
    assert.equal((await count('token_new()')).size, 3000);
});

test('limits: so many in a window, then how long to wait; a new window begins anew; no key is no limit', async () => {
    const hit = async (key = '\\x01') => (await base.one(`select limit_hit('test', $1::bytea, 3, '10 minutes') as wait`, [key])).wait;
    const wait = async () => (await base.one(`select limit_wait('test', '\\x01', 3, '10 minutes') as wait`)).wait;
    const seen = [];
    for (let n = 0; n < 5; n++) seen.push((await wait()) > 0, (await hit()) > 0);
    assert.deepEqual(seen, [false, false, false, false, false, false, true, true, true, true]);
    assert.equal(await hit('\\x02'), 0);
    assert.equal(await hit(null), 0);
    assert.ok((await hit()) <= 600);
    await base.db.query(`update rate_limits set began = now() - interval '11 minutes'`);
    assert.equal(await wait(), 0);
    assert.equal(await hit(), 0);
    await base.db.query('update rate_limits set hits = 0');
    const together = await Promise.all(Array.from({ length: 8 }, () => hit()));
    assert.equal(together.filter((each) => each === 0).length, 3);
});

test('every mail about an account has a subject and a body, with what it is about', async () => {
    const kinds = ['registration', 'registration_known', 'registered', 'recovery', 'recovery_unknown', 'password_set', 'reset_code', 'email_new', 'email_taken', 'email_old', 'email_changed', 'email_restored', 'invitation'];
    for (const kind of kinds) {
        const { subject, body } = await base.one(`select * from mail_text($1, '{"digits": "123456", "login": "knrt4827", "code": "2345-6789-ABCN", "school": "試験小学校"}')`, [kind]);
        assert.ok(subject && body.length > 40 && !/http/.test(body), kind);
    }
    await assert.rejects(base.one(`select * from mail_text('nothing', '{}')`));
});

test('what is over is purged: verifications, limits, stop codes; codes of expired invitations are erased', async () => {
    await base.db.query(`insert into verifications (purpose, made_at, expires_at) values ('recovery', now() - interval '2 days', now() - interval '2 days'), ('recovery', now(), now());
                         insert into rate_limits (name, key, began) values ('old', '\\x00', now() - interval '3 days')`);
    await base.run('people_purge', {});
    assert.deepEqual(await base.one(`select (select count(*) from verifications) as v, (select count(*) from rate_limits where name = 'old') as l`), { v: 1, l: 0 });
});
