/* What each file of OneRoster says. */
#include "roster/oneroster.h"

#define COLUMN(name, needed)                                                                                 \
    {                                                                                                        \
        STR_INIT(name), needed, -1                                                                           \
    }
#define FILE_OF(name, columns, take)                                                                         \
    {                                                                                                        \
        name, columns, sizeof columns / sizeof *columns, take                                                \
    }

void *or_new(struct oneroster *o, struct table_reader *t, struct map *map, size_t column, size_t size)
{
    struct str id = table_cell(t, column);
    if (id.n == 0 || map_get(map, id)) {
        table_problem(t, column, id.n ? "duplicate" : "missing");
        return NULL;
    }
    struct str *object = arena_zalloc(&o->scratch, size);
    struct str copy = arena_dup(&o->scratch, id);
    if (!object || !copy.at || map_set(map, copy, object, NULL) < 0) {
        o->r.failed = true;
        return NULL;
    }
    *object = copy;
    return object;
}

static struct str keep(struct oneroster *o, struct str s)
{
    struct str copy = s.n ? arena_dup(&o->scratch, s) : (struct str){ 0 };
    if (s.n && !copy.at) o->r.failed = true;
    return copy;
}

/* The first of "a,b,c". */
static struct str first_of(struct str list)
{
    struct str rest;
    return text_trim(str_cut(list, ',', &rest));
}

/* ---- academicSessions.csv ---- */

enum { SESSION_ID, SESSION_START, SESSION_YEAR };
static const struct table_column session_columns[] = { COLUMN("sourcedId", true), COLUMN("startDate", true),
                                                       COLUMN("schoolYear", false) };

/* OneRoster counts a school year by its end, Japan by its beginning, and files do either: the day tells. */
static void session_take(struct oneroster *o, struct table_reader *t)
{
    int64_t year, month;
    struct str start = table_cell(t, SESSION_START);
    struct or_session *session = or_new(o, t, &o->sessions, SESSION_ID, sizeof *session);
    if (!session) return;
    bool good = start.n == 10 && start.at[4] == '-' && start.at[7] == '-' &&
                str_to_i64(str_of(start.at, 4), &year) &&
                str_to_i64(start.at[5] == '0' ? str_of(start.at + 6, 1) : str_of(start.at + 5, 2), &month);
    if (good && year >= 2000 && year <= 2200 && month >= 1 && month <= 12)
        session->year = (unsigned)(month >= 4 ? year : year - 1);
    else
        table_problem(t, SESSION_START, "format");
}

/* ---- orgs.csv ---- */

enum { ORG_ID, ORG_NAME, ORG_TYPE, ORG_IDENTIFIER };
static const struct table_column org_columns[] = { COLUMN("sourcedId", true), COLUMN("name", true),
                                                   COLUMN("type", true), COLUMN("identifier", false) };

static void org_take(struct oneroster *o, struct table_reader *t)
{
    bool ok = true;
    struct or_org *org = or_new(o, t, &o->orgs, ORG_ID, sizeof *org);
    if (!org) return;
    org->code = cell_text(t, ORG_IDENTIFIER, &ok);
    if (!org->code.at) org->code = reading_keep(&o->r, org->id);
    org->name = cell_text(t, ORG_NAME, &ok);
    if (!str_eq_nocase(table_cell(t, ORG_TYPE), STR("school"))) return;
    buf_append(&o->schools, &(struct roster_school){ org->code, org->name }, sizeof(struct roster_school));
}

/* The org of that sourcedId. A delta need not name it again: then its sourcedId has to do. */
static const struct or_org *org_of(struct oneroster *o, struct table_reader *t, size_t column, struct str id)
{
    if (id.n == 0) return NULL;
    struct or_org *org = map_get(&o->orgs, id);
    if (org) return org;
    if (!o->delta && o->orgs.n) {
        table_problem(t, column, "unknown");
        return NULL;
    }
    org = arena_zalloc(&o->scratch, sizeof *org);
    if (!org) {
        o->r.failed = true;
        return NULL;
    }
    org->id = keep(o, id);
    org->code = reading_keep(&o->r, id);
    if (org->id.at && map_set(&o->orgs, org->id, org, NULL) < 0) o->r.failed = true;
    return org;
}

