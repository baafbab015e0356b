// From frames to messages. wslay parses the frames; what a frame may be at its place is checked here (RFC
// 6455 section 5). Most sockets are silent most of the time, so wslay's context (4 KiB) is only lent to a
// reader that is in the middle of a frame.
#include <string.h>
#include <wslay/wslay.h>

#include "base/fault.h"
#include "net/ws_private.h"

#define PARSERS_KEPT 64

struct ws_parser {
    wslay_frame_context_ptr context;
    const uint8_t *in; // bytes of this feed that wslay has not taken yet
    size_t in_n;
    uint64_t taken;  // by wslay
    uint64_t parsed; // handed back by it, headers included: equal to `taken` when nothing is left inside
    struct ws_parser *next;
};

static struct ws_parser *spare; // of the process: a worker has one loop
static unsigned spare_count;

static ssize_t parser_on_recv(uint8_t *to, size_t room, int flags, void *data)
{
    (void)flags;
    struct ws_parser *parser = data;
    if (parser->in_n == 0) return -1;
    size_t n = room < parser->in_n ? room : parser->in_n;
    memcpy(to, parser->in, n);
    parser->in += n;
    parser->in_n -= n;
    parser->taken += n;
    return (ssize_t)n;
}

static struct ws_parser *parser_new(void)
{
    struct ws_parser *parser = spare;
    if (parser) {
        spare = parser->next;
        spare_count--;
        return parser;
    }
    static const struct wslay_frame_callbacks callbacks = { .recv_callback = parser_on_recv };
    parser = base_zalloc(sizeof *parser);
    if (!parser) return NULL;
    if (wslay_frame_context_init(&parser->context, &callbacks, parser) != 0) {
        base_free(parser);
        return NULL;
    }
    return parser;
}

static void parser_free(struct ws_parser *parser)
{
    if (!parser) return;
    wslay_frame_context_free(parser->context);
    base_free(parser);
}

static void parser_put_back(struct ws_parser *parser)
{
    if (spare_count >= PARSERS_KEPT) {
        parser_free(parser);
        return;
    }
    parser->taken = parser->parsed = 0;
    parser->next = spare;
    spare = parser;
    spare_count++;
}

void ws_parsers_drop(void)
{
    while (spare) {
        struct ws_parser *parser = spare;
        spare = parser->next;
        parser_free(parser);
    }
    spare_count = 0;
}

void ws_reader_init(struct ws_reader *reader, const struct ws_events *events, size_t max_message)
{
    memset(reader, 0, sizeof *reader);
    reader->on = events;
    reader->max_message = max_message;
    buf_init(&reader->message, 0);
}

void ws_reader_done(struct ws_reader *reader)
{
    parser_free(reader->parser); // in the middle of a frame: of no use to others
    reader->parser = NULL;
    buf_done(&reader->message);
}

// Is this frame allowed here? 0 or a close code.
static int frame_begin(struct ws_reader *reader, const struct wslay_frame_iocb *frame)
{
    bool control = wslay_is_ctrl_frame(frame->opcode);
    if (!frame->mask || frame->rsv != 0) return WS_PROTOCOL_ERROR;
    if (frame->opcode > 0xa || (frame->opcode > 2 && frame->opcode < 8)) return WS_PROTOCOL_ERROR;
    reader->frame_opcode = frame->opcode;
    reader->frame_left = frame->payload_length;
    reader->control_n = 0;
    if (control) return 0; // wslay has checked that it is short and final
    if ((frame->opcode == WSLAY_CONTINUATION_FRAME) != (reader->opcode != 0)) return WS_PROTOCOL_ERROR;
    if (frame->opcode != WSLAY_CONTINUATION_FRAME) {
        reader->opcode = frame->opcode;
        reader->utf8 = (struct utf8_check){ 0 };
        buf_reset(&reader->message);
    }
    if (frame->payload_length > reader->max_message - reader->message.n) return WS_TOO_BIG;
    return 0;
}

