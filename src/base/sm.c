#include "base/sm.h"

#include <stdio.h>

#include "base/check.h"

sm_tracer *sm_trace;

void sm_init(struct sm *sm, const struct sm_table *table, unsigned state)
{
    CHECK(table->count <= 32 && state < table->count);
    sm->table = table;
    sm->now = state;
}

void sm_move(struct sm *sm, unsigned to)
{
    if (sm_trace) sm_trace(sm, to);
    if (!sm_can(sm, to))
        fprintf(stderr, "%s: %s -> %s is no legal move\n", sm->table->name, sm_name(sm),
                to < sm->table->count ? sm->table->states[to].name : "?");
    CHECK(sm_can(sm, to));
    sm->now = to;
}
