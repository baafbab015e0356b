/* Any bytes -> dec_json. What it accepts must survive writing and reading again. */
#include <stdlib.h>

#include "base/check.h"
#include "codec/dec.h"
#include "codec/enc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf out;
    struct enc e;
    struct value v, again;
    struct dec_error error = { .message = NULL };

    arena_init(&a, 0);
    buf_init(&out, 0);
    if (dec_json(&a, data, size, &v, &error)) {
        CHECK(error.message);
    } else {
        enc_json(&e, &out);
        enc_value(&e, &v);
        CHECK(!out.failed);
        CHECK(dec_json(&a, out.at, out.n, &again, NULL) == ERR_NONE);
        CHECK(again.kind == v.kind);
        buf_reset(&out);
        enc_msgpack(&e, &out);
        enc_value(&e, &v);
        CHECK(dec_msgpack(&a, out.at, out.n, &again, NULL) == ERR_NONE);
    }
    buf_done(&out);
    arena_done(&a);
    return 0;
}
