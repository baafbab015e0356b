/* What a roster file says about a city's children: the rows that every format is read into and written from.
 * Pure functions, no database: they run off the loop (ask_work).
 *
 * Owner: the caller's arena holds everything that a reader gives, the texts included; nothing points into the
 * file, which may go as soon as the reader has returned. Readers never stop at the first mistake: what is
 * wrong is a problem with file, line and column, up to ROSTER_PROBLEMS of them; a row that has one is left
 * out. A file that cannot be read at all (no ZIP, no such column) has no rows and at least one problem. */
#ifndef ROSTER_ROSTER_H
#define ROSTER_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define ROSTER_PROBLEMS 1000u
#define ROSTER_ROWS     200000u   /* children in one file */
#define ROSTER_UNPACKED 134217728 /* bytes of all files of a ZIP together */

enum roster_class_kind { ROSTER_CLASS_UNTOLD, ROSTER_CLASS_REGULAR, ROSTER_CLASS_SUPPORT };

/* One child. A text whose .at is null, and a number that is 0, are not told by the file (an empty cell is not
 * told either): in a delta it stays as it is. Texts are valid UTF-8 without control characters and without
 * spaces around them; readings are hiragana, whichever kana the file uses. */
struct roster_row {
    struct str code;        /* the child, for ever: OneRoster's sourcedId; null only in a CSV without one */
    struct str school_code; /* OneRoster: the org's identifier, or its sourcedId without one */
    struct str class_code, class_name;
    struct str exchange_class_code; /* the regular class that a child of a support class also belongs to */
    struct str family_name, given_name, family_kana, given_kana;
    enum roster_class_kind class_kind;
    unsigned school_year; /* 2026: April 2026 to March 2027; 0: not told */
    unsigned short
        grade; /* 1..9: P1-P6, J1-J3; a plain number (1年) is left as it is: 1..3 in a junior high school */
    unsigned short number; /* 出席番号 in its class, 1..999 */
    bool gone;             /* the file says that this child has left (tobedeleted) */
    unsigned line;         /* in users.csv or the CSV: for what the database finds wrong with it */
};

struct roster_school {
    struct str code, name; /* name: null when not told */
};

/* One mistake. Texts quote no cell: a problem may be logged and shown to whoever may not see the names. */
struct roster_problem {
    struct str file;        /* "users.csv"; empty for a single CSV and for the ZIP as a whole */
    unsigned line;          /* 1: the first line of the file, as an editor counts; 0: the file as a whole */
    unsigned column;        /* 1: the first column; 0: the line as a whole */
    struct str column_name; /* its heading; null without one */
    const char *code; /* "encoding", "missing", "format", "range", "unknown", "duplicate", ...: stable */
    struct str text;  /* one Japanese sentence, です・ます */
};

enum roster_mode { ROSTER_BULK, ROSTER_DELTA };
enum roster_encoding { ROSTER_UTF8, ROSTER_UTF8_BOM, ROSTER_CP932 };

struct roster {
    enum roster_mode mode; /* delta: only what has changed; CSV is always bulk */
    enum roster_encoding encoding;
    struct roster_row *rows; /* in the order of the file */
    size_t n_rows;
    struct roster_school *schools; /* what orgs.csv calls them; a CSV gives none */
    size_t n_schools;
    struct roster_problem *problems;
    size_t n_problems; /* kept, at most ROSTER_PROBLEMS */
    size_t n_found;    /* all of them */
};

/* ---- reading: ERR_NONE (also when there are problems), or ERR_NOMEM ---- */

/* OneRoster Japan Profile 1.2, a ZIP. */
enum err roster_read_oneroster(struct arena *arena, struct str zip, struct roster *ret);

/* The fields of a CSV, by the column that holds each. */
enum roster_field {
    ROSTER_CODE,
    ROSTER_SCHOOL_CODE,
    ROSTER_SCHOOL_YEAR,
    ROSTER_GRADE,
    ROSTER_CLASS_CODE,
    ROSTER_CLASS_NAME,
    ROSTER_CLASS_KIND,
    ROSTER_NUMBER,
    ROSTER_FAMILY_NAME,
    ROSTER_GIVEN_NAME,
    ROSTER_FAMILY_KANA,
    ROSTER_GIVEN_KANA,
    ROSTER_FULL_NAME, /* family and given name in one cell, a space between them */
    ROSTER_FULL_KANA, /* the same for kana */
    ROSTER_EXCHANGE_CLASS_CODE,
    ROSTER_GONE,
    ROSTER_FIELDS
};

