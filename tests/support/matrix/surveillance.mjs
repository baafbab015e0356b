// What the matrix must know of the module surveillance.
export default async ({ city, today, rules: { seesSchool, seesChild } }) => {
    await city.query('update schools set shows_health = true');
    return {
        routes: {
            'get /api/schools/{school_id}/surveillance': { rule: seesSchool, query: `day=${today}` },
            'get /api/schools/{school_id}/symptoms': { rule: seesSchool, query: 'symptom=fever' },
            'put /api/city/closure-guide': { body: async () => ({ version: (await city.one('select health_version as v from city')).v, closure_percent: 20, closure_fewest: 5 }) },
            'get /api/children/{student_id}/school-health': { rule: (who, where) => seesChild(who, where) && who !== 'board' },
        },
        topics: { 'symptoms': (who) => who === 'board', 'class_symptoms/school': seesSchool },
    };
};
