// What the matrix must know of the module schools.
export default ({ rules: { inA, seesClass, seesSchool } }) => ({
    routes: {
        'get /api/classes/{class_id}/students': { rule: seesClass },
        'post /api/schools/{school_id}/students/search': { reads: true, rule: seesSchool, body: async () => ({ q: 'あ' }) },
        // No object: the asker's own file.
        'post /api/roster/columns': { body: async () => Buffer.from('学年,組\r\n1,1\r\n'), headers: { 'content-type': 'text/csv' } },
        // A filter: who may not see the school gets no rows of it, or a refusal.
        'get /api/classes': { filter: true, rule: (who, where) => (where === 'other' ? ['board', 'far_office', 'far_homeroom'] : ['board', ...inA]).includes(who) && where !== 'absent' },
    },
});