// The whole message in one piece, which is the usual case, is not copied.
static int data_piece(struct ws_reader *reader, const struct wslay_frame_iocb *frame, bool *ret_go)
{
    const uint8_t *bytes = frame->data;
    size_t n = frame->data_length;
    if (reader->opcode == WS_TEXT && !utf8_feed(&reader->utf8, bytes, n)) return WS_BAD_DATA;
    bool last = reader->frame_left == 0 && frame->fin;
    if (!last || reader->message.n > 0) {
        buf_append(&reader->message, bytes, n);
        if (reader->message.failed) return WS_SERVER_ERROR;
    }
    if (!last) return 0;
    if (reader->opcode == WS_TEXT && !utf8_ended(&reader->utf8)) return WS_BAD_DATA;
    enum ws_opcode opcode = reader->opcode;
    struct buf whole = reader->message; // out of the reader: the event may end it
    struct str message = whole.n > 0 ? buf_view(&whole) : str_of((const char *)bytes, n);
    buf_init(&reader->message, 0);
    reader->opcode = 0;
    *ret_go = reader->on->on_message(reader, opcode, message);
    buf_done(&whole);
    return 0;
}

static bool close_code_valid(int code)
{
    if (code >= 3000 && code <= 4999) return true;
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

static int close_frame(struct ws_reader *reader, bool *ret_go)
{
    int code = WS_NO_CODE;
    if (reader->control_n == 1) return WS_PROTOCOL_ERROR;
    if (reader->control_n >= 2) {
        code = reader->control[0] << 8 | reader->control[1];
        if (!close_code_valid(code)) return WS_PROTOCOL_ERROR;
        if (!utf8_valid(str_of((const char *)reader->control + 2, reader->control_n - 2u)))
            return WS_BAD_DATA;
    }
    *ret_go = reader->on->on_close(reader, code);
    return 0;
}

static int control_piece(struct ws_reader *reader, const struct wslay_frame_iocb *frame, bool *ret_go)
{
    if (frame->data_length > 0) memcpy(reader->control + reader->control_n, frame->data, frame->data_length);
    reader->control_n = (uint8_t)(reader->control_n + frame->data_length);
    if (reader->frame_left > 0) return 0;
    if (reader->frame_opcode == WSLAY_CONNECTION_CLOSE) return close_frame(reader, ret_go);
    if (reader->frame_opcode == WSLAY_PONG)
        *ret_go = reader->on->on_pong(reader);
    else
        *ret_go = reader->on->on_ping(reader, str_of((const char *)reader->control, reader->control_n));
    return 0;
}

static size_t header_size(uint64_t payload)
{
    return 2 + 4 + (payload > 0xffff ? 8u : payload > 125 ? 2u : 0u);
}

static int frame_piece(struct ws_reader *reader, struct ws_parser *parser,
                       const struct wslay_frame_iocb *frame, bool *ret_go)
{
    if (!reader->in_frame) {
        int code = frame_begin(reader, frame);
        if (code != 0) return code;
        parser->parsed += header_size(frame->payload_length);
    }
    parser->parsed += frame->data_length;
    reader->frame_left -= frame->data_length;
    reader->in_frame = reader->frame_left > 0;
    return wslay_is_ctrl_frame(frame->opcode) ? control_piece(reader, frame, ret_go)
                                              : data_piece(reader, frame, ret_go);
}

int ws_reader_feed(struct ws_reader *reader, const uint8_t *bytes, size_t n)
{
    struct ws_parser *parser = reader->parser ? reader->parser : parser_new();
    if (!parser) return WS_SERVER_ERROR;
    reader->parser = NULL; // ours while we are here: an event may end the reader
    parser->in = bytes;
    parser->in_n = n;
    int code = 0;
    bool go = true;
    while (go && code == 0) {
        struct wslay_frame_iocb frame;
        memset(&frame, 0, sizeof frame);
        ssize_t r = wslay_frame_recv(parser->context, &frame);
        if (r == WSLAY_ERR_WANT_READ) break;
        code = r < 0 ? WS_PROTOCOL_ERROR : frame_piece(reader, parser, &frame, &go);
    }
    parser->in = NULL;
    if (code != 0 || !go)
        parser_free(parser);
    else if (!reader->in_frame && parser->taken == parser->parsed)
        parser_put_back(parser);
    else
        reader->parser = parser;
    return code;
}
