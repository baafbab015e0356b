/* The live hub of one worker: what moves on a screen. (DESIGN: src/README.md, "the life of a live update".)
 *
 * A client follows topics. It gets a snapshot, then rows to put in by their id, the higher version winning;
 * after any gap it simply gets a new snapshot, so nothing depends on seeing every event. Rows are read once
 * per worker and change, encoded once, framed once per topic, and shared by all who follow it. */
#ifndef ENGINE_HUB_H
#define ENGINE_HUB_H

#include "engine/engine.h"

struct hub;

/* Null when memory is out. Borrows the engine. `conninfo`: for LISTEN. */
struct hub *hub_new(struct engine *engine, const char *conninfo);
/* GET /live: the handshake, then the socket is the hub's. Answers the request in any case. */
void hub_upgrade(struct engine *engine, struct http_request *http);
/* Closes every socket with 1012, so that clients come back to the next worker. */
void hub_drain(struct hub *hub);
/* Every socket must be gone. on_closed comes when the hub's handles are; then it is freed. */
void hub_close(struct hub *hub, void (*on_closed)(void *data), void *data);

#endif
