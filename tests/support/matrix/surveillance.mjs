// What the matrix must know of the module surveillance.
export default ({ today, rules: { seesSchool } }) => ({
    routes: { 'get /api/schools/{school_id}/surveillance': { rule: seesSchool, query: `day=${today}` } },
});
