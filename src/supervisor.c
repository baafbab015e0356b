#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/listener.h"
#include "shared.h"

#define READY_WITHIN_NS (15 * 1000000000ULL)
#define LIVED_LONG_NS   (5 * 1000000000ULL)
#define BACKOFF_MAX_NS  (2 * 1000000000ULL)
#define BACKOFF_MIN_NS  (50 * 1000000ULL)
#define DRAINING_MAX    256
#define SEAT_NUMBERS    5

/* A slot's process:
 *
 *   EMPTY --start--> STARTING --ready--> SERVING --(SIGHUP)--> a second process STARTING beside it
 *     ^                 |                   |                        |
 *     +---back-off------+-------died--------+                        +--ready--> the first one drains
 */
struct process {
    pid_t pid; /* 0: none */
    int ready_fd;
    uint64_t started; /* ns */
    int metrics;      /* its slot in the counters */
    bool ready;
};

struct slot {
    int listen_fd;
    struct process serving, next;
    uint64_t retry_at, backoff; /* ns */
};

struct supervisor {
    struct slot *slots;
    int workers, shared_fd, signals;
    int rolling; /* the slot being replaced; -1: none */
    bool roll_again, stopping, ever_served;
    int children, status;
    struct process draining[DRAINING_MAX]; /* told to end, not yet gone; pid 0: a free place */
    uint64_t kill_at;
    uint64_t drain_ns;
    char **argv;
    int argc;
    const char *program;
};

int worker_seat_parse(struct worker_seat *seat, int argc, char **argv)
{
    int *const fields[] = { &seat->slot, &seat->listen_fd, &seat->shared_fd, &seat->metrics,
                            &seat->ready_fd };
    if (argc != SEAT_NUMBERS) return -1;
    for (int i = 0; i < SEAT_NUMBERS; i++) {
        char *end;
        long n = strtol(argv[i], &end, 10);
        if (*end || end == argv[i] || n < 0 || n > 1 << 20) return -1;
        *fields[i] = (int)n;
    }
    return 0;
}

/* In the child: the command line becomes `program worker SLOT LISTEN SHARED METRICS READY <the flags of
 * serve>`. */
static void worker_exec(const struct supervisor *s, int slot, int metrics, int ready_fd)
{
    char numbers[SEAT_NUMBERS][16];
    const int values[] = { slot, s->slots[slot].listen_fd, s->shared_fd, metrics, ready_fd };
    char **argv = calloc((size_t)s->argc + 8, sizeof *argv);
    if (!argv) _exit(1);
    int n = 0;
    argv[n++] = s->argv[0];
    argv[n++] = (char[]){ "worker" };
    for (int i = 0; i < SEAT_NUMBERS; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%d", values[i]);
        argv[n++] = numbers[i];
    }
    for (int i = 2; i < s->argc; i++) argv[n++] = s->argv[i];
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    fcntl(s->slots[slot].listen_fd, F_SETFD, 0);
    fcntl(s->shared_fd, F_SETFD, 0);
    fcntl(ready_fd, F_SETFD, 0);
    execv(s->program, argv);
    _exit(127);
}

static int process_start(struct supervisor *s, int slot, struct process *process)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return -1;
    /* Not the one of the process that it stands beside. */
    int metrics =
        s->slots[slot].serving.pid && s->slots[slot].serving.metrics == slot ? slot + s->workers : slot;
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) _exit(1);
        worker_exec(s, slot, metrics, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -1;
    }
    s->children++;
    *process =
        (struct process){ .pid = pid, .ready_fd = ends[0], .started = clock_now_ns(), .metrics = metrics };
    log_info("worker.start", LOG_I("slot", slot), LOG_I("worker", pid));
    return 0;
}

static void slot_start(struct supervisor *s, int i)
{
    struct slot *slot = &s->slots[i];
    if (process_start(s, i, &slot->serving) == 0) return;
    log_error("worker.start_failed", LOG_I("slot", i), LOG_I("errno", errno));
    slot->retry_at = clock_now_ns() + BACKOFF_MAX_NS;
}

static void process_forget(struct process *process)
{
    if (process->ready_fd >= 0) close(process->ready_fd);
    *process = (struct process){ .ready_fd = -1 };
}

