// What the matrix must know of the module exports: the office exports its school, who keeps settings keeps the mappings.
export default async ({ city, today, at, people, NOWHERE, rules: { seesSchool } }) => {
    const keeps = (who, where) => where !== 'absent' && (who === 'board' || (where === 'other' ? ['far_office'] : ['office', 'administrator']).includes(who));
    const office = (who, where) => seesSchool(who, where) && who !== 'board';
    const columns = { file: 'sums', headings: ['番号'], fields: ['number'] };
    const period = { first_day: `${today.slice(0, 8)}01`, last_day: today };
    const put = async (school) => (await city.one(
        `insert into export_mappings (school_id, name, file, headings, fields, charset, separator, with_heading, neutralised, changed_by)
         values ($1, 'x' || gen_random_uuid(), 'sums', '{番号}', '{number}', 'utf8', 'comma', true, true, $2) returning id`, [school, people.office.account])).id;
    const query = `export_mapping_id=${await put(null)}&first_day=${period.first_day}&last_day=${today}`;
    return {
        objects: { export_mapping: async (where) => (where === 'absent' ? NOWHERE : put(where === 'other' ? at.b.id : at.a.id)) },
        routes: {
            'get /api/export-mappings': { rule: seesSchool },
            'put /api/export-mappings': { rule: keeps, body: async (id) => ({ school_id: id, name: '表', charset: 'utf8', separator: 'comma', ...columns }) },
            'delete /api/export-mappings/{export_mapping_id}': { rule: keeps },
            'get /api/schools/{school_id}/register/export': { rule: office, query },
            'get /api/schools/{school_id}/register/export/check': { rule: office, query },
            'post /api/schools/{school_id}/register/export/preview': { rule: office, body: async () => ({ ...columns, ...period }) },
        },
    };
};
