#include "net/chunk.h"

#include <string.h>

#include "base/fault.h"

static void chunk_free(struct chunk *chunk)
{
    base_free(chunk);
}

struct chunk *chunk_new(size_t room)
{
    if (room > UINT32_MAX) return NULL;
    struct chunk *chunk = base_alloc(sizeof *chunk + room);
    if (!chunk) return NULL;
    chunk_init(chunk, chunk_own(chunk), 0, chunk_free);
    chunk->room = (uint32_t)room;
    return chunk;
}

struct chunk *chunk_copy(const void *bytes, size_t length)
{
    struct chunk *chunk = chunk_new(length);
    if (!chunk) return NULL;
    if (length > 0) memcpy(chunk_own(chunk), bytes, length);
    chunk->length = length;
    return chunk;
}

void chunk_init(struct chunk *chunk, const void *bytes, size_t length, void (*release)(struct chunk *chunk))
{
    *chunk = (struct chunk){ .refs = 1, .bytes = bytes, .length = length, .release = release };
}

struct chunk *chunk_ref(struct chunk *chunk)
{
    chunk->refs++;
    return chunk;
}

void chunk_unref(struct chunk *chunk)
{
    if (!chunk || --chunk->refs > 0) return;
    if (chunk->release) chunk->release(chunk);
}
