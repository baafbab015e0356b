#include "db/schools.h"

#include "base/buf.h"

void schools_add(struct schools *s, struct str list)
{
    int64_t id;

    if (list.n == 1 && list.at[0] == '*') {
        s->all = true;
        return;
    }
    if (!list.n) return;
    while (list.at) {
        if (!str_to_i64(str_cut(list, ',', &list), &id) || id < 0 || id >= (int64_t)SCHOOLS_MAX)
            s->failed = true;
        else
            s->bits[id / 64] |= 1ull << (id % 64);
    }
}

struct str schools_text(const struct schools *s, struct arena *arena)
{
    struct str text;
    struct buf b;

    if (s->all) return STR("*");
    buf_init(&b, 0);
    for (unsigned i = 0; i < SCHOOLS_MAX; i++) {
        if (!s->bits[i / 64]) {
            i |= 63;
            continue;
        }
        if (!(s->bits[i / 64] >> (i % 64) & 1)) continue;
        if (b.n) buf_putc(&b, ',');
        buf_u64(&b, i);
    }
    text = b.failed ? str_of(NULL, 0) : b.n ? arena_dup(arena, buf_view(&b)) : STR("");
    buf_done(&b);
    return text;
}
