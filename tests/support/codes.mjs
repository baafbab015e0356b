// Letters, registration and what answers them, for tests.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** The check symbol behind eleven others: GF(32), x^5 + x^2 + 1 (src/modules/invitations/README.md). */
export function check(symbols) {
    let sum = 0;
    for (const symbol of symbols) {
        sum = (sum ^ alphabet.indexOf(symbol)) << 1;
        if (sum > 31) sum ^= 37;
    }
    return alphabet[sum];
}

export function refused(answer, status, name) {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    if (name) assert.equal(answer.body.type, `/problems/${name}`);
}

/** The six digits that a mail holds. */
export const digitsOf = (mail) => /確認コード: (\d{6})/.exec(mail.text)[1];

/** All that a finish takes besides its token. */
export const person = (plus = {}) => ({
    family_name: '佐藤', given_name: '花子', family_kana: 'サトウ', given_kana: 'ハナコ', relation: 'mother',
    password: 'tulip-Fence-73', consent_version: '2026-11', ...plus,
});

/** A new child of a class, without guardians. Resolves to its id. */
export async function orphan(city, of) {
    const { id } = await city.one(
        `insert into students (school_id, class_id, number, family_name, given_name, family_kana, given_kana)
         select c.school_id, c.id, (select max(number) + 1 from students where class_id = c.id), '試験', 'みなしご', 'しけん', 'みなしご'
         from classes c where c.id = $1 returning id`, [of.id]);
    return id;
}

/** Issues a letter for one child, as the office does, and reads its code from the list to print. */
export async function letter(office, student, plus = {}) {
    const school = office.school ?? (office.school = (await office.get('/api/session')).roles[0].school_id);
    await office.post(`/api/schools/${school}/letters`, { student_id: student, ...plus });
    const { rows } = await office.post(`/api/schools/${school}/letters/list`, { student_id: student, letter: plus.letter ?? 1 });
    return rows[0]?.code;
}

/** Registers somebody for a child without mail. Resolves to her client, signed in. */
export async function join(city, office, student, { code, ...plus } = {}) {
    const her = city.client();
    const begun = await her.post('/api/registrations', { code: code ?? (await letter(office, student)) });
    her.who = await her.post('/api/registrations/finish', { token: begun.token, ...person(plus) }, randomUUID());
    her.account = her.who.account_id;
    return her;
}
