// What the matrix must know of the module rolls.
export default ({ city, today, clear, CHILDREN, NOWHERE, people, rules: { seesChild, seesClass, seesSchool, actsFor, actsForClass } }) => {
    let tap = Date.now() - 1_000_000;
    /** A child that is not there, and nobody said why; with `asked`, its guardians were asked. */
    const missing = async (where, asked) => {
        const student = CHILDREN[where];
        if (where === 'absent') return NOWHERE;
        await clear(city, student);
        await city.query(`update standing_absences set ended_at = now(), ended_by = 1 where student_id = $1 and ended_at is null`, [student]);
        await city.query(`insert into attendance (school_id, student_id, class_id, day, state, seen_at, changed_by)
            select school_id, id, class_id, today(), 'absent', now() - interval '1 day', $2 from students where id = $1
            on conflict (student_id, day) do update set state = 'absent', arrived_at = null, version = attendance.version + 1`, [student, people.office.account]);
        await city.query('delete from inquiries where student_id = $1', [student]);
        if (!asked) return student;
        return (await city.one(`insert into inquiries (school_id, student_id, day, asked_by) select school_id, id, today(), $2 from students where id = $1 returning id`, [student, people.office.account])).id;
    };
    const inquiry = (where) => missing(where, true);
    const routes = {
        'put /api/students/{student_id}/attendance': { rule: actsFor, body: async () => ({ day: today, state: 'late', arrived_at: '09:10', seen_at: ++tap }) },
        'put /api/classes/{class_id}/roll': { rule: actsForClass, body: async () => ({ day: today, done: true }) },
        'get /api/classes/{class_id}/attendance': { rule: (who, where) => seesClass(who, where) && who !== 'board', query: `day=${today}` },
        'post /api/students/{student_id}/inquiry': { rule: actsFor, object: (where) => missing(where, false) },
        'put /api/inquiries/{id}/answer': { rule: seesChild, body: async () => ({ answer: 'on_the_way' }) },
        'put /api/inquiries/{id}/close': { rule: actsFor, body: async () => ({ answer: 'closed' }) },
    };
    const topics = {};
    for (const feed of ['attendance', 'rolls', 'inquiries']) Object.assign(topics, { [`${feed}/class`]: seesClass, [`${feed}/school`]: seesSchool });
    topics['inquiries/student'] = seesChild;
    return { routes, topics, objects: { inquiry } };
};
