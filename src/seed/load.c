#include "seed/load.h"

#include <stdio.h>
#include <time.h>

#include "seed/copy.h"
#include "seed/names.h"

/* From the first of April: the city's links and roles begin with its school year. */
#define YEAR_BEGINS "make_date(school_year(), 4, 1)"

/* Guardians have agreed to the newest version of the terms (schema/0023_terms.sql). */
#define CONSENT "2026-11"
#define DAY     (24 * 60 * 60)

int account_of_board(int nth)
{
    return 1 + nth;
}

int account_of_operator(int nth)
{
    return account_of_board(BOARD_STAFF) + nth;
}

int account_of_office(int school, int nth)
{
    return account_of_operator(OPERATORS) + school * SCHOOL_STAFF + nth;
}

int account_of_homeroom(int class)
{
    return account_of_office(SCHOOLS, 0) + class;
}

int account_of_teacher(const struct seed_city *city, int school, int nth)
{
    return account_of_homeroom(city->n_classes) + school * SCHOOL_TEACHERS + nth;
}

int account_of_guardian(const struct seed_city *city, int household, int nth)
{
    int first = account_of_teacher(city, SCHOOLS, 0);
    return nth == 0 ? first + household : first + city->n_registered + city->households[household].second;
}

static int schools_load(PGconn *conn, const struct seed_city *city)
{
    static const char *const districts[] = { "小田", "大庄", "立花", "武庫", "園田", "中央" };
    static const char *const kinds[] = { "elementary", "junior_high", "special_needs" };
    static const char *const names[] = { "小学校", "中学校", "特別支援学校" };
    static const char letters[] = "EJS";
    struct seed_copy copy;
    if (seed_exec(conn, "insert into city (id, name) values (1, '見本市（デモ）')")) return -1;
    seed_copy_begin(&copy, conn, "schools", "id, code, name, kind, district, phone, sort");
    for (int i = 0; i < SCHOOLS; i++) {
        const struct seed_school *school = &city->schools[i];
        int nth = i - (school->kind == 0 ? 0 : school->kind == 1 ? ELEMENTARY : ELEMENTARY + JUNIOR_HIGH);
        seed_copy_row(&copy, "%d\t%c%02d\t見本%s%s\t%s\t%s\t06-0000-%04d\t%d\n", i + 1, letters[school->kind],
                      nth + 1, school_words[i], names[school->kind], kinds[school->kind],
                      districts[school->district], 1001 + i, i + 1);
    }
    return seed_copy_end(&copy);
}

static int classes_load(PGconn *conn, const struct seed_city *city, int school_year)
{
    struct seed_copy copy;
    seed_copy_begin(&copy, conn, "classes", "id, school_id, school_year, grade, name, kind, sort");
    for (int i = 0; i < city->n_classes; i++) {
        const struct seed_class *class = &city->classes[i];
        seed_copy_row(&copy, "%d\t%d\t%d\t%d\t%s\t%s\t%d\n", i + 1, class->school + 1, school_year,
                      class->grade, class->name, class->support ? "support" : "regular", class->sort);
    }
    return seed_copy_end(&copy);
}

static void id_text(char text[16], int index)
{
    if (index < 0)
        snprintf(text, 16, "\\N");
    else
        snprintf(text, 16, "%d", index + 1);
}

static int students_load(PGconn *conn, const struct seed_city *city)
{
    struct seed_copy copy;
    seed_copy_begin(&copy, conn, "students",
                    "id, school_id, class_id, number, family_name, given_name, family_kana, "
                    "given_kana, exchange_class_id, code");
    for (int i = 0; i < city->n_students; i++) {
        const struct seed_student *child = &city->students[i];
        const struct name *family = &family_names[city->households[child->household].family_name];
        const struct name *given = &(child->girl ? girls : boys)[child->given];
        char exchange[16];
        id_text(exchange, child->exchange);
        seed_copy_row(&copy, "%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\tC%07d\n", i + 1, child->school + 1,
                      child->class + 1, child->number, family->kanji, given->kanji, family->kana, given->kana,
                      exchange, i + 1);
    }
    return seed_copy_end(&copy);
}

static void account_row(struct seed_copy *copy, int id, const char *letter, int digits, int nth,
                        const char *hash, const struct name *family, const struct name *given,
                        const char *rest)
{
    seed_copy_row(copy, "%d\t%s%0*d\t%s\t%s\t%s\t%s\t%s\t%s\n", id, letter, digits, nth, hash, family->kanji,
                  given->kanji, family->kana, given->kana, rest);
}

