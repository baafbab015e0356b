#include "engine/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"

#define LEAST_NICE "19"
#define SLICE_NS   100000ULL

/* ---- the process ---- */

/* OWASP's least for argon2id: 19 MiB, two passes. */
#define NEW_HASH_PASSES 2
#define NEW_HASH_MEMORY (19u * 1024 * 1024)

static enum verdict judge(const struct hasher_question *question, char ret_hash[crypto_pwhash_STRBYTES])
{
    errno = 0;
    if (!*question->hash) {
        int failed = crypto_pwhash_str_alg(ret_hash, question->password, question->n, NEW_HASH_PASSES,
                                           NEW_HASH_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
        return failed ? VERDICT_FAILED : VERDICT_YES;
    }
    if (crypto_pwhash_str_verify(question->hash, question->password, question->n) == 0) return VERDICT_YES;
    return errno == ENOMEM ? VERDICT_FAILED : VERDICT_NO;
}

/* The session's group counts first, and takes a new weight of an unprivileged process at most ten times a
 * second, whoever asks. */
static void group_be_least(void)
{
    setsid();
    int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    for (int tries = 0; fd >= 0 && tries < 20; tries++) {
        if (write(fd, LEAST_NICE, sizeof LEAST_NICE - 1) > 0 || errno != EAGAIN) break;
        usleep(110000);
    }
    if (fd >= 0) close(fd);
}

/* Whatever a kernel does not know is left out. Idle: whoever wakes up takes the processor at once; where
 * groups share it, he waits for the end of a slice, so that is as short as Linux grants it (6.12). */
static void be_last(void)
{
    const struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t slice, unused[2];
    } other = { .size = 48, .policy = SCHED_OTHER, .slice = SLICE_NS };
    const struct sched_param idle = { 0 };
    group_be_least();
    syscall(SYS_sched_setattr, 0, &other, 0);
    sched_setscheduler(0, SCHED_IDLE, &idle);
}

_Noreturn static void hasher_main(int fd, pid_t worker)
{
    struct hasher_question question;
    sigset_t none;
    sigemptyset(&none);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_NAME, "todoke-hasher");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != worker) _exit(0);
    be_last();
    dup2(fd, STDERR_FILENO + 1);
    fd = STDERR_FILENO + 1;
    close_range((unsigned)fd + 1, ~0U, 0);
    while (recv(fd, &question, sizeof question, 0) == (ssize_t)sizeof question) {
        struct hasher_answer answer = { 0 };
        answer.verdict = judge(&question, answer.hash);
        sodium_memzero(&question, sizeof question);
        if (send(fd, &answer, sizeof answer, MSG_NOSIGNAL) != (ssize_t)sizeof answer) break;
    }
    _exit(0);
}

/* ---- the worker's side ---- */

struct hasher_process {
    uv_poll_t poll;
    int fd;
    struct hasher *hasher;
};

static void hasher_on_answer(uv_poll_t *poll, int status, int events);

static void process_on_closed(uv_handle_t *handle)
{
    struct hasher_process *process = handle->data;
    close(process->fd);
    base_free(process);
}

static void process_end(struct hasher *hasher)
{
    if (hasher->process) uv_close((uv_handle_t *)&hasher->process->poll, process_on_closed);
    hasher->process = NULL;
}

/* Signals wait meanwhile: the worker's handlers must not run over there. */
static pid_t process_fork(int fd)
{
    sigset_t all, before;
    pid_t worker = getpid();
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) hasher_main(fd, worker);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

static int process_start(struct hasher *hasher)
{
    int ends[2];
    if (hasher->process) return 0;
    if (hasher->closing) return -1;
    struct hasher_process *process = base_zalloc(sizeof *process);
    if (!process) return -1;
    /* Packets: a question comes whole or not at all. */
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
        base_free(process);
        return -1;
    }
    pid_t pid = process_fork(ends[1]);
    close(ends[1]);
    if (pid < 0 || uv_poll_init(hasher->loop, &process->poll, ends[0])) {
        close(ends[0]);
        base_free(process);
        return -1;
    }
    process->fd = ends[0];
    process->hasher = hasher;
    process->poll.data = process;
    uv_poll_start(&process->poll, UV_READABLE, hasher_on_answer);
    uv_unref((uv_handle_t *)&process->poll);
    hasher->process = process;
    return 0;
}