/* "code", "school_code", ..., "full_name", "full_kana", ..., "gone": what a saved mapping calls them. */
extern const char *const roster_field_names[ROSTER_FIELDS];
/* What roster_write_csv heads them with: "児童生徒コード", "学校コード", ... */
extern const char *const roster_field_headings[ROSTER_FIELDS];

struct roster_column {
    struct str heading; /* .at null: by its place */
    unsigned at;        /* 1: the first column; 0: no such column, unless there is a heading */
};

struct roster_mapping {
    struct roster_column columns[ROSTER_FIELDS];
    bool no_heading; /* the first line is a child: columns by their places only */
    /* What each row has that no column tells (a school's file needs no column for its own code). */
    struct str school_code;
    unsigned school_year;
};

/* The mapping of what roster_write_csv writes. */
void roster_mapping_own(struct roster_mapping *ret);
enum err roster_read_csv(struct arena *arena, struct str file, const struct roster_mapping *mapping,
                         struct roster *ret);

/* What columns a CSV has, for making a mapping: its first line, and as many more as `max` lines allow. Cells
 * are rows[line][column]; a line that is shorter ends with {NULL, 0}. */
struct roster_preview {
    enum roster_encoding encoding;
    struct str **lines;
    size_t n_lines, n_columns;
    struct roster_problem *problems;
    size_t n_problems;
};
enum err roster_preview_csv(struct arena *arena, struct str file, size_t max, struct roster_preview *ret);

/* ---- writing: failure is sticky in out->failed ---- */

/* A bulk ZIP; what a reader makes of it equals `roster`, as long as every row tells code, school, school
 * year, grade, class and number. `made` is its dateLastModified, RFC 3339 in UTC. */
enum err roster_write_oneroster(const struct roster *roster, struct str made, struct buf *out);
/* UTF-8 with BOM, or CP932, where 〓 stands for each character that CP932 does not have; *ret_replaced (may
 * be null) counts them. */
enum err roster_write_csv(const struct roster *roster, enum roster_encoding encoding, struct buf *out,
                          size_t *ret_replaced);

/* ---- lines in columns that somebody has chosen ---- */

#define ROSTER_CELL_END '\x1f' /* between a line's cells: no text of ours holds it */

struct roster_lines {
    struct str heading; /* .at null: none */
    struct str *at;
    size_t n;
    char separator;   /* ',' or '\t' */
    bool neutralised; /* a cell that a spreadsheet would run gets an apostrophe */
    enum roster_encoding encoding;
};
/* CRLF; a cell is quoted where it must be. *ret_replaced: as in roster_write_csv. ERR_NOMEM. */
enum err roster_write_lines(const struct roster_lines *lines, struct buf *out, size_t *ret_replaced);

/* ---- the calendar of a school year ---- */

#define ROSTER_CALENDAR_LINES 2000u

struct roster_calendar_line {
    struct str first_day, last_day; /* "2026-04-07" */
    const char *kind;               /* "holiday", "vacation", "closed", "school_day" */
    const char *school_kind;        /* "elementary", ...; null: all */
    unsigned grades;                /* bit g: grade g; 0: all */
    struct str label;
    unsigned line;
};

struct roster_calendar {
    enum roster_encoding encoding;
    struct roster_calendar_line *lines; /* in the file's order */
    size_t n_lines;
    struct roster_problem *problems;
    size_t n_problems;
};
/* Columns 日付 (or 開始日, 終了日), 種類, 名称, and where wanted 学年 and 学校の種類 (`city` alone), in any
 * order. Days outside the school year are problems, as are lines that say twice or half the same. ERR_NONE,
 * ERR_NOMEM. */
enum err roster_read_calendar(struct arena *arena, struct str file, unsigned school_year, bool city,
                              struct roster_calendar *ret);

#endif
