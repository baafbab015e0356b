#include "hist_json.h"

#include <string.h>

static json_t *count_json(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *ms_json(double ns)
{
    return json_real((double)(int64_t)(ns / 1e3 + 0.5) / 1e3);
}

json_t *hist_json(const struct hist *hist)
{
    json_t *cells = json_array();
    for (size_t i = 0; cells && i < HIST_CELLS; i++)
        if (hist->cells[i])
            json_array_append_new(
                cells, json_pack("[o,o]", count_json(hist_cell_top(i)), count_json(hist->cells[i])));
    return json_pack("{s:s s:o s:o s:o s:o s:o}", "unit", "ns", "cells", cells, "count",
                     count_json(hist->count), "min", count_json(hist->count ? hist->min : 0), "max",
                     count_json(hist->max), "sum", json_integer((json_int_t)hist->sum));
}

int hist_json_add(struct hist *into, const json_t *object)
{
    const char *unit = json_string_value(json_object_get(object, "unit"));
    const json_t *cells = json_object_get(object, "cells"), *cell;
    uint64_t seen = 0, count = (uint64_t)json_integer_value(json_object_get(object, "count"));
    size_t i;
    if (!unit || strcmp(unit, "ns") != 0 || !json_is_array(cells)) return -1;
    json_array_foreach((json_t *)cells, i, cell)
    {
        json_int_t top = json_integer_value(json_array_get(cell, 0)),
                   n = json_integer_value(json_array_get(cell, 1));
        if (top < 0 || n <= 0 || hist_cell_top(hist_cell((uint64_t)top)) != (uint64_t)top) return -1;
        into->cells[hist_cell((uint64_t)top)] += (uint64_t)n;
        seen += (uint64_t)n;
    }
    if (seen != count) return -1;
    if (seen == 0) return 0;
    uint64_t min = (uint64_t)json_integer_value(json_object_get(object, "min")),
             max = (uint64_t)json_integer_value(json_object_get(object, "max"));
    into->count += seen;
    into->sum += json_number_value(json_object_get(object, "sum"));
    if (min < into->min) into->min = min;
    if (max > into->max) into->max = max;
    return 0;
}

json_t *hist_json_summary(const struct hist *hist)
{
    return json_pack("{s:o s:o s:o s:o s:o s:o s:o s:o}", "count", count_json(hist->count), "min",
                     ms_json(hist->count ? (double)hist->min : 0), "mean", ms_json(hist_mean(hist)), "p50",
                     ms_json((double)hist_quantile(hist, 0.5)), "p90",
                     ms_json((double)hist_quantile(hist, 0.9)), "p99",
                     ms_json((double)hist_quantile(hist, 0.99)), "p999",
                     ms_json((double)hist_quantile(hist, 0.999)), "max", ms_json((double)hist->max));
}
