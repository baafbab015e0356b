// A listening socket whose connections go to an HTTP server.
//
// Owner: the app. Accepts in batches; when the process is out of file descriptors it sheds what is queued
// with a reserve descriptor and pauses for 100 ms, so it never spins; over the server's connection limit it
// stops accepting and leaves the rest in the kernel's backlog until a connection ends.
#ifndef TODOKE_NET_LISTENER_H
#define TODOKE_NET_LISTENER_H

#include <stdint.h>
#include "net/net.h"

struct http_server;
struct listener;
struct tls;

// Opens a listening TCP socket for the supervisor: SO_REUSEPORT, SO_REUSEADDR, backlog 4096, non-blocking,
// inherited by children (no CLOEXEC, by choice). `host` is a numeric address ("127.0.0.1", "::", "0.0.0.0").
// Returns 0 and writes *ret_fd, or -errno. Needs no loop. The caller closes the descriptor.
int net_listen_socket(const char *host, uint16_t port, int *ret_fd);

// The port that a listening descriptor is bound to (for port 0), or -errno.
int net_socket_port(int fd);

// Accepts on `fd`, which stays the caller's: neither stop nor free closes it.
// `tls` may be NULL (plain); it is asked for its context at every connection, so a reload is picked up.
// NULL: no memory, or the descriptor can't be watched.
struct listener *listener_open(struct net *net, int fd, struct tls *tls, struct http_server *server);

// Stops accepting (for drain). What is queued in the kernel stays there for the next worker.
void listener_stop(struct listener *listener);

// Accepts again after listener_stop. 0 or -errno.
int listener_start(struct listener *listener);

void listener_free(struct listener *listener); // accepts NULL; the struct goes when libuv has let go

#endif
