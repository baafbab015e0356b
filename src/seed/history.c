#include <stdio.h>

#include "seed/seed.h"
#include "seed/copy.h"
#include "seed/load.h"

/* About 4 % of the children on each of the last twenty days of school, two schools with three times
 * as many; chance is a hash of child, day and seed. Reported between 7:00 and 8:25, most about 7:40,
 * acknowledged by the homeroom teacher within the half hour, who also wrote down the calls of those that have
 * no guardian here. */
static const char history_sql[] =
    "create temp table seed_history on commit drop as "
    "with days as (select d::date as day, row_number() over (order by d desc) as age "
    "              from generate_series(today() - 60, today() - 1, interval '1 day') d "
    "              where is_school_day(1, 0, d::date) order by d desc limit 20), "
    "luck as (select s.id, s.school_id, s.class_id, d.day, d.age, "
    "                hashint8extended(s.id * 10000 + (d.day - date '2020-01-01'), %llu) & 2147483647 as n "
    "         from students s cross join days d) "
    "select l.*, case when n / 1024 %% 100 < 75 then 'absent' when n / 1024 %% 100 < 93 then 'late' "
    "                 else 'leave_early' end as kind, "
    "       (array[1, 1, 1, 4, 4, 4, 2, 3, 7, 8])[n / 131 %% 10 + 1] as reason, "
    "       (l.day + time '07:00' + interval '1 second' * (n / 7 %% 2500 + n / 11 %% 2600)) "
    "           at time zone 'Asia/Tokyo' as at, "
    "       coalesce((select min(g.account_id) from guardianships g where g.student_id = l.id), "
    "h.account_id) as reporter, "
    "       case when exists (select from guardianships g where g.student_id = l.id) then 'guardian' else "
    "'school' end as via "
    "from luck l join staff_roles h on h.class_id = l.class_id and h.role = 'homeroom' "
    "where n %% 1000 < case when l.school_id %% 29 = 7 then 120 else 40 end";

/* Of those that are ill, four in five say how. What is older comes last: those that are away for long, or ill
 * now, are chosen by the last week alone. */
#define REPORTS(which)                                                                                       \
    "insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, "          \
    "reason_id, symptoms, via, reported_by, reported_at, changed_by, changed_at, changed_via) "              \
    "select school_id, id, day, day, kind, case kind when 'late' then time '09:30' end, "                    \
    "       case kind when 'leave_early' then time '13:30' end, reason, "                                    \
    "       case when kind = 'absent' and n / 17 % 5 < 4 then (case reason "                                 \
    "           when 1 then (array['{fever}', '{fever,respiratory}', '{fever,flu_like}'])[n / 19 % 3 + 1] "  \
    "           when 2 then '{headache}' when 4 then '{respiratory}' "                                       \
    "           when 3 then (array['{diarrhea}', '{nausea,diarrhea}'])[n / 19 % 2 + 1] end)::text[] end, "   \
    "       via, reporter, at, reporter, at, via "                                                           \
    "from seed_history h where " which " order by at; "                                                      \
    "update absences a set acknowledged_by = r.account_id, acknowledged_role = 'homeroom', "                 \
    "       changed_by = r.account_id, changed_via = 'school', "                                             \
    "       acknowledged_at = a.reported_at + interval '1 minute' * (3 + a.id % 25), "                       \
    "       changed_at = a.reported_at + interval '1 minute' * (3 + a.id % 25), version = a.version + 1 "    \
    "from students s join staff_roles r on r.class_id = s.class_id and r.role = 'homeroom' "                 \
    "where s.id = a.student_id and a.acknowledged_at is null; "
static const char recent_sql[] = REPORTS("age <= 5");
/* What has long been is told to nobody. */
static const char older_sql[] =
    REPORTS("age > 5 and not exists (select from standing_absences t where t.student_id = h.id) "
            "and not exists (select from illnesses i where i.student_id = h.id)") "delete from tellings";

/* About two children of each school are away for long, until the end of the school year: none that has
 * reported just now. Entered by the homeroom teacher. */
static const char standing_sql[] =
    "insert into standing_absences (school_id, student_id, first_day, last_day, reason_id, note, made_by, "
    "made_at, changed_by, changed_at) "
    "select s.school_id, s.id, greatest(make_date(school_year(), 4, 1), today() - 15 - (l.n / 1024 %% "
    "90)::int), "
    "       make_date(school_year() + 1, 3, 31), case l.n / 7 %% 3 when 0 then 6 end, "
    "       (array['週に一度、担任から電話をします。', '登校する日は、保健室から始めます。', null])[l.n / 11 "
    "%% 3 + 1], "
    "       r.account_id, now() - interval '14 days', r.account_id, now() - interval '14 days' "
    "from students s "
    "join staff_roles r on r.class_id = s.class_id and r.role = 'homeroom' "
    "cross join lateral (select hashint8extended(s.id * 31, %llu) & 2147483647 as n) l "
    "where l.n %% 1000 < 4 and not exists (select from absences a where a.student_id = s.id) order by s.id";

