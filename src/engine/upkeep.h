/* What has to be done now and then: when each session was last seen, and rows that nobody needs any more, the
 * modules' chores. Every worker does it; doing it twice does no harm. */
#ifndef ENGINE_UPKEEP_H
#define ENGINE_UPKEEP_H

#include "engine/engine.h"

struct upkeep;

/* Null: no memory. */
struct upkeep *upkeep_new(struct engine *engine);
/* A request came with this session. */
void upkeep_session_seen(struct upkeep *upkeep, int64_t session_id);
/* on_closed when its timer is gone; then it is freed. Accepts null (on_closed is then called at once). */
void upkeep_close(struct upkeep *upkeep, void (*on_closed)(void *data), void *data);

#endif