/* Remembers it, so that the last deadline can end it. */
static void process_drain(struct supervisor *s, const struct process *process)
{
    if (process->pid <= 0) return;
    kill(process->pid, SIGTERM);
    for (int i = 0; i < DRAINING_MAX; i++) {
        if (s->draining[i].pid) continue;
        s->draining[i] = *process;
        break;
    }
}

static void process_signal(const struct process *process, int signal)
{
    if (process->pid > 0) kill(process->pid, signal);
}

/* ---- rolling restart ---- */

static void roll_to(struct supervisor *s, int slot)
{
    for (; slot < s->workers; slot++)
        if (s->slots[slot].serving.pid && process_start(s, slot, &s->slots[slot].next) == 0) break;
    s->rolling = slot < s->workers ? slot : -1;
    if (s->rolling >= 0) return;
    log_info("restart.done", LOG_I("workers", s->workers));
    if (!s->roll_again) return;
    s->roll_again = false;
    roll_to(s, 0);
}

static void roll_begin(struct supervisor *s)
{
    if (s->stopping) return;
    if (s->rolling >= 0)
        s->roll_again = true;
    else
        roll_to(s, 0);
}

/* The old process keeps the connections it has until they end; the new one takes all that come. */
static void roll_next_ready(struct supervisor *s, struct slot *slot)
{
    process_drain(s, &slot->serving);
    process_forget(&slot->serving);
    slot->serving = slot->next;
    slot->next = (struct process){ .ready_fd = -1 };
    roll_to(s, s->rolling + 1);
}

static void roll_next_failed(struct supervisor *s, struct slot *slot)
{
    log_error("restart.failed", LOG_I("slot", s->rolling), LOG_S("kept", "the running workers"));
    process_forget(&slot->next);
    s->rolling = -1;
    s->roll_again = false;
}

/* ---- what happens to processes ---- */

static void stop_begin(struct supervisor *s, int status)
{
    if (s->stopping) return;
    s->stopping = true;
    s->status = status;
    s->kill_at = clock_now_ns() + s->drain_ns;
    for (int i = 0; i < s->workers; i++) {
        process_drain(s, &s->slots[i].serving);
        process_drain(s, &s->slots[i].next);
    }
}

static void serving_died(struct supervisor *s, struct slot *slot, int status)
{
    bool refused = WIFEXITED(status) && WEXITSTATUS(status) == WORKER_REFUSES;
    uint64_t now = clock_now_ns();
    bool lived = now - slot->serving.started > LIVED_LONG_NS;
    process_forget(&slot->serving);
    if (refused && !s->ever_served) {
        stop_begin(s, 1);
        return;
    }
    slot->backoff = lived ? 0 : slot->backoff ? slot->backoff * 2 : BACKOFF_MIN_NS;
    if (slot->backoff > BACKOFF_MAX_NS) slot->backoff = BACKOFF_MAX_NS;
    slot->retry_at = now + slot->backoff;
}

static void child_died(struct supervisor *s, pid_t pid, int status)
{
    s->children--;
    for (int i = 0; i < DRAINING_MAX; i++) {
        if (s->draining[i].pid != pid) continue;
        metrics_slot_ended((unsigned)s->draining[i].metrics);
        s->draining[i].pid = 0;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    log_info("worker.end", LOG_I("worker", pid), LOG_I("status", code));
    for (int i = 0; i < s->workers; i++) {
        struct slot *slot = &s->slots[i];
        if (slot->serving.pid == pid) {
            if (!s->stopping) metric_inc(METRIC_WORKER_RESTARTS);
            metrics_slot_ended((unsigned)slot->serving.metrics);
            serving_died(s, slot, status);
        } else if (slot->next.pid == pid) {
            roll_next_failed(s, slot);
        }
    }
}

static void process_ready(struct supervisor *s, struct slot *slot, struct process *process)
{
    char byte;
    ssize_t n = read(process->ready_fd, &byte, 1);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    close(process->ready_fd);
    process->ready_fd = -1;
    if (n != 1) return; /* it died: SIGCHLD tells */
    process->ready = true;
    s->ever_served = true;
    if (process == &slot->next) roll_next_ready(s, slot);
}

static void signals_read(struct supervisor *s)
{
    struct signalfd_siginfo info;
    while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        int status;
        pid_t pid;
        if (info.ssi_signo == SIGHUP) roll_begin(s);
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) stop_begin(s, 0);
        if (info.ssi_signo == SIGCHLD)
            while ((pid = waitpid(-1, &status, WNOHANG)) > 0) child_died(s, pid, status);
    }
}

