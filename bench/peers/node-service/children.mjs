// GET /api/children: a guardian's children.
import { GUARDIAN, requireRole } from './sessions.mjs';

const childrenList = {
    name: 'children_list',
    text: `
        select s.id as student_id, s.school_id, sc.name as school_name, sc.phone as school_phone,
               s.class_id, c.name as class_name, c.grade, s.number,
               s.family_name, s.given_name, s.family_kana, s.given_kana, mine.may_report, sc.correct_until
        from children_of($1) mine
        join students s on s.id = mine.student_id and s.left_on is null
        join schools sc on sc.id = s.school_id
        join classes c on c.id = s.class_id
        where mine.may_read or mine.may_report
        order by c.grade + case sc.kind when 'junior_high' then 6 else 0 end desc, s.id`,
};

const text = { type: 'string' }, number = { type: 'integer' };
const child = {
    type: 'object',
    properties: {
        student_id: number, school_id: number, school_name: text, school_phone: text, class_id: number,
        class_name: text, grade: number, number, family_name: text, given_name: text, family_kana: text,
        given_kana: text, may_report: { type: 'boolean' }, correct_until: text,
    },
};
const schema = {
    response: { 200: { type: 'object', properties: { rows: { type: 'array', items: child } } } },
};

export function childRoutes(db) {
    return async (api) => {
        api.get('/children', { schema, onRequest: requireRole(GUARDIAN) }, async (request) => ({
            rows: await db.read(childrenList, [request.session.account_id]),
        }));
    };
}
