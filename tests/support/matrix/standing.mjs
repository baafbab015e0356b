// What the matrix must know of the module standing.
export default ({ city, CHILDREN, NOWHERE, people, rules: { seesChild, seesClass, seesSchool, actsFor } }) => {
    const gone = (student) => city.query('update standing_absences set ended_at = now(), ended_by = made_by where student_id = $1 and ended_at is null', [student]);
    const standing = async (where) => {
        if (where === 'absent') return NOWHERE;
        await gone(CHILDREN[where]);
        return (await city.one(`insert into standing_absences (school_id, student_id, first_day, last_day, made_by, changed_by)
            select school_id, id, today() + 3, today() + 9, $2, $2 from students where id = $1 returning id`, [CHILDREN[where], people.office.account])).id;
    };
    const routes = {
        'post /api/students/{student_id}/standing': {
            rule: actsFor,
            body: async (id, where) => {
                if (where !== 'absent') await gone(id);
                return { first_day: '2027-05-01', last_day: '2027-05-02' };
            },
        },
        'get /api/students/{student_id}/standing': { rule: (who, where) => seesChild(who, where) && who !== 'board' },
        'put /api/standing/{id}': { rule: actsFor, body: async () => ({ version: 1, first_day: '2027-05-01', last_day: '2027-05-02' }) },
    };
    const topics = { 'standing/class': seesClass, 'standing/school': seesSchool, 'standing/student': seesChild };
    return { routes, topics, objects: { standing } };
};