/* ---- classes.csv ---- */

enum { CLASS_ID, CLASS_TITLE, CLASS_SCHOOL, CLASS_TERMS, CLASS_GRADES, CLASS_TYPE, CLASS_SPECIAL };
static const struct table_column class_columns[] = {
    COLUMN("sourcedId", true),
    COLUMN("title", true),
    COLUMN("schoolSourcedId", true),
    COLUMN("termSourcedIds", false),
    COLUMN("grades", false),
    COLUMN("classType", false),
    COLUMN("metadata.jp.specialNeeds", false),
};

/* Our own export makes sourcedIds that are unique in the city: "school:year:code". Where school or year are
 * not told (a delta), what looks like that is taken for it. */
static struct str class_code(struct oneroster *o, const struct or_class *class)
{
    struct str year, code, school = str_cut(class->id, ':', &year);
    int64_t number;
    if (class->org && class->year && str_starts(class->id, class->org->code)) {
        school = class->org->code;
        year = str_of(class->id.at + school.n, class->id.n - school.n);
        year = str_starts(year, STR(":")) ? str_of(year.at + 1, year.n - 1) : STR("");
    }
    year = str_cut(year.at ? year : STR(""), ':', &code);
    bool ours = code.n && year.n == 4 && str_to_i64(year, &number) && school.n;
    return reading_keep(&o->r, ours ? code : class->id);
}

static void class_take(struct oneroster *o, struct table_reader *t)
{
    bool ok = true;
    struct str type = table_cell(t, CLASS_TYPE), term = first_of(table_cell(t, CLASS_TERMS));
    struct or_class *class = or_new(o, t, &o->classes, CLASS_ID, sizeof *class);
    if (!class) return;
    class->homeroom = type.n == 0 || str_eq_nocase(type, STR("homeroom"));
    if (!class->homeroom) return;
    const struct or_session *session = term.n ? map_get(&o->sessions, term) : NULL;
    if (term.n && !session && !o->delta) table_problem(t, CLASS_TERMS, "unknown");
    class->name = cell_text(t, CLASS_TITLE, &ok);
    class->org = org_of(o, t, CLASS_SCHOOL, table_cell(t, CLASS_SCHOOL));
    class->year = session ? session->year : 0;
    class->code = class_code(o, class);
    class->kind = cell_class_kind(t, CLASS_SPECIAL, &ok);
    /* A class of several grades (支援学級) says nothing of a child's. */
    if (str_find(table_cell(t, CLASS_GRADES), ',') < 0) class->grade = cell_grade(t, CLASS_GRADES, &ok);
}

/* ---- roles.csv ---- */

enum { ROLE_USER, ROLE_ROLE, ROLE_ORG, ROLE_TYPE, ROLE_STATUS };
static const struct table_column role_columns[] = { COLUMN("userSourcedId", true), COLUMN("role", true),
                                                    COLUMN("orgSourcedId", false), COLUMN("roleType", false),
                                                    COLUMN("status", false) };

/* A child may have several: one that stands counts before one that ends, the primary one before others. */
static void role_take(struct oneroster *o, struct table_reader *t)
{
    bool ok = true, gone = cell_gone(t, ROLE_STATUS, &ok);
    struct str user = table_cell(t, ROLE_USER);
    bool student = str_eq_nocase(table_cell(t, ROLE_ROLE), STR("student"));
    bool primary = str_eq_nocase(table_cell(t, ROLE_TYPE), STR("primary"));
    struct or_role *role = user.n ? map_get(&o->roles, user) : NULL;
    if (!role && !(role = or_new(o, t, &o->roles, ROLE_USER, sizeof *role))) return;
    bool better = role->student == student
                      ? !role->org.at || (role->gone && !gone) || (primary && role->gone == gone)
                      : student;
    if (!better) return;
    role->student = student;
    role->gone = gone;
    role->org = keep(o, table_cell(t, ROLE_ORG));
}

