/* A WebSocket client (RFC 6455) for /live: the handshake and the frames, no extensions.
 *
 * Owner: the struct that embeds it. After live_dial returned 0, `lost` comes exactly once unless live_close
 * was called first; then `released` from the loop, and only then may it be dialled again or freed. Messages
 * are borrowed for the call. */
#ifndef BENCH_LIVE_H
#define BENCH_LIVE_H

#include "conn.h"

struct live;
struct live_end {
    enum loss loss;
    int status;     /* of the refused handshake (503 ...), 0 = none */
    bool told_when; /* ... with a Retry-After */
    int code;       /* the close frame's code, 0 = none */
};
struct live_calls {
    void (*opened)(struct live *live);
    void (*message)(struct live *live, const char *bytes, size_t n, bool binary);
    void (*lost)(struct live *live, struct live_end end);
    void (*released)(struct live *live);
};

struct live {
    struct conn conn;
    const struct live_calls *calls;
    struct str hello; /* the upgrade request, borrowed until `opened` or the end */
    struct buf in;    /* a part of a frame, or of the handshake */
    struct buf fragments;
    char accept[32]; /* the Sec-WebSocket-Accept that must come */
    struct live_end end;
    bool upgraded, binary, finished;
    uint64_t bytes; /* received, without TLS */
};

/* The upgrade request. NULL: that line is left out. */
struct live_hello {
    const char *path, *host, *origin, *token, *protocol;
};
#define LIVE_PROTOCOL "todoke.live.v1"
/* Makes the request in `out` with a fresh key, and remembers the answer to it. */
void live_greet(struct live *live, struct buf *out, const struct live_hello *hello);
/* live_greet first. 0, or -1: nothing was started. */
int live_dial(struct live *live, struct dial *dial, const struct live_calls *calls);
void live_send_text(struct live *live, struct str text);
void live_close(struct live *live);

#endif