static void staff_row(struct seed_copy *copy, uint64_t *random, int id, const char *letter, int digits,
                      int nth, const char *hash)
{
    const struct name *family = &family_names[seed_below(random, family_names_count)];
    const struct name *given =
        seed_below(random, 2) ? &men[seed_below(random, men_count)] : &women[seed_below(random, women_count)];
    account_row(copy, id, letter, digits, nth, hash, family, given, "\\N\t\\N\tnow\t\\N\t\\N");
}

/* A time of a day before today, between 6:30 and 22:30 in Japan. */
static void time_text(char text[32], int days_ago, int nth)
{
    const time_t to_japan = 9 * 60 * 60;
    time_t today = (time(NULL) + to_japan) / DAY * DAY - to_japan;
    time_t at = today - (time_t)days_ago * DAY + 6 * 3600 + 1800 + nth * 7919L % (16 * 3600);
    struct tm parts;
    strftime(text, 32, "%Y-%m-%d %H:%M:%S+00", gmtime_r(&at, &parts));
}

static void registered_text(char text[32], int nth)
{
    time_text(text, 40 + nth % 20, nth);
}

/* Nine in ten have an address, nineteen in twenty have signed in within the last 30 days, the others never.
 */
static void guardian_rest(char *text, size_t size, int nth)
{
    char registered[32], signed_in[32] = "\\N", email[32] = "\\N";
    registered_text(registered, nth);
    if (nth % 20 != 13) time_text(signed_in, 1 + nth * 17 % 30, nth);
    if (nth % 10 != 0) snprintf(email, sizeof email, "g%06d@example.jp", nth);
    snprintf(text, size, CONSENT "\t%s\t%s\t%s\t%s", registered, registered, email, signed_in);
}

static int guardian_nth(const struct seed_city *city, int h, int nth)
{
    return account_of_guardian(city, h, nth) - account_of_guardian(city, 0, 0) + 1;
}

static void guardian_row(struct seed_copy *copy, const struct seed_city *city, int h, int nth,
                         const char *hash)
{
    const struct seed_household *home = &city->households[h];
    const struct name *family = &family_names[nth ? home->other_name : home->family_name];
    const struct name *given = &(home->father_first == (nth == 0) ? men : women)[home->given[nth]];
    int number = guardian_nth(city, h, nth);
    char rest[160];
    guardian_rest(rest, sizeof rest, number);
    account_row(copy, account_of_guardian(city, h, nth), "g", 6, number, hash, family, given, rest);
}

static int accounts_load(PGconn *conn, struct seed_city *city, const char *hash)
{
    struct seed_copy copy;
    int teachers = city->n_classes + SCHOOLS * SCHOOL_TEACHERS;
    seed_copy_begin(&copy, conn, "accounts",
                    "id, login_id, password_hash, family_name, given_name, family_kana, "
                    "given_kana, consent_version, consented_at, made_at, email, last_signed_in_at");
    for (int i = 0; i < BOARD_STAFF; i++)
        staff_row(&copy, &city->random, account_of_board(i), "b", 2, i + 1, hash);
    for (int i = 0; i < OPERATORS; i++)
        staff_row(&copy, &city->random, account_of_operator(i), "x", 2, i + 1, hash);
    for (int i = 0; i < SCHOOLS * SCHOOL_STAFF; i++)
        staff_row(&copy, &city->random, account_of_office(0, i), "o", 4, i + 1, hash);
    for (int i = 0; i < teachers; i++)
        staff_row(&copy, &city->random, account_of_homeroom(i), "t", 4, i + 1, hash);
    for (int h = 0; h < city->n_registered; h++) guardian_row(&copy, city, h, 0, hash);
    for (int h = 0; h < city->n_registered; h++)
        if (city->households[h].guardians == 2) guardian_row(&copy, city, h, 1, hash);
    return seed_copy_end(&copy);
}

static int roles_load(PGconn *conn, const struct seed_city *city, const char *from)
{
    static const char *const staff[SCHOOL_STAFF] = { "administrator", "office", "nurse" };
    struct seed_copy copy;
    seed_copy_begin(&copy, conn, "staff_roles", "account_id, school_id, class_id, role, valid_from");
    for (int i = 0; i < BOARD_STAFF; i++)
        seed_copy_row(&copy, "%d\t\\N\t\\N\tboard\t%s\n", account_of_board(i), from);
    for (int i = 0; i < OPERATORS; i++)
        seed_copy_row(&copy, "%d\t\\N\t\\N\toperator\t%s\n", account_of_operator(i), from);
    for (int s = 0; s < SCHOOLS; s++) {
        for (int i = 0; i < SCHOOL_STAFF; i++)
            seed_copy_row(&copy, "%d\t%d\t\\N\t%s\t%s\n", account_of_office(s, i), s + 1, staff[i], from);
        for (int i = 0; i < SCHOOL_TEACHERS; i++)
            seed_copy_row(&copy, "%d\t%d\t\\N\tteacher\t%s\n", account_of_teacher(city, s, i), s + 1, from);
    }
    for (int c = 0; c < city->n_classes; c++)
        seed_copy_row(&copy, "%d\t%d\t%d\thomeroom\t%s\n", account_of_homeroom(c),
                      city->classes[c].school + 1, c + 1, from);
    return seed_copy_end(&copy);
}

