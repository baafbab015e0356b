// What the matrix must know of the modules absences and children: who may (a rule in words), and a body that is right in all else.
export default ({ city, today, day, reason, clear, OBJECTS, CHILDREN, NOWHERE, people, absence, rules: { seesChild, seesClass, seesSchool, actsFor, actsForClass, belongsTo } }) => {
    const content = (change = {}) => ({ first_day: today, kind: 'absent', reason_id: reason, ...change });
    let ahead = 0;
    const routes = {
        'get /api/children/{student_id}/absences': { rule: (who, where) => seesChild(who, where) && who !== 'board' },
        'get /api/reasons': { rule: belongsTo },
        'post /api/absences': {
            rule: actsFor,
            body: async (id, where) => {
                if (where !== 'absent') await clear(city, id);
                return content({ student_id: id, first_day: await day(city, (ahead = (ahead + 1) % 50) + 1) });
            },
        },
        'get /api/absences/{id}': { rule: seesChild },
        'get /api/absences/{id}/versions': { rule: seesChild },
        'put /api/absences/{id}': { rule: actsFor, body: async (id) => content({ version: 1, first_day: (await city.one('select first_day::text as day from absences where id = $1', [id]))?.day ?? today }) },
        'post /api/absences/{id}/cancel': { rule: actsFor, body: async () => ({ version: 1 }) },
        'post /api/absences/{id}/acknowledge': { rule: actsFor },
        'post /api/classes/{class_id}/acknowledge': { rule: actsForClass, body: async (id, where) => ({ absence_ids: [await OBJECTS.absence(where)] }) },
    };
    /** One whose cut-off is over, with or without something that a guardian asks for. */
    const closed = async (where) => {
        if (where === 'absent') return NOWHERE;
        await clear(city, CHILDREN[where]);
        return (await absence(city, CHILDREN[where], { first: -1, last: 1, by: people.guardian.account })).id;
    };
    const request = async (where) => (where === 'absent' ? NOWHERE : (await city.one(
        `insert into absence_requests (absence_id, school_id, student_id, action, seen_version, made_by)
         select id, school_id, student_id, 'cancel', 1, $2 from absences where id = $1 returning id`, [await closed(where), people.guardian.account])).id);
    Object.assign(routes, {
        'post /api/absences/{id}/requests': { rule: actsFor, object: closed, body: async () => ({ version: 1, action: 'cancel' }) },
        'get /api/absences/{id}/requests': { rule: (who, where) => seesChild(who, where) && who !== 'board' },
        'post /api/requests/{id}/decide': { rule: actsFor, body: async () => ({ version: 1, state: 'declined', answer: '電話でうかがいました' }) },
        'post /api/requests/{id}/withdraw': { rule: actsFor, body: async () => ({ version: 1, state: 'withdrawn' }) },
    });
    const topics = {
        'absences/class': seesClass, 'absences/school': seesSchool, 'absences/student': seesChild,
        'requests/class': seesClass, 'requests/school': seesSchool, 'requests/student': seesChild,
        'classes/school': seesSchool, 'city': (who) => who === 'board', 'arrivals': (who) => who === 'board',
    };
    return { routes, objects: { request }, topics };
};
