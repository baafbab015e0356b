#include "net/pieces.h"

#include <string.h>

#include "base/check.h"
#include "base/fault.h"
#include "net/loop.h"

static struct piece *pieces_array(struct pieces *pieces)
{
    return pieces->heap ? pieces->heap : pieces->first;
}

static uint32_t pieces_cap(const struct pieces *pieces)
{
    return pieces->heap ? pieces->cap : PIECES_INLINE;
}

static int pieces_grow(struct pieces *pieces)
{
    uint32_t cap = pieces_cap(pieces) * 4;
    struct piece *heap = base_alloc(cap * sizeof *heap);
    if (!heap) return -1;
    memcpy(heap, pieces_first(pieces), pieces->count * sizeof *heap);
    base_free(pieces->heap);
    pieces->heap = heap;
    pieces->cap = cap;
    pieces->head = 0;
    return 0;
}

// The place of one more piece.
static struct piece *pieces_slot(struct pieces *pieces)
{
    if (pieces->head + pieces->count == pieces_cap(pieces)) {
        if (pieces->head > pieces_cap(pieces) / 2 || (pieces->head > 0 && !pieces->heap)) {
            memmove(pieces_array(pieces), pieces_first(pieces), pieces->count * sizeof(struct piece));
            pieces->head = 0;
        } else if (pieces_grow(pieces) < 0) {
            return NULL;
        }
    }
    return pieces_array(pieces) + pieces->head + pieces->count;
}

static struct piece *pieces_last(struct pieces *pieces)
{
    return pieces->count > 0 ? pieces_array(pieces) + pieces->head + pieces->count - 1 : NULL;
}

// Bytes that may still be appended to the last piece's chunk. Only blocks that we alone hold have room.
static size_t pieces_room(struct pieces *pieces)
{
    const struct piece *last = pieces_last(pieces);
    if (!last || last->chunk->refs != 1 || last->chunk->room == 0) return 0;
    if (last->at + last->n != chunk_own(last->chunk) + last->chunk->length) return 0;
    return last->chunk->room - last->chunk->length;
}

uint8_t *pieces_reserve(struct pieces *pieces, struct net *net, size_t n)
{
    if (pieces_room(pieces) < n) {
        struct piece *slot = pieces_slot(pieces);
        if (!slot) return NULL;
        struct chunk *chunk = n <= NET_BLOCK ? net_block_new(net) : chunk_new(n);
        if (!chunk) return NULL;
        *slot = (struct piece){ chunk, chunk_own(chunk), 0 };
        pieces->count++;
    }
    struct chunk *chunk = pieces_last(pieces)->chunk;
    return chunk_own(chunk) + chunk->length;
}

void pieces_commit(struct pieces *pieces, size_t n)
{
    struct piece *last = pieces_last(pieces);
    CHECK(last->chunk->length + n <= last->chunk->room);
    last->chunk->length += n;
    last->n += n;
    pieces->bytes += n;
}

int pieces_write(struct pieces *pieces, struct net *net, const void *bytes, size_t n)
{
    if (n == 0) return 0;
    uint8_t *to = pieces_reserve(pieces, net, n);
    if (!to) return -1;
    memcpy(to, bytes, n);
    pieces_commit(pieces, n);
    return 0;
}

int pieces_add(struct pieces *pieces, struct chunk *chunk, size_t offset, size_t n)
{
    CHECK(offset <= chunk->length && n <= chunk->length - offset);
    if (n == 0) return 0;
    struct piece *slot = pieces_slot(pieces);
    if (!slot) return -1;
    *slot = (struct piece){ chunk_ref(chunk), chunk->bytes + offset, n };
    pieces->count++;
    pieces->bytes += n;
    return 0;
}

int pieces_move(struct pieces *to, struct pieces *from)
{
    while (from->count > 0) {
        struct piece *slot = pieces_slot(to);
        if (!slot) return -1;
        *slot = *pieces_first(from);
        to->count++;
        to->bytes += slot->n;
        from->bytes -= slot->n;
        from->head++;
        from->count--;
    }
    pieces_clear(from);
    return 0;
}

unsigned pieces_iov(const struct pieces *pieces, uv_buf_t *bufs, unsigned max, size_t *ret_bytes)
{
    const struct piece *piece = pieces_first(pieces);
    unsigned n = 0;
    size_t bytes = 0;
    for (; n < max && n < pieces->count; n++, piece++) {
        bufs[n].base = (char *)(uintptr_t)piece->at;
        bufs[n].len = piece->n;
        bytes += piece->n;
    }
    *ret_bytes = bytes;
    return n;
}

void pieces_consume(struct pieces *pieces, size_t n)
{
    CHECK(n <= pieces->bytes);
    pieces->bytes -= n;
    while (pieces->count > 0) {
        struct piece *piece = pieces_array(pieces) + pieces->head;
        if (piece->n > n) {
            piece->at += n;
            piece->n -= n;
            return;
        }
        n -= piece->n;
        chunk_unref(piece->chunk);
        pieces->head++;
        pieces->count--;
    }
    pieces_clear(pieces);
}

void pieces_clear(struct pieces *pieces)
{
    for (uint32_t i = 0; i < pieces->count; i++) chunk_unref(pieces_array(pieces)[pieces->head + i].chunk);
    base_free(pieces->heap);
    pieces->heap = NULL;
    pieces->head = pieces->count = pieces->cap = 0;
    pieces->bytes = 0;
}
