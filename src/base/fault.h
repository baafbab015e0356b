/* Fault points: places that can be told to fail, so that tests reach every error path.
 *
 * TODOKE_FAULTS="db.send:3,arena.alloc:17+" makes the 3rd call of db.send fail, and the 17th and all later
 * ones of arena.alloc. Calls are counted per name over the process, from the moment of arming. Compiled in
 * always; one predictable branch when nothing is armed. A point must be free to fail: the code around it
 * takes the path it takes when the real operation fails.
 *
 * Every allocation of base goes through base_alloc & co. below and so through the point "alloc". */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault_point;

extern bool fault_armed; /* anything armed? written only by fault_arm */

/* Reads TODOKE_FAULTS. Every program does this before main; main may call it again to learn whether the text
 * is good (the counts restart). 0, or -1 when it can't be read: nothing is armed then. */
int fault_init(void);

/* Replaces what is armed by `spec` (the format above; NULL or "" = nothing) and restarts all counts. For
 * tests: not while other threads are running through fault points. 0, or -1 for a malformed spec or too many
 * names. */
int fault_arm(const char *spec);

/* The calls counted on a point since arming (tests: how many allocations does this path make?).
 * Counts only while something is armed; arm "alloc:0" to count without failing. */
uint64_t fault_calls(const char *name);

struct fault_point *fault_point_find(const char *name);
bool fault_point_hit(struct fault_point *point);

/* True when this call is to fail. `name` is a literal; the call site remembers its point. */
#define fault_hit(name)                                                                                      \
    (__builtin_expect(fault_armed, 0) && __extension__({                                                     \
         static struct fault_point *_Atomic fault_site_;                                                     \
         struct fault_point *fault_p_ = fault_site_;                                                         \
         if (!fault_p_) fault_site_ = fault_p_ = fault_point_find(name);                                     \
         fault_point_hit(fault_p_);                                                                          \
     }))

/* malloc, calloc, realloc through the fault point "alloc": NULL on failure. Free with base_free (= free;
 * named so that it can be given as a callback). The layers above use these, or arenas, slabs and bufs. */
void *base_alloc(size_t n) __attribute__((malloc, alloc_size(1)));
void *base_zalloc(size_t n) __attribute__((malloc, alloc_size(1)));
void *base_realloc(void *p, size_t n) __attribute__((alloc_size(2)));
void base_free(void *p);

#endif