static void deadlines(struct supervisor *s)
{
    uint64_t now = clock_now_ns();
    for (int i = 0; i < s->workers; i++) {
        struct slot *slot = &s->slots[i];
        if (!s->stopping && !slot->serving.pid && now >= slot->retry_at) slot_start(s, i);
        if (slot->next.pid && now - slot->next.started > READY_WITHIN_NS)
            process_signal(&slot->next, SIGKILL);
    }
    if (!s->stopping || now < s->kill_at) return;
    for (int i = 0; i < DRAINING_MAX; i++) process_signal(&s->draining[i], SIGKILL);
}

static void wait_once(struct supervisor *s, struct pollfd *fds)
{
    fds[0] = (struct pollfd){ .fd = s->signals, .events = POLLIN };
    for (int i = 0; i < s->workers; i++) {
        fds[1 + 2 * i] = (struct pollfd){ .fd = s->slots[i].serving.ready_fd, .events = POLLIN };
        fds[2 + 2 * i] = (struct pollfd){ .fd = s->slots[i].next.ready_fd, .events = POLLIN };
    }
    if (poll(fds, (nfds_t)(1 + 2 * s->workers), 50) <= 0) return;
    for (int i = 0; i < s->workers; i++) {
        struct slot *slot = &s->slots[i];
        if (fds[1 + 2 * i].revents) process_ready(s, slot, &slot->serving);
        if (fds[2 + 2 * i].revents) process_ready(s, slot, &slot->next);
    }
    if (fds[0].revents) signals_read(s);
}

static int supervisor_open(struct supervisor *s, const struct config *config)
{
    const char *listen = config_text(config, CONFIG_LISTEN);
    s->shared_fd = shared_create((unsigned)s->workers);
    struct shared_memory *memory = s->shared_fd < 0 ? NULL : shared_map(s->shared_fd);
    if (!memory) return -1;
    metrics_attach(memory->metrics, SHARED_SLOTS((unsigned)s->workers), SHARED_SLOTS((unsigned)s->workers));
    char host[256];
    uint16_t port;
    if (config_address(listen, host, sizeof host, &port)) return -1;
    for (int i = 0; i < s->workers; i++) {
        struct slot *slot = &s->slots[i];
        slot->serving.ready_fd = slot->next.ready_fd = -1;
        int rc = net_listen_socket(host, port, &slot->listen_fd);
        if (rc) {
            fprintf(stderr, "todoke: cannot listen on %s: %s\n", listen, strerror(-rc));
            return -1;
        }
        fcntl(slot->listen_fd, F_SETFD, FD_CLOEXEC); /* a worker gets its own only */
        if (port == 0) port = (uint16_t)net_socket_port(slot->listen_fd);
    }
    sigset_t set;
    sigemptyset(&set);
    const int wanted[] = { SIGCHLD, SIGHUP, SIGTERM, SIGINT };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) sigaddset(&set, wanted[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? -1 : 0;
}

static const char *program_path(const char *word)
{
    static char path[4096];
    if (strchr(word, '/') && realpath(word, path)) return path;
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n < 0) return word;
    path[n] = '\0';
    return path;
}

int supervisor_run(const struct config *config, int argc, char **argv)
{
    struct supervisor s = { .workers = (int)config_number(config, CONFIG_WORKERS),
                            .rolling = -1,
                            .argc = argc,
                            .argv = argv,
                            .program = program_path(argv[0]),
                            .drain_ns =
                                (uint64_t)(config_number(config, CONFIG_DRAIN_SECONDS) + 3) * 1000000000ULL };
    s.slots = calloc((size_t)s.workers, sizeof *s.slots);
    struct pollfd *fds = calloc((size_t)(1 + 2 * s.workers), sizeof *fds);
    if (!s.slots || !fds || supervisor_open(&s, config)) return 1;
    for (int i = 0; i < s.workers; i++) slot_start(&s, i);
    while (!s.stopping || s.children > 0) {
        wait_once(&s, fds);
        deadlines(&s);
    }
    free(fds);
    free(s.slots);
    return s.status;
}
