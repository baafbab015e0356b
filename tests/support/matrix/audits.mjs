// What the matrix must know of audits and own_data: the school's administrator and the board read the audit; batches of
// erasure are the board's alone, wherever the school is.
export default ({ city, OBJECTS, NOWHERE }) => {
    const audits = (who, where) => where !== 'absent' && (who === 'board' || (who === 'administrator' && where !== 'other'));
    const boards = (who, where) => who === 'board' && where !== 'absent';
    let editions = 0;
    return {
        objects: {
            erasure: async (where) => (where === 'absent' ? NOWHERE : (await city.one(
                `insert into erasures (kind, school_id, years) values ('graduates', $1, 29) returning id`, [await OBJECTS.school(where)])).id),
        },
        routes: {
            'get /api/audit': { rule: audits },
            'get /api/students/{student_id}/audit': { rule: audits },
            'post /api/erasures': { rule: boards, body: async (id) => ({ school_id: id }) },
            'get /api/erasures/{id}': { rule: boards },
            'post /api/erasures/{id}/apply': { rule: boards },
            'post /api/erasures/{id}/discard': { rule: boards },
            // Without an object: a body that is right, and what the answer is.
            'post /api/terms': { body: async () => ({ version: `2999-12-${String(++editions).padStart(2, '0')}`, body: '本文' }), answers: [201] },
            'post /api/consent': { body: async () => ({ version: (await city.one('select terms_current() as version')).version }), answers: [200] },
            // Nobody here has a password or has proved lately who they are, so that all are still there afterwards.
            'post /api/own-data/erase': {
                body: async () => {
                    await city.query(`update sessions set proved_at = now() - interval '1 hour'`);
                    return {};
                },
                answers: [403, 409],
            },
        },
        settled: ['get /api/terms'],
    };
};