/* ---- users.csv ---- */

enum {
    USER_ID,
    USER_STATUS,
    USER_FAMILY,
    USER_GIVEN,
    USER_FAMILY_KANA,
    USER_GIVEN_KANA,
    USER_GRADES,
    USER_ORG,
    USER_HOME
};
static const struct table_column user_columns[] = {
    COLUMN("sourcedId", true),
    COLUMN("status", false),
    COLUMN("familyName", true),
    COLUMN("givenName", true),
    COLUMN("metadata.jp.kanaFamilyName", false),
    COLUMN("metadata.jp.kanaGivenName", false),
    COLUMN("grades", false),
    COLUMN("primaryOrgSourcedId", false),
    COLUMN("metadata.jp.homeClass", false),
};

static struct or_user *user_new(struct oneroster *o, struct str id)
{
    struct or_user *user = arena_zalloc(&o->scratch, sizeof *user);
    struct str code = user ? reading_keep(&o->r, id) : (struct str){ 0 };
    if (!code.at || map_set(&o->users, code, user, NULL) < 0) {
        o->r.failed = true;
        return NULL;
    }
    user->row.code = code;
    *o->last = user;
    o->last = &user->next;
    return user;
}

static void user_take(struct oneroster *o, struct table_reader *t)
{
    bool ok = true;
    struct str id = table_cell(t, USER_ID);
    const struct or_role *role = id.n ? map_get(&o->roles, id) : NULL;
    if (role && !role->student) return;
    if (id.n == 0 || map_get(&o->users, id) || utf8_count(id) > ROSTER_TEXT_MAX) {
        table_problem(t, USER_ID, id.n == 0 ? "missing" : map_get(&o->users, id) ? "duplicate" : "length");
        return;
    }
    struct or_user *user = user_new(o, id);
    if (!user) return;
    struct roster_row *row = &user->row;
    user->known = true;
    user->student = role || table_cell(t, USER_GRADES).n;
    row->line = t->csv.line;
    row->family_name = cell_text(t, USER_FAMILY, &ok);
    row->given_name = cell_text(t, USER_GIVEN, &ok);
    row->family_kana = cell_kana(t, USER_FAMILY_KANA, &ok);
    row->given_kana = cell_kana(t, USER_GIVEN_KANA, &ok);
    if (user->student) row->grade = cell_grade(t, USER_GRADES, &ok);
    row->gone = cell_gone(t, USER_STATUS, &ok) || (role && role->gone);
    user->home = keep(o, table_cell(t, USER_HOME));
    struct str org = role && role->org.at ? role->org : table_cell(t, USER_ORG);
    const struct or_org *school = user->student ? org_of(o, t, USER_ORG, org) : NULL;
    row->school_code = school ? school->code : (struct str){ 0 };
    user->bad = !ok;
}

/* ---- enrollments.csv ---- */

enum { ENROLL_USER, ENROLL_CLASS, ENROLL_ROLE, ENROLL_STATUS, ENROLL_END, ENROLL_NUMBER };
static const struct table_column enroll_columns[] = {
    COLUMN("userSourcedId", true), COLUMN("classSourcedId", true), COLUMN("role", true),
    COLUMN("status", false),       COLUMN("endDate", false),       COLUMN("metadata.jp.ShussekiNo", false),
};

static bool is_home(const struct or_user *user, const struct or_place *place)
{
    return user->home.at && (str_eq(user->home, place->class->id) || str_eq(user->home, place->class->name));
}

/* Of two homerooms, the one that a child mostly is in: the one its users.csv names, the later year's, the one
 * that ends later, the support class (the other one is its 交流学級). */
