// What can be followed: rows of absences by class, school and child; the board's numbers.
import { BOARD, GUARDIAN, OFFICE, STAFF } from './sessions.mjs';

const statement = (name, text) => ({ name, text });
const ofToday = 'r.last_day >= today() and (r.cancelled_at is null or r.cancelled_at >= today()::timestamp at time zone \'Asia/Tokyo\')';

export const sessionsAlive = statement('sessions_alive', `
    select s.id from sessions s join accounts a on a.id = s.account_id and a.closed_at is null
    where s.id = any ($1::bigint[]) and s.ended_at is null and s.expires_at > now()`);

export const feed = {
    changed: statement('absences_changed', 'select r.* from absence_rows r where r.id = any ($1::bigint[])'),
};

const arrivals = `
    select (extract(hour from at) * 60 + extract(minute from at))::int as id, count(*)::int as n,
           (extract(epoch from now()) * 1000)::bigint as version
    from (select a.reported_at at time zone 'Asia/Tokyo' as at from absences a
          where a.reported_at >= today()::timestamp at time zone 'Asia/Tokyo') r
    group by 1 order by 1`;

const mayFollowCity = statement('may_follow_city', 'select where is_city($1)');

const kinds = {
    'absences/class': {
        may: STAFF,
        allows: statement('may_follow_class', 'select from classes c where c.id = $2 and may_see_class($1, $2)'),
        snapshot: statement('absences_of_class', `
            select r.* from (select s.id from students s where s.class_id = $1 or s.exchange_class_id = $1 offset 0) s
            cross join lateral (select a.* from absence_rows a
                                where a.student_id = s.id and a.last_day >= today() offset 0) r
            where ${ofToday}`),
    },
    'absences/school': {
        may: OFFICE,
        allows: statement('may_follow_school', 'select where may_see_school($1, $2)'),
        snapshot: statement('absences_of_school', `select r.* from absence_rows r where r.school_id = $1 and ${ofToday}`),
    },
    'absences/student': {
        may: GUARDIAN,
        allows: statement('may_follow_student', 'select where may_read_student($1, $2)'),
        snapshot: statement('absences_of_student', `select r.* from absence_rows r where r.student_id = $1 and ${ofToday}`),
    },
    'city/all': {
        may: BOARD, allows: mayFollowCity,
        snapshot: statement('city_counts_all', 'select f.* from school_figures f'),
    },
    'arrivals/all': { may: BOARD, allows: mayFollowCity, snapshot: statement('arrivals_today', arrivals) },
};

/** Numbers that many writes move: read again at most every so often. */
export const gauges = [
    {
        topic: 'city/all', everyMs: 250, keyed: true,
        changed: statement('city_counts', 'select f.* from school_figures f where f.id = any ($1::int[])'),
    },
    { topic: 'arrivals/all', everyMs: 1000, keyed: false, changed: statement('arrivals_today', arrivals) },
];

/** "absences/class/12" -> { kind, key: 12 }; null when there is no such topic. */
export function findTopic(name) {
    if (name.endsWith('/all')) return kinds[name] ? { kind: kinds[name], key: null } : null;
    const [, scope, digits] = name.match(/^(absences\/[a-z]+)\/([1-9][0-9]{0,15})$/) ?? [];
    return kinds[scope] ? { kind: kinds[scope], key: Number(digits) } : null;
}
