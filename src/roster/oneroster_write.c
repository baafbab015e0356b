/* A bulk ZIP by the rules of the Japan Profile: UTF-8 without a mark, CRLF, every value quoted. Of status and
 * dateLastModified a bulk file needs neither; a child that has left is the one thing that status tells. */
#include <stdio.h>

#include "base/map.h"
#include "codec/zip.h"
#include "roster/roster_private.h"

enum { MANIFEST, SESSIONS, ORGS, COURSES, CLASSES, USERS, ROLES, ENROLLMENTS, FILES };

struct writing {
    const struct roster *roster;
    struct str made;
    struct buf files[FILES];
    struct map sessions, orgs, classes; /* what has been written; keys and values in the arena */
    struct arena arena;
    bool failed;
};

static const char *const headings[FILES] = {
    [MANIFEST] = "propertyName,value",
    [SESSIONS] = "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    [ORGS] = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    [COURSES] =
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
        "subjectCodes",
    [CLASSES] = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
                "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods,metadata.jp.specialNeeds",
    [USERS] =
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
        "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,"
        "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.jp.kanaGivenName,"
        "metadata.jp.kanaFamilyName,metadata.jp.kanaMiddleName,metadata.jp.homeClass",
    [ROLES] = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
              "userProfileSourcedId",
    [ENROLLMENTS] =
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
        "beginDate,endDate,metadata.jp.ShussekiNo,metadata.jp.PublicFlg",
};

static const char *const names[FILES] = {
    "manifest.csv", "academicSessions.csv", "orgs.csv", "courses.csv", "classes.csv", "users.csv",
    "roles.csv",    "enrollments.csv",
};

/* ---- lines ---- */

static void put(struct buf *out, struct str s, bool first)
{
    if (!first) buf_putc(out, ',');
    buf_putc(out, '"');
    while (s.at) {
        buf_str(out, str_cut(s, '"', &s));
        if (s.at) buf_append(out, "\"\"", 2);
    }
    buf_putc(out, '"');
}

static void line(struct buf *out, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) put(out, cells[i], i == 0);
    buf_append(out, "\r\n", 2);
}

#define LINE(w, file, ...)                                                                                   \
    do {                                                                                                     \
        const struct str cells_[] = { __VA_ARGS__ };                                                         \
        line(&(w)->files[file], cells_, sizeof cells_ / sizeof *cells_);                                     \
    } while (0)

#define NONE STR("")

static void heading(struct buf *out, const char *names_list)
{
    struct str rest = str_c(names_list);
    for (bool first = true; rest.at; first = false) put(out, str_cut(rest, ',', &rest), first);
    buf_append(out, "\r\n", 2);
}

__attribute__((format(printf, 2, 3))) static struct str text(struct writing *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *at = arena_vprintf(&w->arena, format, args);
    va_end(args);
    if (!at) w->failed = true;
    return at ? str_c(at) : NONE;
}

/* True: for the first time. */
static bool is_new(struct writing *w, struct map *map, struct str key)
{
    if (w->failed || map_get(map, key)) return false;
    if (map_set(map, key, w, NULL) < 0) w->failed = true;
    return true;
}

/* ---- objects ---- */

static void manifest_write(struct writing *w)
{
    static const char *const absent[] = { "categories",
                                          "classResources",
                                          "courseResources",
                                          "demographics",
                                          "lineItems",
                                          "lineItemLearningObjectiveIds",
                                          "lineItemScoreScales",
                                          "resources",
                                          "results",
                                          "resultLearningObjectiveIds",
                                          "resultScoreScales",
                                          "scoreScales",
                                          "userProfiles",
                                          "userResources" };
    LINE(w, MANIFEST, STR("manifest.version"), STR("1.0"));
    LINE(w, MANIFEST, STR("oneroster.version"), STR("1.2"));
    for (int file = SESSIONS; file < FILES; file++)
        LINE(w, MANIFEST, text(w, "file.%.*s", (int)strlen(names[file]) - 4, names[file]), STR("bulk"));
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        LINE(w, MANIFEST, text(w, "file.%s", absent[i]), STR("absent"));
    LINE(w, MANIFEST, STR("source.systemName"), STR("todoke"));
}

static struct str session_write(struct writing *w, unsigned year)
{
    struct str id = year ? text(w, "year:%u", year) : NONE;
    if (year && is_new(w, &w->sessions, id))
        LINE(w, SESSIONS, id, NONE, w->made, text(w, "%u年度", year), STR("schoolYear"),
             text(w, "%u-04-01", year), text(w, "%u-03-31", year + 1), NONE, text(w, "%u", year));
    return id;
}

static struct str school_name(const struct writing *w, struct str code)
{
    for (size_t i = 0; i < w->roster->n_schools; i++)
        if (str_eq(w->roster->schools[i].code, code) && w->roster->schools[i].name.at)
            return w->roster->schools[i].name;
    return code;
}

static void org_write(struct writing *w, struct str code)
{
    if (code.at && is_new(w, &w->orgs, code))
        LINE(w, ORGS, code, NONE, w->made, school_name(w, code), STR("school"), code, NONE);
}

