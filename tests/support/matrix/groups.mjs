// What the matrix must know of the module groups: a school's staff see its groups and make some, its office keeps those that others made.
export default ({ city, people, at, NOWHERE, rules: { inA, wholeSchool } }) => {
    const school = (where) => (where === 'other' ? at.b.id : at.a.id);
    const sees = (who, where) => where !== 'absent' && (where === 'other' ? ['far_office', 'far_homeroom'] : inA).includes(who);
    const keeps = (who, where) => where !== 'absent' && (where === 'other' ? ['far_office'] : wholeSchool).includes(who);
    let n = 0;
    const name = () => `試験${++n}`;
    return {
        objects: {
            group: async (where) => (where === 'absent' ? NOWHERE : (await city.one(
                `insert into groups (school_id, name, purpose, holds, made_by, changed_by) values ($1, 'x' || gen_random_uuid(), 'club', 'students', $2, $2) returning id`,
                [school(where), people.administrator.account])).id),
        },
        routes: {
            'get /api/schools/{school_id}/groups': { rule: sees },
            'post /api/groups': { rule: sees, body: async (id) => ({ school_id: id, name: name(), purpose: 'club', holds: 'students' }) },
            'put /api/groups/{id}': { rule: keeps, body: async () => ({ version: 1, name: name(), purpose: 'bus' }) },
            'get /api/groups/{id}/members': { rule: sees },
            'put /api/groups/{id}/members': { rule: keeps, body: async (id, where) => ({ add: [(where === 'other' ? at.b : at.a).one.students[0]] }) },
            // No object: which parts are whose is walked in groups.test.mjs.
            'post /api/audience': { reads: true, answers: [200, 404], body: async () => ({ audience: [`class/${at.a.one.id}`] }) },
        },
    };
};
