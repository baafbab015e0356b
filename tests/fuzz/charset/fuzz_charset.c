/* Any bytes -> charset_decode. What it accepts is UTF-8, and goes through CP932 and back without an error. */
#include "base/check.h"
#include "codec/charset.h"
#include "codec/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str file = str_of((const char *)data, size);
    struct charset_text text, again;
    struct buf cp932 = { 0 };
    size_t replaced = 0;
    enum err err = charset_decode(file, &text);
    if (err == ERR_NONE) {
        CHECK(utf8_valid(text.text));
        CHECK(charset_encode_cp932(text.text, &cp932, &replaced) == ERR_NONE);
        err = charset_decode(buf_view(&cp932), &again);
        /* A short text may look like the other encoding, never like nothing. */
        CHECK(err == ERR_NONE || again.fault == CHARSET_FAULT_MIXED || again.fault == CHARSET_FAULT_UTF16);
        buf_done(&again.own);
    } else {
        unsigned line = 0, column = 0;
        CHECK(err == ERR_INVALID && text.fault != CHARSET_FAULT_NONE);
        CHECK(text.fault == CHARSET_FAULT_UTF16 || text.fault_at < size);
        csv_place(file, text.fault_at, &line, &column);
        CHECK(line > 0 && column > 0);
    }
    buf_done(&cp932);
    buf_done(&text.own);
    return 0;
}
