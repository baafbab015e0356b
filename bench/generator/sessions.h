/* The sessions that `todoke seed --sessions N FILE` made: one JSON object per line,
 * {"token","role":"guardian|teacher|office|board","account_id","school_id","class_id","student_ids":[...]}.
 *
 * Owner: struct bench. Everything lives until sessions_done. */
#ifndef BENCH_SESSIONS_H
#define BENCH_SESSIONS_H

#include <stddef.h>
#include <stdint.h>

enum role { ROLE_GUARDIAN, ROLE_TEACHER, ROLE_OFFICE, ROLE_BOARD, ROLES };

struct session {
    char *token;
    enum role role;
    size_t token_size;
    uint64_t account_id;
    uint64_t school_id, class_id; /* 0 = none */
    uint64_t *students;
    size_t student_count;
};

struct sessions {
    struct session *all;
    size_t count, room;
    size_t by_role[ROLES];
    uint64_t first_guardian; /* the smallest account of one: the seed calls it g000001 */
};

/* 0, or -1 with a line on stderr (never the token). */
int sessions_load(struct sessions *sessions, const char *path);
void sessions_done(struct sessions *sessions);
/* The next session of the role from *cursor (starts at 0) on, NULL after the last. */
const struct session *sessions_next(const struct sessions *sessions, enum role role, size_t *cursor);

#endif
