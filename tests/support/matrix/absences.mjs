// What the matrix must know of the modules absences and children: who may (a rule in words), and a body that is right in all else.
export default ({ city, today, day, reason, clear, OBJECTS, rules: { seesChild, actsFor, actsForClass, belongsTo } }) => {
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
    return { routes };
};
