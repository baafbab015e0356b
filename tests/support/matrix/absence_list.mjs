// What the matrix must know of the module absence_list: who belongs to the school as staff (guardians and the board lack the role).
export default ({ today, rules: { belongsTo } }) => {
    const period = { from: today, to: today };
    const routes = {
        'post /api/schools/{school_id}/absences/list': { rule: belongsTo, body: async () => period, reads: true },
        'post /api/schools/{school_id}/absences/file': { rule: belongsTo, body: async () => period, query: 'format=csv' },
        'get /api/schools/{school_id}/day-sheets': { rule: belongsTo, query: `day=${today}` },
        'get /api/city/absences': { query: `from=${today}&to=${today}&format=csv` },
    };
    return { routes };
};