/* Of those that were reported absent with a fever, a few were diagnosed the day after, as their guardian or
 * the school wrote down; some of them are over the fever, some are back with the return form. */
static const char illness_sql[] =
    "insert into illnesses (school_id, student_id, disease, onset_on, diagnosed_on, institution, ended_on, "
    "suspended_from, via, made_by, made_at, changed_by, changed_via) "
    "select a.school_id, a.student_id, d.code, a.first_day, least(a.first_day + 1, today()), "
    "       (array['見本こどもクリニック', '中央内科医院', null])[l.n / 7 %% 3 + 1], "
    "       case when a.first_day + 2 <= today() - 1 then a.first_day + 2 end, "
    "       case when d.suspends <> 'no' then a.first_day end, a.via, a.reported_by, "
    "       least(a.reported_at + interval '9 hours', now()), a.reported_by, a.via "
    "from (select distinct on (student_id) * from absences where kind = 'absent' and reason_id = 1 "
    "      order by student_id, first_day desc) a "
    "cross join lateral (select hashint8extended(a.student_id * 37, %llu) & 2147483647 as n) l "
    "join diseases d on d.code = (array['influenza', 'influenza', 'covid', 'gastroenteritis', 'strep'])[l.n "
    "/ "
    "11 %% 5 + 1] "
    "where l.n %% 100 < 25 order by a.student_id; "
    "update illnesses i set returned_on = e.day, return_stated_by = i.made_by, return_stated_at = now(), "
    "changed_at = now(), version = i.version + 1 "
    "from illnesses o cross join lateral (select illness_earliest_return(o.disease, o.onset_on, o.ended_on, "
    "null, "
    "null)) e (day) "
    "where o.id = i.id and i.via = 'guardian' and e.day <= today() + 1";

static int exec_seeded(PGconn *conn, const char *template, uint64_t seed)
{
    char sql[4096];
    int n = snprintf(sql, sizeof sql, template, (unsigned long long)(seed & 0x7fffffff));
    return n > 0 && (size_t)n < sizeof sql ? seed_exec(conn, sql) : -1;
}

int seed_load_history(PGconn *conn, uint64_t seed)
{
    if (seed_exec(conn, "analyze students; analyze guardianships; analyze staff_roles")) return -1;
    return exec_seeded(conn, history_sql, seed) || seed_exec(conn, recent_sql) ||
                   exec_seeded(conn, standing_sql, seed) || exec_seeded(conn, illness_sql, seed) ||
                   seed_exec(conn, older_sql)
               ? -1
               : 0;
}

/* A family to show: two children, in an elementary and a junior high school, in ordinary classes, two
 * guardians. */
static int household_to_show(const struct seed_city *city)
{
    for (int h = 0; h < city->n_households; h++) {
        const struct seed_household *home = &city->households[h];
        if (home->count != 2 || home->guardians != 2) continue;
        const struct seed_student *a = &city->students[city->by_household[home->first]];
        const struct seed_student *b = &city->students[city->by_household[home->first + 1]];
        if (a->missing || b->missing) continue;
        if (city->schools[a->school].kind + city->schools[b->school].kind == 1 && a->exchange < 0 &&
            b->exchange < 0)
            return h;
    }
    return 0;
}

static int younger_of(const struct seed_city *city, int household)
{
    const struct seed_household *home = &city->households[household];
    int child = city->by_household[home->first];
    for (int c = 1; c < home->count; c++) {
        int other = city->by_household[home->first + c];
        if (city->schools[city->students[other].school].kind == 0) child = other;
    }
    return child;
}

static int demo_add(PGconn *conn, int sort, const char *label, const char *role, int account)
{
    return seed_execf(conn,
                      "insert into demo_accounts (login_id, sort, label, password, role) "
                      "select login_id, %d, '%s', '" SEED_PASSWORD "', '%s' from accounts where id = %d",
                      sort, label, role, account);
}

int seed_load_demo(PGconn *conn, const struct seed_city *city)
{
    int h = household_to_show(city), child = younger_of(city, h);
    const struct seed_student *shown = &city->students[child];
    if (demo_add(conn, 1, "保護者（小学生と中学生のきょうだい）", "guardian",
                 account_of_guardian(city, h, 0)))
        return -1;
    if (city->households[h].guardians == 2 &&
        demo_add(conn, 2, "もう一人の保護者（同じ子どもたち）", "guardian", account_of_guardian(city, h, 1)))
        return -1;
    if (demo_add(conn, 3, "担任（下の子の学級）", "teacher", account_of_homeroom(shown->class))) return -1;
    if (demo_add(conn, 4, "学校の職員室（下の子の学校）", "office", account_of_office(shown->school, 1)))
        return -1;
    return demo_add(conn, 5, "教育委員会", "board", account_of_board(0));
}
