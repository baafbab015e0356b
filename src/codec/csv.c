#include "codec/csv.h"

void csv_init(struct csv *csv, struct str text)
{
    csv->n = 0;
    csv->line = csv->next_line = 1;
    csv->column = 0;
    csv->fault = CSV_FAULT_NONE;
    csv->rest = text;
    buf_init(&csv->unquoted, 0);
}

void csv_done(struct csv *csv)
{
    buf_done(&csv->unquoted);
}

static void skip(struct csv *csv, size_t n)
{
    csv->rest = str_of(csv->rest.at + n, csv->rest.n - n);
}

static bool at_line_end(const struct csv *csv)
{
    return csv->rest.n == 0 || *csv->rest.at == '\n' || *csv->rest.at == '\r';
}

static void skip_line_end(struct csv *csv)
{
    if (csv->rest.n == 0) return;
    skip(csv, str_starts(csv->rest, STR("\r\n")) ? 2 : 1);
    csv->next_line++;
}

static void fault(struct csv *csv, enum csv_fault fault, unsigned line)
{
    csv->fault = fault;
    csv->line = line;
    csv->column = csv->n + 1;
    csv->n = 0;
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* ---- a cell: false is a fault ---- */

static bool read_plain(struct csv *csv, struct str *ret)
{
    const char *at = csv->rest.at;
    size_t n = 0, left = csv->rest.n;
    enum csv_fault found = CSV_FAULT_NONE;
    for (; n < left && at[n] != ',' && at[n] != '\n' && at[n] != '\r'; n++) {
        if (at[n] == '"' && !found) found = CSV_FAULT_STRAY_QUOTE;
        if (is_control(at[n]) && !found) found = CSV_FAULT_CONTROL;
    }
    if (n > CSV_CELL_BYTES) found = CSV_FAULT_CELL;
    *ret = str_of(at, n);
    skip(csv, n);
    if (found) fault(csv, found, csv->next_line);
    return !found;
}

/* Behind the opening quote: how long the cell is, its line ends, and whether "" is in it. */
struct quoted {
    size_t n;
    unsigned lines;
    bool closed, doubled, control;
};

static struct quoted quoted_scan(struct str s)
{
    struct quoted q = { 0 };
    for (; q.n < s.n; q.n++) {
        char c = s.at[q.n];
        bool more = q.n + 1 < s.n;
        if (c == '"') {
            if (!more || s.at[q.n + 1] != '"') {
                q.closed = true;
                break;
            }
            q.doubled = true;
            q.n++;
        } else if (c == '\n' || (c == '\r' && !(more && s.at[q.n + 1] == '\n'))) {
            q.lines++;
        } else if (is_control(c) && c != '\r') {
            q.control = true;
        }
    }
    return q;
}

/* The buffer may move while a record is read, so its cells are told by their place in it until the end. */
static struct str unquote(struct csv *csv, struct str s)
{
    size_t from = csv->unquoted.n;
    while (s.at) {
        buf_str(&csv->unquoted, str_cut(s, '"', &s));
        if (!s.at) break;
        buf_putc(&csv->unquoted, '"');
        s = str_of(s.at + 1, s.n - 1);
    }
    return str_of(NULL, csv->unquoted.n - from);
}

static bool read_quoted(struct csv *csv, struct str *ret)
{
    unsigned line = csv->next_line;
    struct quoted q;
    skip(csv, 1);
    q = quoted_scan(csv->rest);
    struct str inside = str_of(csv->rest.at, q.n);
    csv->next_line += q.lines;
    skip(csv, q.n + q.closed);
    enum csv_fault found = CSV_FAULT_NONE;
    if (!q.closed)
        found = CSV_FAULT_OPEN_QUOTE;
    else if (!at_line_end(csv) && *csv->rest.at != ',')
        found = CSV_FAULT_STRAY_QUOTE;
    else if (q.control)
        found = CSV_FAULT_CONTROL;
    else if (q.n > CSV_CELL_BYTES)
        found = CSV_FAULT_CELL;
    if (found) {
        fault(csv, found, found == CSV_FAULT_OPEN_QUOTE ? line : csv->next_line);
        return false;
    }
    *ret = q.doubled ? unquote(csv, inside) : inside;
    return true;
}

/* ---- a record ---- */

static void skip_line(struct csv *csv)
{
    while (!at_line_end(csv)) skip(csv, 1);
    skip_line_end(csv);
}

static bool read_cells(struct csv *csv)
{
    for (;;) {
        if (csv->n == CSV_COLUMNS) {
            fault(csv, CSV_FAULT_COLUMNS, csv->next_line);
            return false;
        }
        bool quoted = csv->rest.n && *csv->rest.at == '"';
        struct str cell;
        if (!(quoted ? read_quoted(csv, &cell) : read_plain(csv, &cell))) return false;
        csv->cells[csv->n++] = cell;
        if (at_line_end(csv)) break;
        skip(csv, 1);
    }
    skip_line_end(csv);
    return true;
}

static void place_unquoted(struct csv *csv)
{
    const char *at = csv->unquoted.at;
    for (unsigned i = 0; i < csv->n; i++) {
        if (csv->cells[i].at) continue;
        csv->cells[i].at = at;
        at += csv->cells[i].n;
    }
}

bool csv_next(struct csv *csv)
{
    if (csv->fault == CSV_FAULT_MEMORY) return false;
    csv->n = 0;
    csv->fault = CSV_FAULT_NONE;
    buf_reset(&csv->unquoted);
    while (csv->rest.n && at_line_end(csv)) skip_line_end(csv);
    if (csv->rest.n == 0) return false;
    csv->line = csv->next_line;
    if (!read_cells(csv))
        skip_line(csv);
    else if (csv->unquoted.failed)
        fault(csv, CSV_FAULT_MEMORY, csv->line);
    else
        place_unquoted(csv);
    return true;
}

void csv_place(struct str text, size_t offset, unsigned *ret_line, unsigned *ret_column)
{
    unsigned line = 1, column = 1;
    bool quoted = false;
    for (size_t i = 0; i < offset && i < text.n; i++) {
        char c = text.at[i];
        if (c == '"') quoted = !quoted;
        if (c == '\n' || (c == '\r' && !(i + 1 < text.n && text.at[i + 1] == '\n'))) {
            line++;
            if (!quoted) column = 1;
        } else if (c == ',' && !quoted) {
            column++;
        }
    }
    *ret_line = line;
    *ret_column = column;
}
