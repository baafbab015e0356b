// What the matrix must know of the module registers.
export default ({ city, today, at, people, NOWHERE, rules: { seesClass, seesSchool, actsFor, seesChild } }) => {
    const period = `first_day=${today.slice(0, 8)}01&last_day=${today}`;
    const reads = { rule: (who, where) => seesClass(who, where) && who !== 'board', query: period };
    const closure = async (where) => (where === 'absent' ? NOWHERE : (await city.one(
        `insert into closures (school_id, grade, first_day, last_day, cause, made_by, changed_by)
         values ($1, 1 + (random() * 5)::int, today() + 30, today() + 31, 'influenza', $2, $2) returning id`, [where === 'other' ? at.b.id : at.a.id, people.office.account])).id);
    const content = { first_day: today, last_day: today, cause: 'influenza' };
    const office = (who, where) => seesSchool(who, where) && who !== 'board';
    const belongs = (who, where) => where !== 'absent' && (who === 'board'
        || (where === 'other' ? ['far_office', 'far_homeroom'] : ['homeroom', 'colleague', 'teacher', 'office', 'nurse', 'administrator']).includes(who));
    const routes = {
        'get /api/classes/{class_id}/register': reads,
        'get /api/classes/{class_id}/register/head': reads,
        'get /api/classes/{class_id}/register/days': reads,
        'put /api/students/{student_id}/register': { rule: actsFor, body: async () => ({ day: today, late: true }) },
        'get /api/students/{student_id}/register/corrections': { rule: (who, where) => seesChild(who, where) && who !== 'board', query: `day=${today}` },
        'post /api/schools/{school_id}/closures': {
            rule: office,
            body: async (id) => {
                await city.query('update closures set ended_at = now(), version = version + 1 where school_id = $1 and ended_at is null', [id]);
                return content;
            },
        },
        'get /api/schools/{school_id}/closures': { rule: belongs },
        'put /api/closures/{id}': { rule: office, body: async () => ({ ...content, version: 1 }) },
    };
    return { routes, objects: { closure }, topics: { 'closures/school': seesSchool } };
};
