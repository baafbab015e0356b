// What the matrix must know of the calendar, the hours, the reasons: the school's staff read, its administrator and office keep them, and the board.
export default ({ city, people, at, NOWHERE, rules: { inA } }) => {
    const reads = (who, where) => where !== 'absent' && (who === 'board' || (where === 'other' ? ['far_office', 'far_homeroom'] : inA).includes(who));
    const keeps = (who, where) => where !== 'absent' && (who === 'board' || (where === 'other' ? ['far_office'] : ['office', 'administrator']).includes(who));
    const schoolOf = (where) => (where === 'other' ? at.b.id : at.a.id);
    let n = 0;
    const label = () => `試験${++n}`;
    const put = (sql) => async (where) => (where === 'absent' ? NOWHERE : (await city.one(sql, [schoolOf(where)])).id);
    const day = { first_day: '2028-11-20', kind: 'holiday', label: '開校記念日' };
    const hours = { days: 'dates', first_day: '2028-11-20', from_time: '08:30', to_time: '15:00', kinds: ['absent'], about: 'same_day', message: '電話でお願いします。' };
    const reason = () => ({ label: label(), needs_note: false, kinds: ['absent'], asks_symptoms: false, asks_times: true });
    const kept = (body) => ({ rule: keeps, body });
    return {
        objects: {
            calendar_entry: put(`insert into calendar_entries (school_id, first_day, last_day, kind, label) values ($1, '2028-11-20', '2028-11-20', 'holiday', '開校記念日') returning id`),
            intake_rule: put(`insert into intake_rules (school_id, days, first_day, last_day, from_time, to_time, kinds, about, message)
                values ($1, 'dates', '2028-11-20', '2028-11-20', '08:30', '15:00', '{absent}', 'same_day', '電話でお願いします。') returning id`),
            reason: put(`insert into reasons (school_id, sort, label) values ($1, 99, 'x' || gen_random_uuid()) returning id`),
        },
        routes: {
            'get /api/schools/{school_id}/calendar': { rule: reads },
            'post /api/calendar': kept(async (id) => ({ school_id: id, ...day })),
            'put /api/calendar/{entry_id}': kept(async () => ({ version: 1, ...day })),
            'delete /api/calendar/{entry_id}': kept(),
            'get /api/calendar/file': { rule: keeps, query: 'year=2028&format=csv' },
            'post /api/calendar/check': { rule: keeps, query: 'year=2028', headers: { 'content-type': 'text/csv' }, body: async () => '日付,種類,名称\r\n2028-11-20,休業日,開校記念日\r\n' },
            'post /api/calendar/import': { rule: keeps, query: 'year=2028&plan=x', answers: [409], headers: { 'content-type': 'text/csv' }, body: async () => '日付,種類,名称\r\n2028-11-20,休業日,開校記念日\r\n' },
            'get /api/schools/{school_id}/intake': { rule: reads },
            'post /api/intake': kept(async (id) => ({ school_id: id, ...hours })),
            'put /api/intake/{rule_id}': kept(async () => ({ version: 1, ...hours })),
            'delete /api/intake/{rule_id}': kept(),
            'get /api/schools/{school_id}/times': { rule: reads },
            'put /api/schools/{school_id}/times': kept(async (id) => ({ version: (await city.one('select times_version as v from schools where id = $1', [id]))?.v ?? 1, correct_until: '08:30', escalate_at: '08:25' })),
            'get /api/schools/{school_id}/health-shown': { rule: reads },
            'put /api/schools/{school_id}/health-shown': kept(async (id) => ({ version: (await city.one('select health_version as v from schools where id = $1', [id]))?.v ?? 1, shows_health: true })),
            'get /api/schools/{school_id}/reasons': { rule: reads },
            'post /api/reasons': kept(async (id) => ({ school_id: id, ...reason() })),
            'post /api/reasons/order': kept(async (id) => ({ school_id: id, reason_ids: [(await city.one('select coalesce(max(id), 1) as id from reasons where school_id = $1', [id])).id] })),
            'put /api/reasons/{reason_id}': kept(async () => ({ version: 1, ...reason() })),
            'delete /api/reasons/{reason_id}': kept(),
            'put /api/marks': { body: async () => ({ code: 'sick', version: (await city.one(`select version as v from marks where code = 'sick'`)).v, label: '病欠', symbol: '／', counts_as: 'absent' }) },
        },
    };
};
