// What the matrix must know of the module illnesses.
export default ({ city, today, CHILDREN, NOWHERE, people, rules: { seesChild, seesClass, seesSchool, actsFor } }) => {
    const over = (student) => city.query('update illnesses set withdrawn_at = now(), version = version + 1 where student_id = $1 and withdrawn_at is null', [student]);
    const illness = async (where) => {
        if (where === 'absent') return NOWHERE;
        await over(CHILDREN[where]);
        return (await city.one(`insert into illnesses (school_id, student_id, disease, onset_on, ended_on, suspended_from, via, made_by, changed_by)
            select school_id, id, 'influenza', today() - 9, today() - 7, today() - 9, 'phone', $2, $2 from students where id = $1 returning id`,
        [CHILDREN[where], people.office.account])).id;
    };
    const routes = {
        'get /api/students/{student_id}/illnesses': { rule: (who, where) => seesChild(who, where) && who !== 'board' },
        'post /api/students/{student_id}/illnesses': {
            rule: actsFor,
            body: async (id, where) => {
                if (where !== 'absent') await over(id);
                return { disease: 'mumps', onset_on: today };
            },
        },
        'get /api/illnesses/{id}/versions': { rule: (who, where) => seesChild(who, where) && who !== 'board' },
        'put /api/illnesses/{id}': { rule: actsFor, body: async () => ({ version: 1, disease: 'influenza', onset_on: today }) },
        'put /api/illnesses/{id}/return': { rule: actsFor, body: async () => ({ version: 1, returned_on: today }) },
        'put /api/illnesses/{id}/withdraw': { rule: actsFor, body: async () => ({ version: 1 }) },
    };
    const topics = { 'illnesses/class': seesClass, 'illnesses/school': seesSchool, 'illnesses/student': seesChild };
    return { routes, topics, objects: { illness } };
};
