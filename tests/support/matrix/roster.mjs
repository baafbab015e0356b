// What the matrix must know of the modules roster and students: the school's administrator and office keep their school's
// roster, the board all; the nurse, teachers and guardians none.
import { csv } from '../roster.mjs';

export default async ({ city, people, at, today, NOWHERE, CHILDREN }) => {
    const keeps = (who, where) => where !== 'absent' && (who === 'board' || (where === 'other' ? who === 'far_office' : ['office', 'administrator'].includes(who)));
    const board = (who, where) => who === 'board' && where !== 'absent';
    const schools = { own: at.a.id, same: at.a.id, other: at.b.id, absent: NOWHERE };
    const { year, april } = await city.one(`select school_year() as year, make_date(school_year() + 1, 4, 1)::text as april`);
    const rollover = await people.board.post('/api/roster/rollovers', {});

    /** An import of that school that can be applied, or one that was and changed nothing. */
    async function made(where, state = 'checked') {
        if (where === 'absent') return NOWHERE;
        const { id } = await city.one(
            `insert into roster_imports (school_id, kind, mode, school_year, state, planned_in, planned_at, made_by)
             values ($1, 'csv', 'delta', $2, $3, pg_current_snapshot(), now(), 1) returning id`, [schools[where], year, state]);
        if (state === 'applied') await city.query(
            `insert into roster_changes (import_id, object, object_id, school_id, kinds, before, after, applied)
             select $1, 'student', s.id, s.school_id, '{name}', student_image(s), student_image(s), true from students s where s.id = $2`, [id, CHILDREN[where]]);
        return id;
    }
    async function mapping(where) {
        if (where === 'absent') return NOWHERE;
        return (await city.one(`insert into roster_mappings (school_id, name, columns, changed_by) values ($1, '対応表' || nextval('roster_mappings_id_seq'), '{}', 1) returning id`, [schools[where]])).id;
    }
    for (const where of ['own', 'other']) await made(where);

    const homes = await city.query('select id, school_id, class_id from students where id = any ($1)', [Object.values(CHILDREN)]);
    /** The child as it was at first: of its school, there. */
    async function version(id, left_on = null) {
        const home = homes.find((child) => child.id === id);
        if (!home) return 1;
        await city.query('update students set school_id = $2, class_id = $3, exchange_class_id = null, left_on = $4 where id = $1', [id, home.school_id, home.class_id, left_on]);
        return (await city.one('select version from students where id = $1', [id])).version;
    }
    let serial = 100;
    const names = { family_name: '試験', given_name: '子', family_kana: 'しけん', given_kana: 'こ' };
    const classOf = { own: at.a.one.id, same: at.a.two.id, other: at.b.one.id, absent: at.a.one.id };
    const roll = async (where) => (where === 'absent' ? NOWHERE : rollover.id);

    const routes = {
        'post /api/roster/imports': { rule: keeps, query: 'kind=csv&mode=delta', headers: { 'content-type': 'text/csv' }, body: async () => csv([]) },
        'get /api/roster/imports': { filter: true, rule: keeps },
        'get /api/roster/export': { rule: keeps },
        'get /api/roster/imports/{import_id}': { rule: keeps },
        'get /api/roster/imports/{import_id}/summary': { rule: keeps },
        'get /api/roster/imports/{import_id}/changes': { rule: keeps },
        'get /api/roster/imports/{import_id}/problems': { rule: keeps },
        'post /api/roster/imports/{import_id}/plan': { rule: keeps },
        'post /api/roster/imports/{import_id}/apply': { rule: keeps, body: async () => ({}) },
        'post /api/roster/imports/{import_id}/undo': { rule: keeps, object: (where) => made(where, 'applied') },
        'post /api/roster/imports/{import_id}/discard': { rule: keeps },
        'post /api/roster/rollovers': { body: async () => ({}), answers: [409] },
        'post /api/roster/imports/{import_id}/schedule': { rule: board, object: roll, body: async () => ({ on_day: april }) },
        'post /api/roster/imports/{import_id}/unschedule': { rule: board, object: roll },
        'get /api/roster/imports/{import_id}/places': { rule: keeps, object: roll, query: (where) => `school_id=${schools[where]}` },
        'get /api/roster/imports/{import_id}/classes': { rule: keeps, object: roll, query: (where) => `school_id=${schools[where]}` },
        'put /api/roster/imports/{import_id}/places': { rule: keeps, object: roll, body: async (id, where) => ({ student_id: CHILDREN[where], class_name: '来年組', grade: 2 }) },
        'post /api/roster/imports/{import_id}/places/clear': { rule: keeps, object: roll, body: async (id, where) => ({ student_id: CHILDREN[where] }) },
        'put /api/schools/{school_id}/next-school': { rule: board, body: async () => ({}), answers: [200, 400] },
        'get /api/roster/mappings': { rule: keeps },
        'put /api/roster/mappings': { rule: keeps, body: async (id) => ({ school_id: id, name: '表', code: '番号' }) },
        'delete /api/roster/mappings/{mapping_id}': { rule: keeps },
        'post /api/students': { rule: keeps, body: async (id) => ({ class_id: id, number: (serial += 1), ...names }) },
        'get /api/students/{student_id}': { rule: keeps },
        'get /api/students/{student_id}/versions': { rule: keeps },
        'put /api/students/{student_id}': { rule: keeps, body: async (id, where) => ({ version: await version(id), class_id: classOf[where], number: (serial += 1), ...names }) },
        'post /api/students/{student_id}/leave': { rule: keeps, body: async (id) => ({ version: await version(id), left_on: today }) },
        'post /api/students/{student_id}/return': { rule: keeps, body: async (id, where) => ({ version: await version(id, today), class_id: classOf[where], number: (serial += 1) }) },
        'post /api/students/{student_id}/move': { rule: board, body: async (id, where) => ({ version: await version(id), class_id: where === 'other' ? at.a.one.id : at.b.one.id, number: (serial += 1) }) },
        'post /api/classes': { rule: keeps, body: async (id) => ({ school_id: id, grade: 1, name: `試験${(serial += 1)}組` }) },
        'put /api/classes/{class_id}': { rule: keeps, body: async (id) => ({ version: (await city.one('select version from classes where id = $1', [id]))?.version ?? 1, name: `試験${(serial += 1)}組` }) },
        'get /api/classes/{class_id}/versions': { rule: keeps },
    };
    return { routes, objects: { import: made, mapping } };
};
