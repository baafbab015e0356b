#include "columns.h"

#include "roster/roster.h"

#define LINES 20

/* ---- in the thread ---- */

static enum err preview_make(struct work *work)
{
    const struct str *file = work->input;
    struct roster_preview *preview = arena_zalloc(&work->arena, sizeof *preview);
    if (!preview) return ERR_NOMEM;
    work->result = preview;
    return roster_preview_csv(&work->arena, *file, LINES, preview);
}

/* ---- the answer ---- */

static const char *const encodings[] = {
    [ROSTER_UTF8] = "utf-8", [ROSTER_UTF8_BOM] = "utf-8-bom", [ROSTER_CP932] = "cp932"
};

static bool array_new(struct request *rq, size_t n, struct value *ret)
{
    *ret = (struct value){ .kind = VALUE_ARRAY, .array = { request_alloc(rq, n * sizeof *ret), n } };
    return ret->array.at != NULL;
}

static bool map_of(struct request *rq, const struct member *members, size_t n, struct value *ret)
{
    *ret = (struct value){ .kind = VALUE_MAP, .map = { request_alloc(rq, n * sizeof *members), n } };
    for (size_t i = 0; ret->map.at && i < n; i++) ret->map.at[i] = members[i];
    return ret->map.at != NULL;
}

static bool lines_value(struct request *rq, const struct roster_preview *preview, struct value *ret)
{
    if (!array_new(rq, preview->n_lines, ret)) return false;
    for (size_t i = 0; i < preview->n_lines; i++) {
        size_t n = 0;
        while (preview->lines[i][n].at) n++;
        if (!array_new(rq, n, &ret->array.at[i])) return false;
        for (size_t j = 0; j < n; j++) ret->array.at[i].array.at[j] = value_str(preview->lines[i][j]);
    }
    return true;
}

static bool problems_value(struct request *rq, const struct roster_preview *preview, struct value *ret)
{
    if (!array_new(rq, preview->n_problems, ret)) return false;
    for (size_t i = 0; i < preview->n_problems; i++) {
        const struct roster_problem *problem = &preview->problems[i];
        const struct member members[] = { { STR("line"), value_int(problem->line) },
                                          { STR("column"), value_int(problem->column) },
                                          { STR("code"), value_str(str_c(problem->code)) },
                                          { STR("text"), value_str(problem->text) } };
        if (!map_of(rq, members, sizeof members / sizeof *members, &ret->array.at[i])) return false;
    }
    return true;
}

static void preview_ask(struct request *rq)
{
    struct str *file = request_alloc(rq, sizeof *file);
    if (!file) {
        reply_problem(rq, "busy");
        return;
    }
    *file = request_body(rq);
    ask_work(rq, preview_make, file);
}

static void preview_answer(struct request *rq)
{
    const struct roster_preview *preview = answer_work(rq)->result;
    struct value lines = { 0 }, problems = { 0 }, answer;
    bool made = lines_value(rq, preview, &lines) && problems_value(rq, preview, &problems);
    const struct member members[] = { { STR("encoding"), value_str(str_c(encodings[preview->encoding])) },
                                      { STR("columns"), value_int((int64_t)preview->n_columns) },
                                      { STR("lines"), lines },
                                      { STR("problems"), problems } };
    if (made && map_of(rq, members, sizeof members / sizeof *members, &answer))
        reply_value(rq, &answer);
    else
        reply_problem(rq, "busy");
}

step_fn *const columns_steps[] = { preview_ask, preview_answer, NULL };
