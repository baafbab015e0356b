/* Passwords are checked, and new ones hashed, one after another by a process of the worker's own, the hasher,
 * which gets only the time that nobody else wants. Why not by a thread: Linux divides the processor among
 * sessions (autogroup) before it looks at a thread's priority, so the least of the worker's threads still
 * takes PostgreSQL's turn.
 *
 *   GONE --job--> RESTING --job--> ASKED --answer--> RESTING
 *     ^              |               |
 *     +---- died ----+---------------+ (the job in hand has failed; the next one has a new hasher)
 *
 * The hasher ends with its worker, whatever that ends by. */
#ifndef ENGINE_HASHER_H
#define ENGINE_HASHER_H

#include <sodium.h>
#include <stdbool.h>
#include <uv.h>

#include "base/list.h"
#include "base/str.h"

#define HASHER_WAITING_MAX  128
#define HASHER_PASSWORD_MAX 1024

enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_FAILED };

struct hasher_question {
    char hash[crypto_pwhash_STRBYTES]; /* empty: make one */
    char password[HASHER_PASSWORD_MAX];
    size_t n;
};

struct hasher_answer {
    enum verdict verdict;              /* YES also when a hash was made */
    char hash[crypto_pwhash_STRBYTES]; /* of a new password; else empty */
};

/* The caller's until done. Cancelled: nobody wants to know any more; it costs nothing if it has not been
 * asked. */
struct hasher_job {
    struct list link;
    struct hasher_question question; /* wiped when it has been asked */
    bool cancelled;
    /* on the loop, exactly once; the answer is gone when it returns */
    void (*done)(struct hasher_job *job, const struct hasher_answer *answer);
};

struct hasher_process;

struct hasher {
    uv_loop_t *loop;
    struct hasher_process *process; /* null: GONE */
    struct hasher_job *asked;       /* null: RESTING */
    struct list waiting;
    unsigned outstanding;
    bool closing;
};

/* From now on nobody else of this program may wait for children: they are not kept. A hasher that cannot be
 * started now is started by the first job. */
void hasher_init(struct hasher *hasher, uv_loop_t *loop);
/* Every job that is left is done, as failed. May be called twice. */
void hasher_close(struct hasher *hasher);
/* Does `password` make the argon2id `hash`? Or, when that is empty: which hash does it make? Returns 0, or -1
 * when the queue is full, the password is too long or there is no hasher: done is not called. */
int hasher_submit(struct hasher *hasher, struct hasher_job *job, struct str password, struct str hash);

#endif
