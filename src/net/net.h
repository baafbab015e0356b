// What all connections of one loop share: the read and write buffers, the list of streams to flush at the
// end of the tick, the timer wheel, spare blocks, counters. One worker = one loop = one struct net.
//
// Owner: the app. Must outlive every listener, server and stream made on it.
#ifndef TODOKE_NET_NET_H
#define TODOKE_NET_NET_H

#include <stdint.h>
#include <uv.h>

struct net;

// Counters since the start, and gauges; also registered with base/metrics under the names on the right.
struct net_counters {
    uint64_t accepted;        // todoke_net_accepted_total
    uint64_t refused;         // todoke_net_refused_total: over the connection limit, out of fds or memory
    uint64_t handshakes;      // todoke_net_handshakes_total: TLS handshakes that completed
    uint64_t handshake_fails; // todoke_net_handshake_failures_total
    uint64_t bytes_in;        // todoke_net_received_bytes_total
    uint64_t bytes_out;       // todoke_net_sent_bytes_total
    uint64_t requests;        // todoke_http_requests_total: complete requests handed to the engine
    uint64_t bad_requests;    // todoke_http_refused_total: refused by this layer
    uint64_t timeouts;        // todoke_net_timeouts_total: connections ended by a deadline
    uint64_t connections;     // todoke_net_connections (gauge)
    uint64_t sockets;         // todoke_ws_connections (gauge)
};

// NULL on failure (no memory, or libuv refused a handle).
struct net *net_new(uv_loop_t *loop);

// Every listener and server must be gone. Closes the loop handles, then frees: run the loop until it is
// idle (uv_run) before closing the loop. Accepts NULL.
void net_free(struct net *net);

uv_loop_t *net_loop(const struct net *net);
const struct net_counters *net_counters(const struct net *net);

#endif
