#include "live.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <strings.h>

#include "base/list.h"

#define MESSAGE_MAX (64u << 20)
#define IDLE_ROOM   4096u /* a buffer bigger than this is given back when it is empty */

enum { OP_MORE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct frame {
    unsigned op;
    bool last;
    size_t head, n;
};

static struct live *live_of(struct conn *conn)
{
    return container_of(conn, struct live, conn);
}

static void live_make_keys(char key[25], char accept[32])
{
    unsigned char nonce[16], hash[EVP_MAX_MD_SIZE];
    char text[64];
    unsigned size = 0;
    RAND_bytes(nonce, sizeof nonce);
    EVP_EncodeBlock((unsigned char *)key, nonce, sizeof nonce);
    int n = snprintf(text, sizeof text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    EVP_Digest(text, (size_t)n, hash, &size, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, hash, (int)size);
}

void live_greet(struct live *live, struct buf *out, const struct live_hello *hello)
{
    char key[25];
    live_make_keys(key, live->accept);
    buf_printf(out,
               "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nOrigin: %s\r\n",
               hello->path, hello->host, key, hello->origin);
    if (hello->protocol) buf_printf(out, "Sec-WebSocket-Protocol: %s\r\n", hello->protocol);
    if (hello->token) buf_printf(out, "Cookie: __Host-todoke=%s\r\n", hello->token);
    buf_str(out, STR("\r\n"));
    live->hello = buf_view(out);
}

/* A client's frames are masked; ours are all short. */
static void live_send(struct live *live, unsigned op, const char *bytes, size_t n)
{
    unsigned char frame[8 + 1024], *mask;
    size_t head = n < 126 ? 2 : 4;
    if (n > 1024) return;
    frame[0] = (unsigned char)(0x80u | op);
    frame[1] = (unsigned char)(0x80u | (n < 126 ? n : 126));
    frame[2] = (unsigned char)(n >> 8);
    frame[3] = (unsigned char)n;
    mask = frame + head;
    RAND_bytes(mask, 4);
    for (size_t i = 0; i < n; i++)
        frame[head + 4 + i] = (unsigned char)((unsigned char)bytes[i] ^ mask[i % 4]);
    conn_write(&live->conn, frame, head + 4 + n);
}

void live_send_text(struct live *live, struct str text)
{
    live_send(live, OP_TEXT, text.at, text.n);
}

static void live_lose(struct live *live, enum loss loss)
{
    if (live->finished) return;
    live->finished = true;
    live->end.loss = loss;
    conn_close(&live->conn);
    live->calls->lost(live, live->end);
}

void live_close(struct live *live)
{
    if (live->finished) return;
    live->finished = true;
    if (live->upgraded) live_send(live, OP_CLOSE, "\x03\xe8", 2);
    conn_close(&live->conn);
}

/* True when a whole head is there. */
static bool frame_read(struct frame *frame, const unsigned char *at, size_t n)
{
    if (n < 2) return false;
    frame->last = (at[0] & 0x80) != 0;
    frame->op = at[0] & 0x0f;
    frame->n = at[1] & 0x7f;
    size_t more = frame->n == 126 ? 2 : frame->n == 127 ? 8 : 0;
    frame->head = 2 + more;
    if (n < frame->head) return false;
    if (more) frame->n = 0;
    for (size_t i = 0; i < more; i++) frame->n = frame->n << 8 | at[2 + i];
    return true;
}

static void live_on_data_frame(struct live *live, struct frame frame, const char *payload)
{
    if (frame.op != OP_MORE) live->binary = frame.op == OP_BINARY;
    if (frame.last && live->fragments.n == 0) {
        live->calls->message(live, payload, frame.n, live->binary);
        return;
    }
    buf_append(&live->fragments, payload, frame.n);
    if (live->fragments.failed) {
        live_lose(live, LOSS_MEMORY);
    } else if (frame.last) {
        live->calls->message(live, live->fragments.at, live->fragments.n, live->binary);
        buf_done(&live->fragments);
    }
}

static void live_on_frame(struct live *live, struct frame frame, const char *payload)
{
    const unsigned char *code = (const unsigned char *)payload;
    switch (frame.op) {
    case OP_MORE:
    case OP_TEXT:
    case OP_BINARY: live_on_data_frame(live, frame, payload); break;
    case OP_PING: live_send(live, OP_PONG, payload, frame.n); break;
    case OP_PONG: break;
    case OP_CLOSE:
        if (frame.n >= 2) live->end.code = code[0] << 8 | code[1];
        live_send(live, OP_CLOSE, payload, frame.n);
        live_lose(live, LOSS_CLOSED);
        break;
    default: live_lose(live, LOSS_PROTOCOL);
    }
}

/* Returns how many bytes were whole frames. */
static size_t live_read_frames(struct live *live, const char *bytes, size_t n)
{
    size_t done = 0;
    struct frame frame;
    while (!live->finished && frame_read(&frame, (const unsigned char *)bytes + done, n - done)) {
        if (frame.n > MESSAGE_MAX || ((unsigned char)bytes[done + 1] & 0x80)) {
            live_lose(live, LOSS_PROTOCOL);
            break;
        }
        if (n - done < frame.head + frame.n) break;
        live_on_frame(live, frame, bytes + done + frame.head);
        done += frame.head + frame.n;
    }
    return done;
}

static bool head_has(const char *head, size_t n, const char *line)
{
    size_t size = strlen(line);
    for (size_t i = 0; i + size <= n; i++)
        if (strncasecmp(head + i, line, size) == 0) return true;
    return false;
}

/* Consumes the answer to the upgrade when it is whole. */
static size_t live_read_handshake(struct live *live, const char *bytes, size_t n)
{
    const char *end = memmem(bytes, n, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - bytes) + 4;
    if (head < 12 || memcmp(bytes, "HTTP/1.1 ", 9) != 0) {
        live_lose(live, LOSS_PROTOCOL);
        return 0;
    }
    live->end.status = atoi(bytes + 9);
    live->end.told_when = live->end.status != 101 && head_has(bytes, head, "\r\nretry-after:");
    if (live->end.status != 101 || !memmem(bytes, head, live->accept, strlen(live->accept))) {
        live_lose(live, live->end.status == 101 ? LOSS_PROTOCOL : LOSS_CLOSED);
        return 0;
    }
    live->end.status = 0;
    live->upgraded = true;
    live->calls->opened(live);
    return head;
}

static size_t live_read(struct live *live, const char *bytes, size_t n)
{
    size_t done = live->upgraded ? 0 : live_read_handshake(live, bytes, n);
    if (live->upgraded && !live->finished) done += live_read_frames(live, bytes + done, n - done);
    return done;
}

static void live_on_data(struct conn *conn, const char *bytes, size_t n)
{
    struct live *live = live_of(conn);
    live->bytes += n;
    if (live->in.n == 0) { /* the usual case: whole frames, nothing is copied */
        size_t done = live_read(live, bytes, n);
        if (!live->finished && done < n) buf_append(&live->in, bytes + done, n - done);
    } else {
        buf_append(&live->in, bytes, n);
        if (!live->in.failed) buf_consume(&live->in, live_read(live, live->in.at, live->in.n));
    }
    if (live->in.failed)
        live_lose(live, LOSS_MEMORY);
    else if (live->in.n == 0 && live->in.cap > IDLE_ROOM)
        buf_done(&live->in);
}

static void live_on_opened(struct conn *conn)
{
    struct live *live = live_of(conn);
    conn_write(conn, live->hello.at, live->hello.n);
    live->hello = (struct str){ 0 };
}

static void live_on_lost(struct conn *conn, enum loss loss)
{
    live_lose(live_of(conn), loss);
}

static void live_on_released(struct conn *conn)
{
    struct live *live = live_of(conn);
    buf_done(&live->in);
    buf_done(&live->fragments);
    live->calls->released(live);
}

static const struct conn_calls conn_calls = { live_on_opened, live_on_data, live_on_lost, live_on_released };

int live_dial(struct live *live, struct dial *dial, const struct live_calls *calls)
{
    live->calls = calls;
    live->upgraded = live->finished = false;
    live->end = (struct live_end){ 0 };
    buf_init(&live->in, MESSAGE_MAX + 16);
    buf_init(&live->fragments, MESSAGE_MAX);
    return conn_open(&live->conn, dial, &conn_calls);
}