static struct str grade_text(struct writing *w, unsigned grade)
{
    return grade == 0 ? NONE : grade <= 6 ? text(w, "P%u", grade) : text(w, "J%u", grade - 6);
}

static struct str class_id(struct writing *w, const struct roster_row *row, struct str code)
{
    if (!code.at) return NONE;
    return text(w, STR_FMT ":%u:" STR_FMT, STR_ARG(row->school_code), row->school_year, STR_ARG(code));
}

static struct str class_write(struct writing *w, const struct roster_row *row)
{
    static const struct str special[] = { STR_INIT(""), STR_INIT("false"), STR_INIT("true") };
    struct str id = class_id(w, row, row->class_code), session = session_write(w, row->school_year);
    if (!row->class_code.at || !is_new(w, &w->classes, id)) return id;
    struct str course = text(w, "course:" STR_FMT, STR_ARG(id));
    /* A support class is of several grades: the children's own count. */
    struct str grade = row->class_kind == ROSTER_CLASS_SUPPORT ? NONE : grade_text(w, row->grade);
    struct str name = row->class_name.at ? row->class_name : row->class_code;
    LINE(w, COURSES, course, NONE, w->made, session, name, NONE, grade, row->school_code, NONE, NONE);
    LINE(w, CLASSES, id, NONE, w->made, name, grade, course, row->class_code, STR("homeroom"), NONE,
         row->school_code, session, NONE, NONE, NONE, special[row->class_kind]);
    return id;
}

static struct str katakana(struct writing *w, struct str kana)
{
    struct buf out = { 0 };
    kana_katakana(&out, kana);
    struct str copy = arena_dup(&w->arena, buf_view(&out));
    if (out.failed || !copy.at) w->failed = true;
    buf_done(&out);
    return copy;
}

static void child_write(struct writing *w, const struct roster_row *row)
{
    struct str status = row->gone ? STR("tobedeleted") : NONE, class = class_write(w, row);
    org_write(w, row->school_code);
    LINE(w, USERS, row->code, status, w->made, STR("true"), row->code, NONE, row->given_name,
         row->family_name, NONE, NONE, NONE, NONE, NONE, NONE, grade_text(w, row->grade), NONE, NONE, NONE,
         NONE, NONE, row->school_code, NONE, katakana(w, row->given_kana), katakana(w, row->family_kana),
         NONE, class);
    LINE(w, ROLES, text(w, "role:" STR_FMT, STR_ARG(row->code)), status, w->made, row->code, STR("primary"),
         STR("student"), NONE, NONE, row->school_code, NONE);
    if (row->class_code.at)
        LINE(w, ENROLLMENTS, text(w, "enrollment:" STR_FMT, STR_ARG(row->code)), NONE, w->made, class,
             row->school_code, row->code, STR("student"), STR("false"), NONE, NONE,
             row->number ? text(w, "%u", (unsigned)row->number) : NONE, NONE);
    if (row->exchange_class_code.at)
        LINE(w, ENROLLMENTS, text(w, "exchange:" STR_FMT, STR_ARG(row->code)), NONE, w->made,
             class_id(w, row, row->exchange_class_code), row->school_code, row->code, STR("student"),
             STR("false"), NONE, NONE, NONE, NONE);
}

/* A 交流学級 without children of its own in this roster. */
static void exchange_write(struct writing *w, const struct roster_row *row)
{
    struct roster_row class = { .school_code = row->school_code,
                                .school_year = row->school_year,
                                .grade = row->grade,
                                .class_code = row->exchange_class_code,
                                .class_kind = ROSTER_CLASS_REGULAR };
    if (class.class_code.at) class_write(w, &class);
}

/* ---- the whole ---- */

static enum err pack(struct writing *w, struct buf *out)
{
    struct zip_entry_text files[FILES];
    for (int file = 0; file < FILES; file++) {
        files[file] = (struct zip_entry_text){ names[file], buf_view(&w->files[file]) };
        w->failed |= w->files[file].failed;
    }
    return w->failed ? ERR_NOMEM : zip_write(files, FILES, out);
}

enum err roster_write_oneroster(const struct roster *roster, struct str made, struct buf *out)
{
    struct writing w = { .roster = roster, .made = made };
    map_init(&w.sessions);
    map_init(&w.orgs);
    map_init(&w.classes);
    arena_init(&w.arena, 65536);
    for (int file = 0; file < FILES; file++) heading(&w.files[file], headings[file]);
    manifest_write(&w);
    for (size_t i = 0; i < roster->n_rows && !w.failed; i++) child_write(&w, &roster->rows[i]);
    for (size_t i = 0; i < roster->n_rows && !w.failed; i++) exchange_write(&w, &roster->rows[i]);
    enum err err = pack(&w, out);
    for (int file = 0; file < FILES; file++) buf_done(&w.files[file]);
    map_done(&w.sessions);
    map_done(&w.orgs);
    map_done(&w.classes);
    arena_done(&w.arena);
    return err;
}
