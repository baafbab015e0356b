// What the matrix must know of factors, passkeys and sessions: about oneself alone, but for a lost factor, which the school's
// administrator or the board resets.
export default ({ city, people, at, account, NOWHERE }) => {
    const standing = (where) => ({ roles: [{ role: 'office', school_id: where === 'other' ? at.b.id : at.a.id }] });
    const someone = async (where) => account(city, standing(where));
    const owner = async (where) => (where === 'own' ? people.guardian.account : someone(where));
    const unless_absent = (make) => async (where) => (where === 'absent' ? NOWHERE : make(where));
    const passkey = async (where) => (await city.one(
        `insert into passkeys (account_id, credential_id, algorithm, public_key, backup_eligible, backed_up, aaguid, name)
         values ($1, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), -7, '', false, false, decode(repeat('00', 16), 'hex'), '試験')
         returning id`, [await owner(where)])).id;
    const session = async (where) => (await city.one(
        `insert into sessions (token_sha256, account_id, expires_at)
         values (sha256(convert_to(gen_random_uuid()::text, 'UTF8')), $1, now() + interval '1 hour') returning id`, [await owner(where)])).id;
    const mine = (who, where) => who === 'guardian' && where === 'own';
    return {
        objects: { account: unless_absent(someone), session: unless_absent(session), passkey: unless_absent(passkey) },
        routes: {
            'post /api/accounts/{account_id}/factors/reset': {
                rule: (who, where) => where !== 'absent' && (who === 'board' || (who === 'administrator' && where !== 'other')),
            },
            'put /api/passkeys/{id}': { rule: mine, body: async () => ({ name: '新しい名前' }) },
            'delete /api/passkeys/{id}': { rule: mine },
            'delete /api/sessions/{id}': { rule: mine },
        },
        // Walked in factors.test.mjs, session.test.mjs and passkeys.test.mjs.
        settled: ['post /api/session/second-factor', 'post /api/factors/totp', 'post /api/factors/totp/confirm', 'delete /api/factors/totp',
            'post /api/factors/recovery-codes', 'delete /api/sessions', 'get /api/session/passkey', 'post /api/session/passkey', 'post /api/passkeys'],
    };
};
