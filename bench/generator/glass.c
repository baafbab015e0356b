#include "glass.h"

#define DAYS 63 /* what the key has room for: a report is at most 60 days ahead */

void glass_init(struct glass *glass, int64_t first_day, struct hist *to_class, struct hist *to_school,
                struct hist *to_all)
{
    *glass = (struct glass){
        .first_day = first_day, .to_class = to_class, .to_school = to_school, .to_all = to_all
    };
}

void glass_done(struct glass *glass)
{
    table_done(&glass->reports);
    for (int kind = 0; kind <= SCREEN_SCHOOL; kind++) table_done(&glass->topics[kind]);
}

static uint64_t key_of(const struct glass *glass, uint64_t student, int64_t day)
{
    int64_t offset = day - glass->first_day;
    return offset < 0 || offset >= DAYS ? 0 : student << 6 | (uint64_t)offset;
}

int glass_add_report(struct glass *glass, struct report *report)
{
    uint64_t *place = table_put(&glass->reports, key_of(glass, report->student, report->day));
    if (!place) return -1;
    *place = (uint64_t)(uintptr_t)report;
    return 0;
}

static struct report *report_find(const struct glass *glass, uint64_t student, int64_t day)
{
    uint64_t *place = table_get(&glass->reports, key_of(glass, student, day));
    return place ? (struct report *)(uintptr_t)*place : NULL;
}

static struct screen *screen_first(const struct glass *glass, enum screen_kind kind, uint64_t topic_id)
{
    uint64_t *place = table_get(&glass->topics[kind], topic_id);
    return place ? (struct screen *)(uintptr_t)*place : NULL;
}

int glass_add_screen(struct glass *glass, struct screen *screen)
{
    if (screen->kind > SCREEN_SCHOOL) return 0; /* shows no rows of children */
    uint64_t *place = table_put(&glass->topics[screen->kind], screen->topic_id);
    if (!place) return -1;
    screen->next = (struct screen *)(uintptr_t)*place;
    *place = (uint64_t)(uintptr_t)screen;
    return 0;
}

uint32_t glass_screens_of(const struct glass *glass, const struct report *report)
{
    uint32_t count = 0;
    for (struct screen *s = screen_first(glass, SCREEN_CLASS, report->class_id); s; s = s->next) count++;
    for (struct screen *s = screen_first(glass, SCREEN_SCHOOL, report->school_id); s; s = s->next) count++;
    return count;
}

static void report_on_screen(struct glass *glass, struct report *report, const struct screen *screen,
                             const struct sighting *row)
{
    /* An exchange class or another topic may show the row too: only the class and the school it is of are
     * timed. */
    bool of_class = screen->kind == SCREEN_CLASS && screen->topic_id == row->class_id;
    bool of_school = screen->kind == SCREEN_SCHOOL && screen->topic_id == row->school_id;
    if (!of_class && !of_school) return;
    if (report->seen_id && report->seen_id != row->id) {
        glass->doubled += !row->cancelled;
        return;
    }
    report->seen_id = row->id;
    if (!report->class_id) report->class_id = row->class_id;
    if (!report->school_id) report->school_id = row->school_id;
    uint64_t took = row->at - report->intended;
    hist_record(of_class ? glass->to_class : glass->to_school, took);
    if (row->by_snapshot) glass->by_snapshot++;
    if (++report->seen == glass_screens_of(glass, report)) hist_record(glass->to_all, took);
}

int glass_see(struct glass *glass, struct screen *screen, const struct sighting *row)
{
    glass->rows++;
    uint64_t *known = table_put(&screen->rows, row->id);
    if (!known) return -1;
    uint64_t before = *known, version = before >> 1;
    if (before == 0) {
        *known = row->version << 1 | row->by_snapshot;
        struct report *report = report_find(glass, row->student, row->day);
        if (report && report->intended && row->at >= report->intended)
            report_on_screen(glass, report, screen, row);
        else
            glass->foreign++;
    } else if (row->version > version) {
        *known = row->version << 1 | row->by_snapshot;
        glass->updates++;
    } else if (row->by_snapshot) {
        *known |= 1; /* what follows a snapshot may overlap with it */
    } else if (before & 1) {
        *known &= ~UINT64_C(1);
        glass->repeated_after_snapshot++;
    } else {
        glass->repeated++;
    }
    return 0;
}

static void audit_screens(struct screen *screen, uint64_t id, struct audit *audit)
{
    for (; screen; screen = screen->next) {
        audit->expected++;
        audit->missing += table_get(&screen->rows, id) == NULL;
    }
}

void glass_audit(const struct glass *glass, const struct report *report, struct audit *audit)
{
    if (!report->id) return;
    audit_screens(screen_first(glass, SCREEN_CLASS, report->class_id), report->id, audit);
    audit_screens(screen_first(glass, SCREEN_SCHOOL, report->school_id), report->id, audit);
    /* No screen has ever shown it, and nobody told us its class: it can't be on the right ones. */
    bool nowhere = !report->class_id && !report->school_id;
    if (nowhere && (glass->topics[SCREEN_CLASS].count || glass->topics[SCREEN_SCHOOL].count)) {
        audit->expected++;
        audit->missing++;
    }
}
