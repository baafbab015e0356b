/* A CSV of a calendar: whatever comes, its lines are days of the school year in their order, and each problem has its words. */
#include <string.h>

#include "base/check.h"
#include "codec/field.h"
#include "roster/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const struct roster_calendar_line *line)
{
    CHECK(date_valid(line->first_day) && date_valid(line->last_day));
    CHECK(str_cmp(line->first_day, line->last_day) <= 0);
    CHECK(str_cmp(line->first_day, STR("2028-04-01")) >= 0 && str_cmp(line->last_day, STR("2029-03-31")) <= 0);
    CHECK(line->kind && (line->grades & ~0x3feu) == 0);
    CHECK(line->label.n && utf8_valid(line->label) && utf8_count(line->label) <= 40);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct roster_calendar calendar = { 0 };
    arena_init(&arena, 0);
    CHECK(roster_read_calendar(&arena, str_of((const char *)data, size), 2028, size & 1, &calendar) == ERR_NONE);
    CHECK(calendar.n_lines <= ROSTER_CALENDAR_LINES && calendar.n_problems <= ROSTER_PROBLEMS);
    for (size_t i = 0; i < calendar.n_lines; i++) check_line(&calendar.lines[i]);
    for (size_t i = 0; i < calendar.n_problems; i++)
        CHECK(calendar.problems[i].code && calendar.problems[i].text.n);
    arena_done(&arena);
    return 0;
}
