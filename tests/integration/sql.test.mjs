// Every statement against the schema that `todoke migrate` makes, and the rules that statements must keep.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { startCity, binary, pool, serverEnv } from '../support/city.mjs';
import { statements } from '../support/statements.mjs';

const city = await startCity();
const all = Object.entries(statements).map(([name, statement]) => ({ name, ...statement }));
const app = new pg.Client(pool(await city.cluster.url('app', city.database)).options);
await app.connect();
app.on('error', () => {}); // the database may be dropped under it
test.after(() => app.end().catch(() => {}));

const whole = (text) => app.query(`begin; select set_config('todoke.schools', '${text}', true)`);

test('there are statements', () => {
    assert.ok(all.length > 20);
});

for (const each of all) {
    test(`${each.name} prepares and runs as the app's role`, async () => {
        await whole('*');
        try {
            // A write of nulls may fail on a constraint: then it has run as far as a statement can.
            const result = await app.query({ name: each.name, text: each.text, values: each.names.map(() => null) })
                .catch((error) => (each.flags.has('write') && /^23/.test(error.code) ? null : Promise.reject(error)));
            if (!result) return;
            const { fields } = result;
            const names = fields.map((field) => field.name);
            assert.equal(new Set(names).size, names.length, 'every column has a name of its own');
            assert.ok(names.every((name) => /^[a-z][a-z_0-9]*$/.test(name)), String(names));
            if (each.flags.has('gather')) assert.ok(names.includes('ord'), 'a gathered statement routes its rows by ord');
        } finally {
            await app.query('rollback');
        }
    });
}

test('each statement uses :actor, or is on the list of those that need not', () => {
    const free = all.filter((each) => !each.names.includes('actor'));
    assert.deepEqual(free.filter((each) => !each.flags.has('public') && !each.flags.has('internal')).map((each) => each.name), []);
    // Reviewed by hand: what anybody may run who has no session yet.
    const reviewed = ['account_by_login', 'demo_accounts_list', 'demo_mails_list', 'email_change_undo', 'invitation_look_up',
        'login_failed', 'oidc_account_find', 'oidc_attempt_begin', 'oidc_attempt_take', 'oidc_session_open', 'passkey_by_credential',
        'passkey_use', 'recovery_begin', 'recovery_confirm', 'recovery_end', 'recovery_look', 'recovery_resend', 'recovery_resume',
        'registration_begin', 'registration_confirm', 'registration_end', 'registration_look', 'registration_resend',
        'registration_resume', 'session_claim', 'session_find', 'session_open', 'staff_invitation_look_up', 'staff_join_by_code',
        'terms_show'];
    assert.deepEqual(free.filter((each) => each.flags.has('public')).map((each) => each.name).sort(), reviewed);
});

test('what is not marked as a write writes nothing', () => {
    const writes = /\b(insert into|update [a-z]|delete from|nextval|for update)\b/i;
    assert.deepEqual(all.filter((each) => writes.test(each.text.replace(/--[^\n]*/g, '')) && !each.flags.has('write')).map((each) => each.name), []);
});

test('migrating again changes nothing', async () => {
    const before = await city.query('select count(*) as n from pg_class');
    execFileSync(binary, ['migrate', '--db', await city.cluster.url('owner', city.database)], { stdio: 'pipe', env: serverEnv() });
    assert.deepEqual(await city.query('select count(*) as n from pg_class'), before);
});

test('5(1)エ the seeded city is a likely one: guardians still come in, the last two of each class of ten are missing', async () => {
    const larger = await startCity({ students: 2400 });
    const city_of = await larger.one(
        `select (select count(*) from students) as students, (select count(*) from schools) as schools,
                (select count(*) from (select student_id from guardianships group by 1 having count(*) = 2) x) as two_guardians,
                (select count(*) from (select account_id from guardianships group by 1 having count(*) > 1) x) as siblings,
                (select count(*) from students where family_kana !~ '^([ぁ-ゖー]+|[ァ-ヶー]+)$' or given_kana !~ '^([ぁ-ゖー]+|[ァ-ヶー]+)$') as bad_kana,
                (select count(*) from (select s.*, count(*) over (partition by class_id) as size from students s) s
                 where (size >= 10 and number > size - 2) = exists (select from guardianships g where g.student_id = s.id)) as registered_wrongly,
                (select count(*) from students s where s.number >= 10 and not exists (select from students t where t.class_id = s.class_id and t.number > s.number)) as last,
                (select count(*) from invitations i join students s on s.id = i.student_id
                 where i.kind = 'link' and i.code_sha256 = code_hash(i.code) and i.code = code_read(code_print(i.code)) and i.expires_at > now()
                   and not exists (select from students t where t.class_id = s.class_id and t.number > s.number)) as letters,
                (select count(*) from guardianships g right join accounts a on a.id = g.account_id where a.login_id like 'g%' and g.student_id is null) as childless,
                (select count(*) from accounts where login_id like 'g%') as guardians,
                (select count(*) from accounts where login_id like 'g%' and email like '%@example.jp') as addresses,
                (select count(*) from accounts where login_id like 'g%' and mail_state(email) = 'problem') as problems,
                (select count(*) from accounts where login_id like 'g%' and last_signed_in_at > made_at and last_signed_in_at < now()) as signed_in,
                (select count(*) from classes where kind = 'regular' and not exists (select from staff_roles r where r.class_id = classes.id and r.role = 'homeroom')) as no_teacher`);
    assert.equal(city_of.students, 2400);
    assert.equal(city_of.letters, city_of.last);
    for (const [name, part] of [['addresses', 0.9], ['problems', 0.02], ['signed_in', 0.95]]) {
        assert.ok(Math.abs(city_of[name] / city_of.guardians - part) < 0.005, `${name}: ${city_of[name]} of ${city_of.guardians}`);
    }
    for (const name of ['two_guardians', 'siblings', 'letters']) assert.ok(city_of[name] > 0, name);
    for (const name of ['bad_kana', 'registered_wrongly', 'childless', 'no_teacher']) assert.equal(city_of[name], 0, name);
});