static bool is_better(const struct or_user *user, const struct or_place *a, const struct or_place *b)
{
    if (!b->class) return true;
    if (is_home(user, a) != is_home(user, b)) return is_home(user, a);
    if (a->class->year != b->class->year) return a->class->year > b->class->year;
    if (!a->end.at != !b->end.at) return !a->end.at;
    int ends = a->end.at ? str_cmp(a->end, b->end) : 0;
    if (ends) return ends > 0;
    return a->class->kind == ROSTER_CLASS_SUPPORT && b->class->kind != ROSTER_CLASS_SUPPORT;
}

static void place_add(struct or_user *user, const struct or_place *place)
{
    if (is_better(user, place, &user->main)) {
        user->other = user->main;
        user->main = *place;
    } else if (is_better(user, place, &user->other)) {
        user->other = *place;
    }
}

static const struct or_class *class_of(struct oneroster *o, struct table_reader *t)
{
    struct str id = table_cell(t, ENROLL_CLASS);
    struct or_class *class = id.n ? map_get(&o->classes, id) : NULL;
    if (class) return class;
    if (id.n == 0 || !o->delta) {
        table_problem(t, ENROLL_CLASS, id.n ? "unknown" : "missing");
        return NULL;
    }
    class = or_new(o, t, &o->classes, ENROLL_CLASS, sizeof *class);
    if (!class) return NULL;
    class->homeroom = true;
    class->code = class_code(o, class);
    return class;
}

static struct or_user *enrolled_user(struct oneroster *o, struct table_reader *t)
{
    struct str id = table_cell(t, ENROLL_USER);
    struct or_user *user = id.n ? map_get(&o->users, id) : NULL;
    if (user) return user;
    if (id.n && o->delta && utf8_count(id) <= ROSTER_TEXT_MAX) return user_new(o, id);
    table_problem(t, ENROLL_USER, id.n ? "unknown" : "missing");
    return NULL;
}

static void enroll_take(struct oneroster *o, struct table_reader *t)
{
    bool ok = true;
    if (!str_eq_nocase(table_cell(t, ENROLL_ROLE), STR("student"))) return;
    if (cell_gone(t, ENROLL_STATUS, &ok) || !ok) return;
    struct or_place place = { .class = class_of(o, t) };
    if (!place.class || !place.class->homeroom) return;
    struct or_user *user = enrolled_user(o, t);
    if (!user) return;
    if (!user->row.line) user->row.line = t->csv.line;
    user->student = true;
    place.number = (unsigned short)cell_number(t, ENROLL_NUMBER, 1, 999, &ok);
    place.end = keep(o, table_cell(t, ENROLL_END));
    user->bad |= !ok;
    place_add(user, &place);
}

const struct or_file or_files[] = {
    [OR_SESSIONS] = FILE_OF("academicSessions.csv", session_columns, session_take),
    [OR_ORGS] = FILE_OF("orgs.csv", org_columns, org_take),
    [OR_CLASSES] = FILE_OF("classes.csv", class_columns, class_take),
    [OR_ROLES] = FILE_OF("roles.csv", role_columns, role_take),
    [OR_USERS] = FILE_OF("users.csv", user_columns, user_take),
    [OR_ENROLLMENTS] = FILE_OF("enrollments.csv", enroll_columns, enroll_take),
    [OR_FILES] = { 0 },
};

/* ---- rows ---- */

static void row_finish(struct or_user *user)
{
    struct roster_row *row = &user->row;
    const struct or_class *class = user->main.class, *other = user->other.class;
    if (!class) return;
    row->class_code = class->code;
    row->class_name = class->name;
    row->class_kind = class->kind;
    row->school_year = class->year;
    row->number = user->main.number;
    if (!row->grade) row->grade = class->grade;
    if (class->org) row->school_code = class->org->code;
    bool exchange = other && other->org == class->org && other->year == class->year && !user->other.end.at &&
                    class->kind == ROSTER_CLASS_SUPPORT && other->kind != ROSTER_CLASS_SUPPORT;
    if (exchange) row->exchange_class_code = other->code;
}

void or_rows(struct oneroster *o)
{
    for (struct or_user *user = o->first; user; user = user->next) {
        if (user->bad || !user->student) continue;
        row_finish(user);
        reading_row(&o->r, &user->row);
    }
}
