/* OneRoster Japan Profile 1.2 as it stands in memory while an archive is read: what the files say, by
 * sourcedId.
 *
 * Files are read in the order in which they need each other, one at a time in memory. Who is a child: whoever
 * has the role student in roles.csv; whoever is not named there (a delta, or no such file) and has a grade,
 * or is enrolled as a student. Teachers and guardians are passed over; courses.csv and demographics.csv are
 * not read. */
#ifndef ROSTER_ONEROSTER_H
#define ROSTER_ONEROSTER_H

#include "base/map.h"
#include "roster/roster_private.h"

struct or_session {
    struct str id;
    unsigned year; /* the Japanese school year in which it begins; 0: not known */
};

struct or_org {
    struct str id, code, name;
};

struct or_class {
    struct str id, code, name;
    const struct or_org *org; /* null: not told */
    unsigned year;
    unsigned short grade;
    enum roster_class_kind kind;
    bool homeroom;
};

struct or_role {
    struct str user, org;
    bool student, gone;
};

/* A homeroom that a child belongs to. */
struct or_place {
    const struct or_class *class;
    struct str end; /* "YYYY-MM-DD"; null: no end */
    unsigned short number;
};

struct or_user {
    struct or_user *next; /* in the order of the file */
    struct roster_row row;
    struct str home, org; /* metadata.jp.homeClass, primaryOrgSourcedId */
    struct or_place main, other;
    bool student; /* surely: a role or an enrolment says so */
    bool known;   /* stands in users.csv */
    bool bad;     /* has a problem: no row */
};

struct oneroster {
    struct reading r;
    struct arena scratch; /* all of the above but the texts of rows */
    struct map sessions, orgs, classes, roles, users;
    struct buf schools; /* struct roster_school */
    struct or_user *first, **last;
    bool delta;
};

/* One of the files. */
struct or_file {
    const char *name;
    const struct table_column *columns; /* .at is not looked at */
    size_t n;
    void (*take)(struct oneroster *o, struct table_reader *t); /* a record */
};

/* In the order in which they are read; name null ends it. */
enum { OR_SESSIONS, OR_ORGS, OR_CLASSES, OR_ROLES, OR_USERS, OR_ENROLLMENTS, OR_FILES };
extern const struct or_file or_files[];

/* An object for the record's sourcedId, zeroed, of `size` bytes, whose first member is its id; put into
 * `map`. Null: told. */
void *or_new(struct oneroster *o, struct table_reader *t, struct map *map, size_t column, size_t size);
/* The child's places become its row. */
void or_rows(struct oneroster *o);

#endif
