// Reference-counted bytes, written to many peers without copying: one live frame to a thousand
// sockets, one static asset to every browser.
//
// Owner: whoever holds a reference; `chunk_new` and friends give the first one. The bytes never change
// once the chunk has been handed to a stream. Counts are not atomic: a chunk stays on its loop.
#ifndef TODOKE_NET_CHUNK_H
#define TODOKE_NET_CHUNK_H

#include <stddef.h>
#include <stdint.h>

struct chunk {
    uint32_t refs;
    uint32_t room; // bytes behind the struct, see chunk_own; 0 when the bytes live elsewhere
    const uint8_t *bytes;
    size_t length;
    void (*release)(struct chunk *chunk); // called when the last reference goes
};

// A chunk with room for `room` bytes and length 0; the maker fills chunk_own and sets `length`. NULL: no
// memory.
struct chunk *chunk_new(size_t room);

// The room of a chunk that chunk_new made. (No flexible member: a struct chunk may be embedded.)
static inline uint8_t *chunk_own(struct chunk *chunk)
{
    return (uint8_t *)(chunk + 1);
}

// A chunk that holds a copy. NULL: no memory.
struct chunk *chunk_copy(const void *bytes, size_t length);

// Makes a chunk (embedded in a struct of the caller's) refer to bytes that live as long as the chunk does:
// release(chunk) is called with the last reference, and may be NULL for bytes that live for ever.
void chunk_init(struct chunk *chunk, const void *bytes, size_t length, void (*release)(struct chunk *chunk));

struct chunk *chunk_ref(struct chunk *chunk);
void chunk_unref(struct chunk *chunk); // accepts NULL

#endif
