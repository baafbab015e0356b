#include "codec/table.h"
#include "roster/roster_private.h"

static struct table_cell text_cell(struct str s)
{
    return (struct table_cell){ .text = s };
}

static struct table_cell number_cell(unsigned n)
{
    return (struct table_cell){ .is_number = n != 0, .number = n };
}

static struct table_cell cell(const struct roster_row *row, int field)
{
    static const struct str kinds[] = { { NULL, 0 }, STR_INIT("通常"), STR_INIT("支援") };
    switch (field) {
    case ROSTER_CODE: return text_cell(row->code);
    case ROSTER_SCHOOL_CODE: return text_cell(row->school_code);
    case ROSTER_SCHOOL_YEAR: return number_cell(row->school_year);
    case ROSTER_GRADE: return number_cell(row->grade);
    case ROSTER_CLASS_CODE: return text_cell(row->class_code);
    case ROSTER_CLASS_NAME: return text_cell(row->class_name);
    case ROSTER_CLASS_KIND: return text_cell(kinds[row->class_kind]);
    case ROSTER_NUMBER: return number_cell(row->number);
    case ROSTER_FAMILY_NAME: return text_cell(row->family_name);
    case ROSTER_GIVEN_NAME: return text_cell(row->given_name);
    case ROSTER_FAMILY_KANA: return text_cell(row->family_kana);
    case ROSTER_GIVEN_KANA: return text_cell(row->given_kana);
    case ROSTER_EXCHANGE_CLASS_CODE: return text_cell(row->exchange_class_code);
    case ROSTER_GONE: return text_cell(row->gone ? STR("転出") : (struct str){ 0 });
    default: return text_cell((struct str){ 0 });
    }
}

enum err roster_write_csv(const struct roster *roster, enum roster_encoding encoding, struct buf *out,
                          size_t *ret_replaced)
{
    struct arena arena;
    struct str headings[ROSTER_FIELDS];
    struct table table = { .headings = headings, .rows = roster->n_rows };
    size_t replaced = 0;
    for (int field = 0; field < ROSTER_FIELDS; field++)
        if (roster_field_written(field)) headings[table.columns++] = str_c(roster_field_headings[field]);
    arena_init(&arena, 0);
    table.cells = arena_array(&arena, table.rows * table.columns, sizeof *table.cells);
    struct table_cell *at = table.cells;
    for (size_t i = 0; at && i < table.rows; i++)
        for (int field = 0; field < ROSTER_FIELDS; field++)
            if (roster_field_written(field)) *at++ = cell(&roster->rows[i], field);
    enum err err = at ? table_csv(&table, encoding == ROSTER_CP932, out, &replaced) : ERR_NOMEM;
    arena_done(&arena);
    if (ret_replaced) *ret_replaced = replaced;
    return err;
}
