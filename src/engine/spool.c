#include "engine/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/reply.h"

/*   idle -> reading (uv_fs_read, into the next piece) -> idle ...
 *   over while idle: closed at once; over while reading: when the reading has come back */
struct sending {
    struct http_source source;
    uv_loop_t *loop;
    uv_fs_t fs;
    struct chunk *piece; /* being read */
    uint64_t offset, until_ns;
    unsigned *count;
    int fd;
    bool over;
};

const char *spool_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/var/tmp";
}

int spool_open(void)
{
    return fault_hit("spool.open") ? -1 : open(spool_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

static void on_closed(uv_fs_t *fs)
{
    uv_fs_req_cleanup(fs);
    base_free(fs->data);
}

/* Its pages go with it: not on the loop. */
static void sending_free(struct sending *sending)
{
    sending->fs.data = sending;
    if (uv_fs_close(sending->loop, &sending->fs, sending->fd, on_closed) == 0) return;
    close(sending->fd);
    base_free(sending);
}

static void on_over(struct http_source *source)
{
    struct sending *sending = container_of(source, struct sending, source);
    sending->over = true;
    --*sending->count;
    if (!sending->piece) sending_free(sending);
}

static void on_read(uv_fs_t *fs)
{
    struct sending *sending = fs->data;
    struct chunk *piece = sending->piece;
    ssize_t n = fs->result;
    uv_fs_req_cleanup(fs);
    sending->piece = NULL;
    if (sending->over) {
        sending_free(sending);
    } else if (n <= 0) {
        log_error("spool.read", LOG_S("why", n < 0 ? uv_strerror((int)n) : "shorter than it was"));
        http_source_fail(&sending->source);
    } else {
        piece->length = (size_t)n;
        sending->offset += (uint64_t)n;
        http_source_give(&sending->source, piece);
    }
    chunk_unref(piece);
}

static void on_wanted(struct http_source *source)
{
    struct sending *sending = container_of(source, struct sending, source);
    uint64_t left = source->length - sending->offset;
    size_t n = left < SPOOL_PIECE ? (size_t)left : SPOOL_PIECE;
    sending->piece = clock_now_ns() > sending->until_ns ? NULL : chunk_new(n);
    if (!sending->piece) {
        http_source_fail(source);
        return;
    }
    uv_buf_t to = uv_buf_init((char *)chunk_own(sending->piece), (unsigned)n);
    sending->fs.data = sending;
    if (uv_fs_read(sending->loop, &sending->fs, sending->fd, &to, 1, (int64_t)sending->offset, on_read) == 0)
        return;
    chunk_unref(sending->piece);
    sending->piece = NULL;
    http_source_fail(source);
}

void spool_reply(struct request *rq, const char *type, struct str name, int fd, unsigned *count)
{
    struct stat stat;
    struct sending *sending = base_zalloc(sizeof *sending);
    if (!sending || fstat(fd, &stat) < 0) {
        base_free(sending);
        close(fd);
        --*count;
        reply_problem(rq, "busy");
        return;
    }
    *sending = (struct sending){
        .source = { .length = (uint64_t)stat.st_size, .wanted = on_wanted, .over = on_over },
        .loop = rq->engine->options.loop,
        .until_ns = clock_now_ns() + SPOOL_SEND_MS * NS_PER_MS,
        .count = count,
        .fd = fd
    };
    reply_source(rq, type, name, &sending->source);
}
