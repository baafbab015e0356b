/* Any UTF-8 -> csv_next. The records that it gives, written with every cell in quotes, are read as the same
 * again. */
#include "base/check.h"
#include "codec/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(struct buf *out, const struct csv *csv)
{
    for (unsigned i = 0; i < csv->n; i++) {
        struct str s = csv->cells[i];
        if (i) buf_putc(out, ',');
        buf_putc(out, '"');
        for (size_t j = 0; j < s.n; j++) {
            if (s.at[j] == '"') buf_putc(out, '"');
            buf_putc(out, s.at[j]);
        }
        buf_putc(out, '"');
    }
    buf_append(out, "\r\n", 2);
}

static size_t rewrite(struct str text, struct buf *out)
{
    static struct csv csv;
    size_t n = 0;
    unsigned line = 0;
    csv_init(&csv, text);
    while (csv_next(&csv)) {
        CHECK(csv.line >= line || csv.fault);
        if (csv.fault) {
            CHECK(csv.n == 0 && csv.column > 0 && csv.line > 0);
            continue;
        }
        line = csv.line;
        CHECK(csv.n > 0 && csv.n <= CSV_COLUMNS);
        put(out, &csv);
        n++;
    }
    csv_done(&csv);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once = { 0 }, twice = { 0 };
    size_t n = rewrite(str_of((const char *)data, size), &once);
    CHECK(rewrite(buf_view(&once), &twice) == n);
    CHECK(str_eq(buf_view(&once), buf_view(&twice)));
    buf_done(&once);
    buf_done(&twice);
    return 0;
}