static void job_done(struct hasher *hasher, struct hasher_job *job, const struct hasher_answer *answer)
{
    hasher->outstanding--;
    job->done(job, answer);
}

static void job_failed(struct hasher *hasher, struct hasher_job *job)
{
    job_done(hasher, job, &(struct hasher_answer){ .verdict = VERDICT_FAILED });
}

/* A hasher that does not take the question has died: its end is on the way, and the job waits for the next
 * one. */
static void ask_next(struct hasher *hasher)
{
    while (hasher->process && !hasher->asked && !list_empty(&hasher->waiting)) {
        struct hasher_job *job = LIST_POP(&hasher->waiting, struct hasher_job, link);
        if (job->cancelled) {
            job_failed(hasher, job);
            continue;
        }
        int fd = hasher->process->fd;
        if (send(fd, &job->question, sizeof job->question, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
            list_prepend(&hasher->waiting, &job->link);
            shutdown(fd, SHUT_RDWR);
            return;
        }
        sodium_memzero(&job->question, sizeof job->question);
        hasher->asked = job;
    }
}

static void fail_waiting(struct hasher *hasher)
{
    while (!list_empty(&hasher->waiting))
        job_failed(hasher, LIST_POP(&hasher->waiting, struct hasher_job, link));
}

static void hasher_died(struct hasher *hasher)
{
    struct hasher_job *asked = hasher->asked;
    hasher->asked = NULL;
    process_end(hasher);
    log_warn("hasher.died", LOG_U("waiting", hasher->outstanding));
    if (process_start(hasher))
        fail_waiting(hasher);
    else
        ask_next(hasher);
    if (asked) job_failed(hasher, asked);
}

static void hasher_on_answer(uv_poll_t *poll, int status, int events)
{
    struct hasher_process *process = poll->data;
    struct hasher *hasher = process->hasher;
    struct hasher_job *job = hasher->asked;
    struct hasher_answer answer;
    (void)status, (void)events;
    ssize_t n = recv(process->fd, &answer, sizeof answer, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n != (ssize_t)sizeof answer || !job) {
        hasher_died(hasher);
        return;
    }
    hasher->asked = NULL;
    ask_next(hasher);
    job_done(hasher, job, &answer);
}

void hasher_init(struct hasher *hasher, uv_loop_t *loop)
{
    *hasher = (struct hasher){ .loop = loop };
    list_init(&hasher->waiting);
    signal(SIGCHLD, SIG_IGN);
    if (process_start(hasher)) log_warn("hasher.start_failed", LOG_I("errno", errno));
}

void hasher_close(struct hasher *hasher)
{
    struct hasher_job *asked = hasher->asked;
    hasher->closing = true;
    hasher->asked = NULL;
    process_end(hasher);
    fail_waiting(hasher);
    if (asked) job_failed(hasher, asked);
}

int hasher_submit(struct hasher *hasher, struct hasher_job *job, struct str password, struct str hash)
{
    struct hasher_question *question = &job->question;
    if (hasher->outstanding >= HASHER_WAITING_MAX) return -1;
    if (password.n > sizeof question->password || hash.n >= sizeof question->hash) return -1;
    if (process_start(hasher)) return -1;
    memcpy(question->hash, hash.at, hash.n);
    question->hash[hash.n] = '\0';
    if (password.n) memcpy(question->password, password.at, password.n);
    question->n = password.n;
    hasher->outstanding++;
    list_append(&hasher->waiting, &job->link);
    ask_next(hasher);
    return 0;
}
