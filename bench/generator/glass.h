/* The glass: which report has reached which dashboard, when, how often.
 *
 * A report is known by student and day before its row exists, because a row may reach a dashboard before its
 * acknowledgement reaches the phone. Time to glass = from the intended send time of the report.
 *
 * Owner: struct bench; reports are embedded in the phones, screens in the dashboards; both outlive the glass.
 */
#ifndef BENCH_GLASS_H
#define BENCH_GLASS_H

#include <stdbool.h>

#include "hist.h"
#include "table.h"

struct report {
    uint64_t student;
    int64_t day;                  /* since 1970 */
    uint64_t class_id, school_id; /* 0 = not known yet */
    uint64_t intended;            /* ns; 0 = not asked for yet */
    uint64_t id, version;         /* acknowledged; 0 = not */
    uint64_t seen_id;             /* the id that the dashboards have */
    uint32_t seen;                /* on how many screens */
};

enum screen_kind { SCREEN_CLASS, SCREEN_SCHOOL, SCREEN_BOARD, SCREEN_STUDENT, SCREEN_IDLE, SCREEN_KINDS };

/* One dashboard's memory of rows: id -> version << 1 | (came in a snapshot). */
struct screen {
    enum screen_kind kind;
    uint64_t topic_id;
    struct table rows;
    struct screen *next; /* of the same topic */
};

/* A row as it came. */
struct sighting {
    uint64_t id, version, student, class_id, school_id;
    int64_t day;
    bool cancelled, by_snapshot;
    uint64_t at; /* ns */
};

struct glass {
    int64_t first_day;
    struct table reports;                   /* student and day -> struct report * */
    struct table topics[SCREEN_SCHOOL + 1]; /* id -> struct screen *, the first of its topic */
    struct hist *to_class, *to_school, *to_all;
    uint64_t rows, foreign, updates,
        by_snapshot; /* all rows; of nobody here; newer versions; first seen in a snapshot */
    uint64_t repeated,
        repeated_after_snapshot; /* the same version twice; the same, allowed around a snapshot */
    uint64_t doubled;            /* two ids for one report */
};

struct audit {
    uint64_t expected, missing; /* (report, screen) pairs */
};

/* What a student's row of a day is found by; 0 = the day is out of range. */
void glass_init(struct glass *glass, int64_t first_day, struct hist *to_class, struct hist *to_school,
                struct hist *to_all);
void glass_done(struct glass *glass);
/* 0, or -1 without memory. */
int glass_add_report(struct glass *glass, struct report *report);
int glass_add_screen(struct glass *glass, struct screen *screen);
/* 0, or -1 without memory. */
int glass_see(struct glass *glass, struct screen *screen, const struct sighting *row);
/* On how many screens a report must appear. */
uint32_t glass_screens_of(const struct glass *glass, const struct report *report);
/* Adds one acknowledged report's pairs to the audit. */
void glass_audit(const struct glass *glass, const struct report *report, struct audit *audit);

#endif
