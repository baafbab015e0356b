// Bytes into the frame reader, once whole and once cut by a pattern: the same messages must come out.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "net/ws_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct ws_reader reader;
    uint64_t digest;
    int closed;
};

static void digest(struct run *run, struct str s)
{
    for (size_t i = 0; i < s.n; i++) run->digest = (run->digest ^ (uint8_t)s.at[i]) * 0x100000001b3u;
    run->digest = (run->digest ^ s.n) * 0x100000001b3u;
}

static bool on_message(struct ws_reader *reader, enum ws_opcode opcode, struct str bytes)
{
    CHECK(opcode == WS_TEXT || opcode == WS_BINARY);
    CHECK(bytes.n <= 2000);
    if (opcode == WS_TEXT) CHECK(utf8_valid(bytes));
    digest((struct run *)reader, bytes);
    return true;
}

static bool on_ping(struct ws_reader *reader, struct str bytes)
{
    CHECK(bytes.n <= 125);
    digest((struct run *)reader, bytes);
    return true;
}

static bool on_pong(struct ws_reader *reader)
{
    digest((struct run *)reader, STR("pong"));
    return true;
}

static bool on_close(struct ws_reader *reader, int code)
{
    CHECK(code == WS_NO_CODE || (code >= 1000 && code < 5000));
    ((struct run *)reader)->closed = code;
    return false;
}

static const struct ws_events events = { on_message, on_ping, on_pong, on_close };

static int feed(struct run *run, const uint8_t *data, size_t size, const uint8_t *cuts, size_t cuts_n)
{
    memset(run, 0, sizeof *run);
    ws_reader_init(&run->reader, &events, 2000);
    int code = 0;
    size_t at = 0;
    for (size_t i = 0; at < size && code == 0 && !run->closed; i++) {
        size_t n = cuts_n ? cuts[i % cuts_n] % 32u + 1u : size;
        if (n > size - at) n = size - at;
        uint8_t *piece = malloc(n);
        memcpy(piece, data + at, n);
        code = ws_reader_feed(&run->reader, piece, n);
        free(piece);
        at += n;
    }
    ws_reader_done(&run->reader);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct run whole, cut;
    if (size < 4) return 0;
    int a = feed(&whole, data + 4, size - 4, NULL, 0);
    int b = feed(&cut, data + 4, size - 4, data, 4);
    CHECK(a == b && whole.closed == cut.closed && whole.digest == cut.digest);
    return 0;
}