static int guardianships_load(PGconn *conn, const struct seed_city *city, const char *from)
{
    struct seed_copy copy;
    seed_copy_begin(&copy, conn, "guardianships",
                    "account_id, student_id, school_id, relation, valid_from, made_at");
    for (int h = 0; h < city->n_registered; h++) {
        const struct seed_household *home = &city->households[h];
        for (int nth = 0; nth < home->guardians; nth++) {
            char registered[32];
            registered_text(registered, guardian_nth(city, h, nth));
            for (int c = 0; c < home->count; c++) {
                int child = city->by_household[home->first + c];
                if (city->students[child].missing) continue;
                seed_copy_row(&copy, "%d\t%d\t%d\t%s\t%s\t%s\n", account_of_guardian(city, h, nth), child + 1,
                              city->students[child].school + 1,
                              home->father_first == (nth == 0) ? "father" : "mother", from, registered);
            }
        }
    }
    return seed_copy_end(&copy);
}

static const char reasons_sql[] =
    "insert into reasons (id, school_id, sort, label, needs_note, kinds, asks_symptoms, asks_times, mark) "
    "values "
    "(1, null, 1, '発熱', false, default, true, true, 'sick'),"
    "(2, null, 2, '頭痛', false, default, true, true, 'sick'),"
    "(3, null, 3, '腹痛', false, default, true, true, 'sick'),"
    "(4, null, 4, 'かぜ症状', false, default, true, true, 'sick'),"
    "(5, null, 5, 'インフルエンザ', false, '{absent}', true, true, 'suspended'),"
    "(6, null, 6, 'けが', false, default, false, true, 'sick'),"
    "(7, null, 7, '通院', false, default, false, true, 'accident'),"
    "(8, null, 8, '家庭の都合', false, default, false, true, 'accident'),"
    "(9, null, 9, '忌引', false, '{absent}', false, true, 'bereavement'),"
    "(10, null, 10, 'その他', true, default, false, false, 'accident');"
    "insert into reasons (school_id, sort, label) select id, 1, '花粉症' from schools where id % 9 = 4;"
    "insert into reasons (school_id, sort, label, kinds, asks_times) select id, 1, 'スクールバスの遅れ', "
    "'{late,late_and_leave_early}', false from schools where kind = 'special_needs'";

/* A junior high school takes the children of the elementary schools of its district that are its share. */
static const char next_schools_sql[] =
    "update schools e set next_school_id = (select j.id from schools j where j.kind = 'junior_high' and "
    "j.district = e.district order by (j.id - e.id + 1) % 3 <> 0, j.id limit 1) where e.kind = 'elementary'";

static const char sequences_sql[] = "select setval('schools_id_seq', (select max(id) from schools)),"
                                    " setval('classes_id_seq', (select max(id) from classes)),"
                                    " setval('students_id_seq', (select max(id) from students)),"
                                    " setval('accounts_id_seq', (select max(id) from accounts))";

int seed_load(PGconn *conn, struct seed_city *city, const char *password_hash)
{
    PGresult *begin = seed_query(conn, "select school_year(), " YEAR_BEGINS);
    if (!begin) return -1;
    int year = 0;
    char from[16];
    int read = sscanf(PQgetvalue(begin, 0, 0), "%d", &year);
    snprintf(from, sizeof from, "%s", PQgetvalue(begin, 0, 1));
    PQclear(begin);
    /* Ids of reasons are given up to 10; the rest must not meet them. */
    if (read != 1 || seed_exec(conn, "select setval('reasons_id_seq', 10)")) return -1;
    if (schools_load(conn, city) || classes_load(conn, city, year) || students_load(conn, city)) return -1;
    if (accounts_load(conn, city, password_hash) || roles_load(conn, city, from)) return -1;
    if (guardianships_load(conn, city, from) || seed_exec(conn, reasons_sql) ||
        seed_exec(conn, next_schools_sql))
        return -1;
    return seed_exec(conn, sequences_sql);
}
