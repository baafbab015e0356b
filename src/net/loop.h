// The inside of struct net: shared by the files of this layer only.
#ifndef TODOKE_NET_LOOP_H
#define TODOKE_NET_LOOP_H

#include <openssl/ssl.h>
#include "base/list.h"
#include "base/slab.h"
#include "net/chunk.h"
#include "net/net.h"
#include "net/timeout.h"

#define NET_BLOCK       4000u       // bytes in a block: small writes are collected in these
#define NET_BLOCKS_KEPT 512u        // spare blocks (2 MiB)
#define NET_READ_BUFFER (64u << 10) // one read(2)
#define NET_WIRE_BUFFER (68u << 10) // four full TLS records and some
#define NET_HELLOS      8u          // TLS handshakes begun in a turn of the loop
#define NET_CROWD       64u         // so many waiting: a rush
#define TLS_RECORD      16384u      // plain bytes in a record, RFC 8446 section 5.1
#define TLS_SHORT       4096u       // what is not longer is encrypted together with others'
#define TLS_TOGETHER    16u         // so many at most

struct block;

// What the shared BIO reads from and writes to while one stream is being served.
struct tls_io {
    const uint8_t *in;
    size_t in_n;
    uint8_t *out;
    size_t out_n, out_room;
};

struct net {
    uv_loop_t *loop;
    uv_check_t check;     // flushes after the poll phase
    uv_prepare_t prepare; // and before it, for what timers wrote
    uv_idle_t idle;       // keeps the poll from sleeping while a flush is left over
    unsigned refs;        // the owner, and every handle that libuv still has of us
    struct wheel wheel;
    struct list dirty;  // streams with something to flush
    struct list hellos; // TLS streams whose first bytes have not been asked for yet, in the order of arrival
    unsigned hellos_n;
    struct slab streams;
    size_t blocks_spare;
    struct block *blocks;
    BIO *bio;
    struct tls_io io;
    char date[32]; // IMF-fixdate of `date_s`
    int64_t date_s;
    struct net_counters counters;
    uint8_t read[NET_READ_BUFFER];
    uint8_t plain[TLS_RECORD];
    uint8_t wire[NET_WIRE_BUFFER];
    uint8_t sealed[NET_WIRE_BUFFER]; // of several streams, between encryption and sending
};

// libuv's handles end later than their owners: the last one to go frees the memory.
void net_ref(struct net *net);
void net_unref(struct net *net);

void net_timed_out(struct net *net); // counts

// An empty chunk with NET_BLOCK bytes of room, from the spare ones. NULL: no memory.
struct chunk *net_block_new(struct net *net);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7), made once a second. 29 bytes.
#define NET_DATE_BYTES 29
const char *net_date(struct net *net);

#endif
