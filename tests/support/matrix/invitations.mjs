// What the matrix must know of invitations, accounts and registrants: who may, and bodies that are right in all else.
import { account } from '../people.mjs';
import { check } from '../codes.mjs';

const NAMES = { family_name: '試験', given_name: '花子', family_kana: 'しけん', given_kana: 'はなこ' };

export default ({ city, at, people, CHILDREN, NOWHERE, rules: { seesChild } }) => {
    /** The school's administrator and office keep who is registered, and the board; a homeroom teacher sees the own class's. */
    const keeps = (who, where) => where !== 'absent' && (who === 'board' || (where === 'other' ? who === 'far_office' : ['office', 'administrator'].includes(who)));
    const homes = { homeroom: ['own'], colleague: ['same'], far_homeroom: ['other'] };
    const sees = (who, where) => keeps(who, where) || (homes[who] ?? []).includes(where);
    // A school has no "same": both its classes are of it.
    const seesSchool = (who, where) => keeps(who, where) || (where === 'other' ? who === 'far_homeroom' : where !== 'absent' && ['homeroom', 'colleague'].includes(who));
    const reports = (who, where) => who === 'guardian' && seesChild(who, where);
    const guards = (who, where) => ['guardian', 'reader'].includes(who) && seesChild(who, where);

    /** A fresh guardian of the child, to be changed or removed. */
    const guardian = async (child) => {
        if (child === NOWHERE) return NOWHERE;
        const id = await account(city, { children: [child] });
        await city.query(`update accounts set email = login_id || '@example.jp' where id = $1`, [id]);
        return id;
    };
    let serial = 0;
    const invitation = async (where) => {
        if (where === 'absent') return NOWHERE;
        const symbols = `MATRX${String(++serial).padStart(6, 'Z').replace(/[01]/g, (digit) => 'XY'[digit])}`.slice(0, 11);
        const { id } = await city.one(
            `insert into invitations (school_id, kind, student_id, code, code_sha256, made_by, expires_at)
             select s.school_id, 'guardian', s.id, $2, sha256(convert_to($2, 'UTF8')), $3, now() + interval '7 days' from students s where s.id = $1
             returning id`, [CHILDREN[where], symbols + check(symbols), people.guardian.account]);
        return id;
    };
    const link = async () => ({ version: 1, relation: 'father', rights: 'read', valid_from: '2026-04-01' });

    const of = '/api/students/{student_id}/guardians';
    const routes = {
        'get /api/children/{student_id}/invitations': { rule: guards },
        'post /api/children/{student_id}/invitations': {
            rule: reports,
            body: async () => {
                await city.query(`update schools set guardians_max = 10; update invitations set revoked_at = now() where kind = 'guardian' and used_at is null and revoked_at is null; truncate rate_limits`);
                await city.query(`delete from guardianships where student_id = $1 and account_id <> all ($2)`, [CHILDREN.own, Object.values(people).map((person) => person.account).filter(Boolean)]);
                return {};
            },
        },
        'delete /api/invitations/{invitation_id}': { rule: (who, where) => (who === 'guardian' && where === 'own') || keeps(who, where) },
        'post /api/schools/{school_id}/letters': { rule: keeps, body: async () => ({}) },
        'post /api/schools/{school_id}/letters/list': { rule: keeps, body: async () => ({}) },
        'post /api/schools/{school_id}/letters/revoke': { rule: keeps, body: async () => ({}) },
        'get /api/schools/{school_id}/registrants': { rule: seesSchool },
        'post /api/schools/{school_id}/registrants/search': { rule: seesSchool, body: async () => ({}) },
        'post /api/schools/{school_id}/registrants/list': { rule: seesSchool, body: async () => ({}) },
        [`get ${of}`]: { rule: sees },
        [`get ${of}/versions`]: { rule: keeps },
        [`put ${of}/{account_id}`]: { rule: keeps, fill: { account_id: guardian }, body: link },
        [`put ${of}/{account_id}/names`]: { rule: keeps, fill: { account_id: guardian }, body: async () => ({ version: 1, ...NAMES }) },
        [`delete ${of}/{account_id}`]: { rule: keeps, fill: { account_id: guardian }, query: 'version=1' },
        [`post ${of}/{account_id}/reset`]: { rule: keeps, fill: { account_id: guardian } },
        [`post ${of}/{account_id}/forget-email`]: { rule: keeps, fill: { account_id: guardian } },
        // About oneself alone: everyone who is signed in may, whatever is then said of what was sent.
        'put /api/account/names': { body: async () => NAMES },
        'put /api/account/language': { body: async () => ({ language: 'ja' }) },
        'put /api/account/password': { body: async () => ({ password: 'password' }), answers: [422] },
        'post /api/account/email': { body: async () => ({}), answers: [400] },
        'post /api/account/email/confirm': { body: async () => ({ mail_code: '0' }), answers: [410] },
        'delete /api/account/email': { answers: [204] },
        'post /api/account/children': { body: async () => ({ code: '2345-6789-ABCN', relation: 'mother' }), answers: [404] },
    };
    return {
        routes,
        objects: { invitation },
        // What is before a session, and what is only about oneself.
        settled: ['post /api/invitations/look', 'post /api/account/email/stop',
            ...['', '/resend', '/confirm', '/finish'].flatMap((step) => [`post /api/registrations${step}`, `post /api/recoveries${step}`])],
    };
};
