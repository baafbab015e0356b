// What all connections of one loop share: the read and write buffers, the list of streams to flush at the
// end of the tick, the timer wheel, spare blocks, counters. One worker = one loop = one struct net.
//
// Owner: the app. Must outlive every listener, server and stream made on it.
#ifndef TODOKE_NET_NET_H
#define TODOKE_NET_NET_H

#include <stdint.h>
#include <uv.h>

struct net;

// Of this loop, since its start; base/metrics has the same for all workers.
struct net_counters {
    uint64_t accepted;
    uint64_t refused; // out of descriptors or memory
    uint64_t crowded; // cut off, because too many waited for a handshake
    uint64_t handshakes;
    uint64_t handshake_fails;
    uint64_t bytes_in, bytes_out; // on the wire
    uint64_t requests;            // complete ones, handed to the engine
    uint64_t bad_requests;        // answered by this layer itself
    uint64_t timeouts;            // connections ended by a deadline, idle ones too
    uint64_t connections;         // now
    uint64_t sockets;             // WebSockets now
};

// NULL on failure (no memory, or libuv refused a handle).
struct net *net_new(uv_loop_t *loop);

// Every listener and server must be gone. Closes the loop handles, then frees: run the loop until it is
// idle (uv_run) before closing the loop. Accepts NULL.
void net_free(struct net *net);

uv_loop_t *net_loop(const struct net *net);
const struct net_counters *net_counters(const struct net *net);

#endif
