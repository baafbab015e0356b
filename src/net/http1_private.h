// The inside of the HTTP server: http1_server.c (all connections), http1_conn.c (one), http1_reply.c
// (answers).
#ifndef TODOKE_NET_HTTP1_PRIVATE_H
#define TODOKE_NET_HTTP1_PRIVATE_H

#include "base/list.h"
#include "base/sm.h"
#include "net/http1_parse.h"
#include "net/loop.h"
#include "net/pieces.h"
#include "net/stream.h"
#include "net/tls.h"

struct http_server {
    struct net *net;
    struct http_limits limits;
    const struct http_handlers *on;
    void *data;
    struct slab conns, slots;
    struct list all;     // struct http_conn, but for the idle ones
    struct list idle;    // struct http_conn between two requests, the longest idle first
    struct list sockets; // struct ws
    size_t count;        // connections of all kinds
    bool draining;
    void (*on_drained)(void *data);
    void *drained_data;
    struct list listeners; // struct listener: told when there is room again
};

// One request and its answer, in the order of its connection.
struct http_slot {
    struct http1_message message;
    struct http_conn *conn;
    struct list link;
    struct pieces out;          // the answer, while an earlier request's is missing
    uint64_t done_at;           // ns, when the request was complete
    struct http_source *source; // still gives its answer's body
    bool answered;
    bool dispatched; // an upgrade's on_request was called
    bool seen;       // on_head was called: the engine knows it
    bool close;      // the connection ends after this answer
};

enum conn_state { CONN_HANDSHAKE, CONN_BETWEEN, CONN_HEAD, CONN_BODY, CONN_CLOSING, CONN_DEAD };

struct http_conn {
    struct http_server *server;
    struct stream *stream;
    struct list link;
    struct sm state;
    struct http1_parser parser;
    struct timeout timeout;
    struct list slots; // requests not answered, or answered and waiting for their turn; in order
    size_t slot_count;
    struct buf saved; // bytes that came while parsing was paused
    size_t saved_at;  // how many of them have been parsed
    uint64_t read_at; // ns, the last read
    uint64_t body_at; // ms, when the body began
    unsigned depth;   // calls into us that are under way: the memory stays until they return
    bool first;       // nothing has been received yet
    bool last;        // no further request is read: it is the last answer that we owe
    bool upgrading;   // parsing waits for the answer to an upgrade
    bool ended;       // the peer sent FIN
    bool parsing;     // within http1_parse
    bool resuming;    // within conn_resume
    bool cut;         // an answer that ends the connection has been given
};

// http1_server.c
void server_accept(struct http_server *server, int fd, struct tls *tls); // takes over the socket
void server_count(struct http_server *server, int change);
bool server_full(struct http_server *server);
// Is there an idle connection whose place a new one may take? server_evict closes the longest idle one.
bool server_evictable(const struct http_server *server);
void server_evict(struct http_server *server);

// listener.c: called when a connection has ended.
void listener_wake(struct list *listeners);

// http1_conn.c
struct http_conn *conn_new(struct http_server *server, int fd,
                           struct tls *tls); // NULL: no memory, fd is closed
void conn_abort(struct http_conn *conn);     // cuts: pending requests are cancelled
void conn_finish(struct http_conn *conn);    // no further requests; closes once all answers are sent
void conn_drain(struct http_conn *conn);     // the server is draining
void conn_enter(struct http_conn *conn);
void conn_leave(struct http_conn *conn); // frees the connection when it is dead and this was the last call
void conn_rearm(struct http_conn *conn); // the deadline that its state has

// http1_read.c: from bytes to requests
void conn_read(struct stream *stream, uint8_t *bytes, size_t n);
void conn_resume(struct http_conn *conn); // parses what was saved, reads again if nothing is in the way
void conn_end(struct stream *stream);
extern const struct http1_events conn_events;

// http1_turn.c: from answers to the stream, in order
void conn_answered(struct http_slot *slot); // the answer is complete: on with the next one
void conn_give_up(struct http_slot *slot);  // no memory for the answer
void conn_go_on(struct http_conn *conn);    // after answers: perhaps the end, perhaps more to parse
void conn_retire(struct http_conn *conn);   // drops what is answered and lets the next answer out
void conn_refuse(struct http_conn *conn, int status, const char *detail); // what can't become a request
void conn_continue(struct http_slot *slot); // 100 Continue, when it is this request's turn
void slot_cancel(struct http_slot *slot);   // tells the engine
void slot_free(struct http_slot *slot);

// http1_source.c
void source_begin(struct http_slot *slot, struct http_source *source);
void source_ask(struct http_conn *conn); // the first slot's, when there is room
void source_drop(struct http_slot *slot);

// Hands the stream over to a WebSocket: the connection is gone after this; *ret_saved are bytes that came
// already (buf_done is the caller's). The server goes on counting it as a connection.
struct stream *conn_upgrade(struct http_slot *slot, struct buf *ret_saved);

// http1_reply.c
int reply_write(struct http_slot *slot, const struct http_answer *answer);
struct pieces *reply_queue(struct http_slot *slot); // where its answer goes: the stream, or its own queue

static inline bool conn_is(const struct http_conn *conn, enum conn_state state)
{
    return conn->state.now == state;
}

static inline struct http_slot *slot_of(struct http_request *request)
{
    return container_of(request, struct http_slot, message.rq);
}

#endif
