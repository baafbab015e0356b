// A body that comes in pieces: asked for when it is its answer's turn and the stream has room.
#include "base/check.h"
#include "net/http1_private.h"

void source_begin(struct http_slot *slot, struct http_source *source)
{
    if (source->length == 0) return;
    source->slot = slot;
    source->given = 0;
    source->asked = false;
    slot->source = source;
}

void source_drop(struct http_slot *slot)
{
    struct http_source *source = slot->source;
    if (!source) return;
    slot->source = NULL;
    source->slot = NULL;
    source->over(source);
}

void source_ask(struct http_conn *conn)
{
    struct http_slot *slot = LIST_FIRST(&conn->slots, struct http_slot, link);
    if (conn_is(conn, CONN_DEAD) || !slot || !slot->source || slot->source->asked) return;
    if (stream_queued(conn->stream) > conn->server->limits.queue_bytes / 2) {
        stream_want_drain(conn->stream);
        return;
    }
    slot->source->asked = true;
    slot->source->wanted(slot->source);
}

void http_source_give(struct http_source *source, struct chunk *chunk)
{
    struct http_slot *slot = source->slot;
    if (!slot) return;
    struct http_conn *conn = slot->conn;
    CHECK(source->asked && chunk->length > 0 && chunk->length <= source->length - source->given);
    source->asked = false;
    source->given += chunk->length;
    conn_enter(conn);
    if (stream_write_chunk(conn->stream, chunk) < 0) {
        conn_abort(conn);
    } else if (source->given < source->length) {
        source_ask(conn);
    } else {
        source_drop(slot);
        conn_go_on(conn);
    }
    conn_leave(conn);
}

void http_source_fail(struct http_source *source)
{
    if (source->slot) conn_abort(source->slot->conn);
}
