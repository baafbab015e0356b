// WebSocket (RFC 6455), server side: handshake, messages, pings, bounded queues, close codes. No extensions.
//
// Owner: a ws belongs to its connection from ws_accept until on_close has returned, which is called exactly
// once however it ends. Frames are flushed once per tick.
#ifndef TODOKE_NET_WS_H
#define TODOKE_NET_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/str.h"
#include "net/chunk.h"

struct http_request;
struct ws;

enum ws_opcode { WS_TEXT = 1, WS_BINARY = 2 };

enum ws_code { // RFC 6455 section 7.4.1 and the IANA registry
    WS_NORMAL = 1000,
    WS_GOING_AWAY = 1001,
    WS_PROTOCOL_ERROR = 1002,
    WS_UNSUPPORTED = 1003,
    WS_NO_CODE = 1005,  // never sent: the peer closed without a code
    WS_ABNORMAL = 1006, // never sent: the connection died
    WS_BAD_DATA = 1007,
    WS_POLICY = 1008,
    WS_TOO_BIG = 1009,
    WS_SERVER_ERROR = 1011,
    WS_RESTART = 1012,
    WS_TRY_LATER = 1013,
};

struct ws_handlers {
    // A complete message; text is valid UTF-8. The bytes are only valid during the call.
    void (*on_message)(struct ws *ws, enum ws_opcode opcode, struct str bytes, void *data);
    // The end. `code` is what the peer sent (WS_NO_CODE without one), what we sent when we closed first,
    // or WS_ABNORMAL. `ws` may not be used any more after this.
    void (*on_close)(struct ws *ws, int code, void *data);
    // The queue, which had refused a frame (WS_FULL), is half empty again: time for a new snapshot. May be
    // NULL.
    void (*on_drain)(struct ws *ws, void *data);
};

struct ws_options {
    struct str protocol;    // the chosen subprotocol; empty: none is named in the answer
    size_t max_message;     // bytes of a received message, 0: 64 KiB -> 1009
    size_t max_queue_bytes; // unsent bytes, 0: 1 MiB -> WS_FULL
};

// Is this a valid handshake (RFC 6455 section 4.2.1)? 0, or the status to answer with: 400, or 426 with
// "Sec-WebSocket-Version: 13". Does not look at Origin or subprotocols: that is the engine's.
int ws_check(const struct http_request *request);

// Is `protocol` among those that the client offered?
bool ws_offers(const struct http_request *request, const char *protocol);

// Answers 101 and takes over the connection; the request is over, as with http_reply. Legal later than
// on_request, too. NULL: the handshake was not valid or there is no memory; then the request is over as well,
// answered with the error or cut.
struct ws *ws_accept(struct http_request *request, const struct ws_options *options,
                     const struct ws_handlers *handlers, void *data);

enum ws_result {
    WS_SENT = 0,
    WS_FULL = -1,   // the bound is reached: the frame was not queued; on_drain will tell
    WS_CLOSED = -2, // closing: the frame was dropped
};

// One message in one frame, copied.
enum ws_result ws_send(struct ws *ws, enum ws_opcode opcode, const void *bytes, size_t length);

// A frame made once for many sockets. The caller keeps its reference.
struct chunk *ws_frame_new(enum ws_opcode opcode, const void *bytes, size_t length); // NULL: no memory
enum ws_result ws_send_chunk(struct ws *ws, struct chunk *frame);

// These will be sent to next: asks for their memory all at once, instead of waiting for one after the other.
void ws_fetch(struct ws *const *sockets, unsigned n);

size_t ws_queued(const struct ws *ws);
struct str ws_peer(const struct ws *ws);

// Sends a close frame (reason: at most 123 bytes of UTF-8, may be empty) after what is queued and waits a few
// seconds for the peer's. on_close comes later, never from within. Further calls do nothing.
void ws_close(struct ws *ws, int code, const char *reason);

#endif
