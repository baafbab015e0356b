/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/hasher.h"

#define JOBS (HASHER_WAITING_MAX + 1)

struct answer {
    struct hasher_job job;
    int verdict; /* -1: none so far */
};

static uv_loop_t loop;
static struct hasher hasher;
static struct answer answers[JOBS];
static char hash[crypto_pwhash_STRBYTES];
static char last_hash[crypto_pwhash_STRBYTES];
static unsigned done;

static void on_done(struct hasher_job *job, const struct hasher_answer *said)
{
    struct answer *answer = container_of(job, struct answer, job);
    assert_int_equal(answer->verdict, -1);
    answer->verdict = (int)said->verdict;
    snprintf(last_hash, sizeof last_hash, "%s", said->hash);
    done++;
}

static int ask(size_t i, const char *password)
{
    answers[i] = (struct answer){ .job = { .done = on_done }, .verdict = -1 };
    return hasher_submit(&hasher, &answers[i].job, str_c(password), str_c(hash));
}

/* The hasher does not keep the loop alive: something else has to. */
static void on_beat(uv_timer_t *timer)
{
    (void)timer;
}

static void wait_for(unsigned n)
{
    uv_timer_t beat;
    uv_timer_init(&loop, &beat);
    uv_timer_start(&beat, on_beat, 5, 5);
    for (int turns = 0; done < n && turns < 20000; turns++) uv_run(&loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&beat, NULL);
    uv_run(&loop, UV_RUN_NOWAIT);
    assert_int_equal(done, n);
}

static pid_t child(void)
{
    char path[64];
    int pid = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &pid) != 1) pid = 0;
    if (file) fclose(file);
    return pid;
}

static void stop(pid_t pid)
{
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    kill(pid, SIGSTOP);
    for (int tries = 0; state != 'T' && tries < 5000; tries++) {
        usleep(1000);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        assert_int_equal(fscanf(file, "%*d %*s %c", &state), 1);
        fclose(file);
    }
}

static int open_hasher(void **state)
{
    (void)state;
    done = 0;
    if (sodium_init() < 0 || uv_loop_init(&loop)) return -1;
    if (crypto_pwhash_str(hash, "open sesame", 11, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN))
        return -1;
    hasher_init(&hasher, &loop);
    return 0;
}

static int close_hasher(void **state)
{
    (void)state;
    hasher_close(&hasher);
    uv_run(&loop, UV_RUN_DEFAULT);
    while (child()) usleep(1000);
    return uv_loop_close(&loop);
}

static void says_yes_and_no(void **state)
{
    (void)state;
    assert_int_equal(ask(0, "open sesame"), 0);
    assert_int_equal(ask(1, "open barley"), 0);
    assert_int_equal(ask(2, ""), 0);
    wait_for(3);
    assert_int_equal(answers[0].verdict, VERDICT_YES);
    assert_int_equal(answers[1].verdict, VERDICT_NO);
    assert_int_equal(answers[2].verdict, VERDICT_NO);
}

static void makes_a_hash(void **state)
{
    char kept[crypto_pwhash_STRBYTES];
    (void)state;
    snprintf(kept, sizeof kept, "%s", hash);
    *hash = '\0';
    assert_int_equal(ask(0, "a new one"), 0);
    wait_for(1);
    assert_int_equal(answers[0].verdict, VERDICT_YES);
    assert_int_equal(strncmp(last_hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);
    snprintf(hash, sizeof hash, "%s", last_hash);
    assert_int_equal(ask(1, "a new one"), 0);
    assert_int_equal(ask(2, "another"), 0);
    wait_for(3);
    assert_int_equal(answers[1].verdict, VERDICT_YES);
    assert_int_equal(answers[2].verdict, VERDICT_NO);
    snprintf(hash, sizeof hash, "%s", kept);
}

static void keeps_no_password(void **state)
{
    static const char zero[HASHER_PASSWORD_MAX];
    (void)state;
    assert_int_equal(ask(0, "open sesame"), 0);
    wait_for(1);
    assert_memory_equal(answers[0].job.question.password, zero, sizeof zero);
}

static void takes_only_idle_time(void **state)
{
    (void)state;
    assert_int_equal(ask(0, "open sesame"), 0);
    wait_for(1);
    assert_int_equal(sched_getscheduler(child()), SCHED_IDLE);
    assert_int_equal(getsid(child()), child());
}

static void has_a_limit(void **state)
{
    char long_one[HASHER_PASSWORD_MAX + 2];
    (void)state;
    memset(long_one, 'a', sizeof long_one - 1);
    long_one[HASHER_PASSWORD_MAX + 1] = '\0';
    assert_int_equal(ask(0, long_one), -1);
    for (size_t i = 0; i < HASHER_WAITING_MAX; i++) assert_int_equal(ask(i, "open sesame"), 0);
    assert_int_equal(ask(HASHER_WAITING_MAX, "open sesame"), -1);
    wait_for(HASHER_WAITING_MAX);
    assert_int_equal(ask(0, "open sesame"), 0);
    wait_for(HASHER_WAITING_MAX + 1);
}

static void does_not_ask_what_is_cancelled(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) assert_int_equal(ask(i, "open sesame"), 0);
    answers[1].job.cancelled = true;
    wait_for(3);
    assert_int_equal(answers[1].verdict, VERDICT_FAILED);
    assert_int_equal(answers[2].verdict, VERDICT_YES);
}

static void survives_its_death(void **state)
{
    pid_t before = child();
    (void)state;
    stop(before); /* so that it dies with a question in hand */
    assert_int_equal(ask(0, "open sesame"), 0);
    assert_int_equal(ask(1, "open sesame"), 0);
    kill(before, SIGKILL);
    wait_for(2);
    assert_int_equal(answers[0].verdict, VERDICT_FAILED);
    assert_int_equal(answers[1].verdict, VERDICT_YES);
    assert_int_not_equal(child(), before);
    kill(child(), SIGKILL); /* nobody has heard of it yet */
    while (child()) usleep(1000);
    assert_int_equal(ask(0, "open sesame"), 0);
    wait_for(3);
    assert_int_equal(answers[0].verdict, VERDICT_YES);
}

static void fails_what_is_left_at_the_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) assert_int_equal(ask(i, "open sesame"), 0);
    hasher_close(&hasher);
    assert_int_equal(done, 3);
    for (size_t i = 0; i < 3; i++) assert_int_equal(answers[i].verdict, VERDICT_FAILED);
    assert_int_equal(ask(0, "open sesame"), -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_hasher, close_hasher)
    const struct CMUnitTest tests[] = {
        TEST(says_yes_and_no),    TEST(makes_a_hash),
        TEST(keeps_no_password),  TEST(takes_only_idle_time),
        TEST(has_a_limit),        TEST(does_not_ask_what_is_cancelled),
        TEST(survives_its_death), TEST(fails_what_is_left_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
