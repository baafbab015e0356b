#include <stdio.h>

#include "codec/field.h"
#include "roster/roster_private.h"

struct date {
    unsigned part[3];
    int n;
    unsigned before; /* what is added to the year */
};

/* The era in front of it: 令和8年 is 2026. */
static void era_take(struct str *s, struct date *date)
{
    static const struct str eras[] = { STR_INIT("令和"), STR_INIT("R"), STR_INIT("r") };
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
        if (!str_starts(*s, eras[i])) continue;
        *s = str_of(s->at + eras[i].n, s->n - eras[i].n);
        date->before = 2018;
        return;
    }
}

static bool number_take(struct str *s, struct date *date)
{
    unsigned value = 0;
    size_t n = 0;
    if (date->n == 0 && date->before && str_starts(*s, STR("元"))) {
        *s = str_of(s->at + 3, s->n - 3);
        date->part[date->n++] = 1;
        return true;
    }
    while (n < s->n && n < 9 && s->at[n] >= '0' && s->at[n] <= '9')
        value = value * 10 + (unsigned)(s->at[n++] - '0');
    *s = str_of(s->at + n, s->n - n);
    if (n == 8 && date->n == 0 && !date->before) {
        date->part[0] = value / 10000;
        date->part[1] = value / 100 % 100;
        date->part[2] = value % 100;
        date->n = 3;
        return s->n == 0;
    }
    date->part[date->n++] = value;
    return n > 0 && n <= 4;
}

/* Between year, month and day; behind the day only 日. */
static bool mark_take(struct str *s, int n)
{
    static const struct str words[] = { STR_INIT("年"), STR_INIT("月"), STR_INIT("日") };
    if (str_starts(*s, words[n - 1])) {
        *s = str_of(s->at + 3, s->n - 3);
        return true;
    }
    if (n == 3) return s->n == 0;
    if (s->n == 0 || !strchr("-/.", *s->at)) return false;
    *s = str_of(s->at + 1, s->n - 1);
    return true;
}

static bool date_read(struct str s, struct date *date)
{
    era_take(&s, date);
    while (date->n < 3) {
        if (!number_take(&s, date)) return false;
        if (date->n == 3 && s.n == 0) break;
        if (!mark_take(&s, date->n)) return false;
    }
    return s.n == 0;
}

struct str cell_date(struct table_reader *t, size_t column, bool *ok)
{
    char word[40], text[16];
    struct date date = { 0 };
    struct str s = table_cell(t, column);
    if (s.n == 0) return (struct str){ 0 };
    s = text_narrow(s, word, sizeof word);
    if (s.at && date_read(s, &date) && date.part[0] + date.before <= 9999 && date.part[1] <= 12 &&
        date.part[2] <= 31) {
        snprintf(text, sizeof text, "%04u-%02u-%02u", date.part[0] + date.before, date.part[1] % 100,
                 date.part[2] % 100);
        if (date_valid(str_c(text)) && (!date.before || strcmp(text, "2019-05-01") >= 0))
            return reading_keep(t->r, str_c(text));
    }
    table_problem(t, column, "date");
    *ok = false;
    return (struct str){ 0 };
}
