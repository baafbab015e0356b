// The BIO under every connection: no buffers of its own, it points into those of the loop.
#include <string.h>

#include "net/tls_private.h"

static int bio_read(BIO *bio, char *to, int room)
{
    struct tls_io *io = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (io->in_n == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t n = (size_t)room < io->in_n ? (size_t)room : io->in_n;
    memcpy(to, io->in, n);
    io->in += n;
    io->in_n -= n;
    return (int)n;
}

static int bio_write(BIO *bio, const char *from, int length)
{
    struct tls_io *io = BIO_get_data(bio);
    size_t room = io->out_room - io->out_n;
    BIO_clear_retry_flags(bio);
    if (room == 0) {
        BIO_set_retry_write(bio);
        return -1;
    }
    size_t n = (size_t)length < room ? (size_t)length : room;
    memcpy(io->out + io->out_n, from, n);
    io->out_n += n;
    return (int)n;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

BIO *tls_bio_new(struct tls_io *io)
{
    static BIO_METHOD *method; // for the life of the process
    if (!method) {
        BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "todoke loop");
        if (!made) return NULL;
        BIO_meth_set_read(made, bio_read);
        BIO_meth_set_write(made, bio_write);
        BIO_meth_set_ctrl(made, bio_ctrl);
        method = made;
    }
    BIO *bio = BIO_new(method);
    if (!bio) return NULL;
    BIO_set_data(bio, io);
    BIO_set_init(bio, 1);
    return bio;
}
