// A queue of byte ranges of chunks: what is to be written. Private to net.
//
// Embedded in its owner, zeroed at the start; pieces_clear at the end. Not to be moved by assignment.
#ifndef TODOKE_NET_PIECES_H
#define TODOKE_NET_PIECES_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include "net/chunk.h"

struct net;

struct piece {
    struct chunk *chunk; // one reference is ours
    const uint8_t *at;
    size_t n;
};

#define PIECES_INLINE 3

struct pieces {
    struct piece *heap; // NULL: `first` is used
    uint32_t head, count, cap;
    size_t bytes;
    struct piece first[PIECES_INLINE];
};

// Room for n contiguous bytes at the end of the queue: in the last block when it is ours alone and has the
// room, else in a new one. NULL: no memory. Follow by pieces_commit with at most n.
uint8_t *pieces_reserve(struct pieces *pieces, struct net *net, size_t n);
void pieces_commit(struct pieces *pieces, size_t n);

int pieces_write(struct pieces *pieces, struct net *net, const void *bytes, size_t n); // -1: no memory
int pieces_add(struct pieces *pieces, struct chunk *chunk, size_t offset, size_t n); // takes a new reference

// Moves all of `from` to the end of `to`. -1: no memory, then `from` keeps what was not moved.
int pieces_move(struct pieces *to, struct pieces *from);

unsigned pieces_iov(const struct pieces *pieces, uv_buf_t *bufs, unsigned max, size_t *ret_bytes);
void pieces_consume(struct pieces *pieces, size_t n);
void pieces_clear(struct pieces *pieces);

static inline const struct piece *pieces_first(const struct pieces *pieces)
{
    return (pieces->heap ? pieces->heap : pieces->first) + pieces->head;
}

#endif
