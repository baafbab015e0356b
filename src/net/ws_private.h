// The inside of the WebSocket part: ws_handshake.c, ws_read.c (frames to messages, no I/O), ws.c (the
// connection).
#ifndef TODOKE_NET_WS_PRIVATE_H
#define TODOKE_NET_WS_PRIVATE_H

#include "base/buf.h"
#include "base/list.h"
#include "net/ws.h"

#define WS_ACCEPT_BYTES 28 // base64 of a SHA-1

// RFC 6455 section 4.2.2: the value of Sec-WebSocket-Accept. -1: OpenSSL failed.
int ws_accept_key(struct str key, char ret[WS_ACCEPT_BYTES]);

// UTF-8 in pieces (RFC 3629). Starts zeroed; false once it can't become valid any more.
struct utf8_check {
    uint32_t need;     // continuation bytes to come
    uint8_t low, high; // bounds of the next one
};
bool utf8_feed(struct utf8_check *check, const uint8_t *bytes, size_t n);
static inline bool utf8_ended(const struct utf8_check *check)
{
    return check->need == 0;
}

struct ws_reader;
struct ws_events {
    // Each returns false to stop reading (the reader may be gone then).
    bool (*on_message)(struct ws_reader *reader, enum ws_opcode opcode, struct str bytes);
    bool (*on_ping)(struct ws_reader *reader, struct str bytes);
    bool (*on_pong)(struct ws_reader *reader);
    // A valid close frame; `code` is WS_NO_CODE when it had none.
    bool (*on_close)(struct ws_reader *reader, int code);
};

struct ws_parser; // wslay's context and buffer: lent to a reader while it is within a frame, else spare

// From frames to messages. Embedded; zero, then ws_reader_init; ws_reader_done frees what a message left.
struct ws_reader {
    const struct ws_events *on;
    size_t max_message;
    struct ws_parser *parser; // NULL between frames
    struct buf message;       // of a message in several pieces
    uint8_t opcode;           // of the message under way, 0: none
    bool in_frame;            // some of the current frame's payload is still to come
    uint8_t frame_opcode;
    uint8_t control_n; // payload of a control frame collected so far
    uint64_t frame_left;
    struct utf8_check utf8;
    uint8_t control[125];
};

void ws_reader_init(struct ws_reader *reader, const struct ws_events *events, size_t max_message);
void ws_reader_done(struct ws_reader *reader);

// Takes bytes. 0: all taken (or an event stopped it); else the close code to fail the connection with;
// WS_SERVER_ERROR when there is no memory.
int ws_reader_feed(struct ws_reader *reader, const uint8_t *bytes, size_t n);

// Frees the spare parsers: at the end of the process, so that leak checkers are content.
void ws_parsers_drop(void);

// The header of an unmasked, final frame. Returns its size, 2..10.
#define WS_HEADER_MAX 10
size_t ws_frame_header(uint8_t *to, unsigned opcode, size_t length);

void ws_abort_all(struct list *sockets);

#endif
