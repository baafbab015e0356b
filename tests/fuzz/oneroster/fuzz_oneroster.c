/* Seven texts with U+001E between them -> an archive of OneRoster's files -> rows. The rows, written as CSV
 * and as OneRoster, are read as the same children again. (One text alone: a CSV by our own mapping.) */
#include <string.h>

#include "base/check.h"
#include "codec/zip.h"
#include "roster/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "manifest.csv",   "academicSessions.csv",
                                     "orgs.csv",       "classes.csv",
                                     "users.csv",      "roles.csv",
                                     "enrollments.csv" };

static void read_archive(struct arena *arena, struct str texts, struct roster *ret)
{
    struct zip_entry_text files[7];
    struct buf zip = { 0 };
    size_t n = 0;
    for (; texts.at && n < 7; n++)
        files[n] = (struct zip_entry_text){ names[n], str_cut(texts, '\x1e', &texts) };
    CHECK(zip_write(files, n, &zip) == ERR_NONE);
    CHECK(roster_read_oneroster(arena, buf_view(&zip), ret) == ERR_NONE);
    buf_done(&zip);
}

static void check_problems(const struct roster *roster)
{
    CHECK(roster->n_found >= roster->n_problems && roster->n_problems <= ROSTER_PROBLEMS);
    for (size_t i = 0; i < roster->n_problems; i++) {
        CHECK(roster->problems[i].code && roster->problems[i].text.n);
        CHECK(utf8_valid(roster->problems[i].column_name));
    }
}

/* enc_csv's apostrophe is taken off by the reader, wherever it comes from. */
static bool same(struct str a, struct str b)
{
    return str_eq(a, b) || str_starts(a, STR("'"));
}

static void check_rows(const struct roster *a, const struct roster *b)
{
    CHECK(a->n_rows == b->n_rows);
    for (size_t i = 0; i < a->n_rows; i++) {
        const struct roster_row *x = &a->rows[i], *y = &b->rows[i];
        CHECK(same(x->code, y->code) && same(x->family_name, y->family_name) &&
              same(x->given_kana, y->given_kana));
        CHECK(x->grade == y->grade && x->gone == y->gone);
        CHECK(utf8_valid(x->code) && utf8_valid(x->class_name));
    }
}

static bool all_told(const struct roster *roster)
{
    for (size_t i = 0; i < roster->n_rows; i++) {
        const struct roster_row *row = &roster->rows[i];
        if (!row->code.at || !row->school_code.at || !row->class_code.at || !row->school_year || !row->grade)
            return false;
    }
    return roster->n_rows > 0;
}

static void write_and_read(struct arena *arena, const struct roster *roster)
{
    struct roster_mapping mapping;
    struct roster again;
    struct buf out = { 0 };
    roster_mapping_own(&mapping);
    CHECK(roster_write_csv(roster, ROSTER_UTF8, &out, NULL) == ERR_NONE);
    CHECK(roster_read_csv(arena, buf_view(&out), &mapping, &again) == ERR_NONE);
    check_rows(roster, &again);
    buf_reset(&out);
    CHECK(roster_write_oneroster(roster, STR("2026-04-01T00:00:00.000Z"), &out) == ERR_NONE);
    CHECK(roster_read_oneroster(arena, buf_view(&out), &again) == ERR_NONE);
    if (all_told(roster)) check_rows(roster, &again);
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str texts = str_of((const char *)data, size);
    struct roster_mapping mapping;
    struct roster_preview preview;
    struct roster roster;
    struct arena arena;
    arena_init(&arena, 0);
    if (str_find(texts, '\x1e') >= 0) {
        read_archive(&arena, texts, &roster);
        check_problems(&roster);
        write_and_read(&arena, &roster);
    } else {
        roster_mapping_own(&mapping);
        for (int i = 0; i < ROSTER_FIELDS; i++) mapping.columns[i].at = (unsigned)i + 1;
        mapping.no_heading = size % 2;
        CHECK(roster_read_csv(&arena, texts, &mapping, &roster) == ERR_NONE);
        check_problems(&roster);
        CHECK(roster_preview_csv(&arena, texts, 5, &preview) == ERR_NONE);
    }
    arena_done(&arena);
    return 0;
}
