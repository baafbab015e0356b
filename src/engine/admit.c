#include "engine/admit.h"

#include <string.h>

#include "base/log.h"
#include "base/metrics.h"
#include "engine/assets.h"
#include "engine/problem.h"
#include "engine/reply.h"

#define ASKED 16u /* one of so many is asked how long it waited: a system call */

static const enum metric refusals[DOOR_CLASSES] = { METRIC_REFUSED_WRITES, METRIC_REFUSED_READS,
                                                    METRIC_REFUSED_EXPORTS };

/* All that is known of a refusal before anybody is refused: only Retry-After is added. */
static void refusal_lines(struct buf *lines, enum enc_format format)
{
    for (const struct http_header *header = security_headers; header->name.at; header++) {
        buf_str(lines, STR("\r\n"));
        buf_str(lines, header->name);
        buf_str(lines, STR(": "));
        buf_str(lines, header->value);
    }
    buf_str(lines, STR("\r\ncache-control: no-store\r\ncontent-type: "));
    buf_str(lines, reply_problem_type(format));
}

int admit_init(struct admit *admit)
{
    bool failed = false;
    *admit = (struct admit){ 0 };
    door_init(&admit->door, clock_now_ns());
    for (unsigned format = ENC_JSON; format <= ENC_MSGPACK; format++) {
        buf_init(&admit->lines[format], 0);
        buf_init(&admit->busy[format], 0);
        refusal_lines(&admit->lines[format], format);
        reply_problem_encode(&admit->busy[format], format, problem_find(NULL, STR("busy")));
        failed |= admit->lines[format].failed || admit->busy[format].failed;
    }
    return failed ? -1 : 0;
}

void admit_done(struct admit *admit)
{
    for (unsigned format = ENC_JSON; format <= ENC_MSGPACK; format++) {
        buf_done(&admit->lines[format]);
        buf_done(&admit->busy[format]);
    }
}

/* Rows that are wanted as a file: nobody's value has an = in it that is not escaped. */
static bool asks_for_file(const struct http_request *http, const struct route *route)
{
    static const struct str format = STR_INIT("format=");
    for (size_t i = 0; route->sheet && i + format.n <= http->query.n; i++)
        if (str_starts(str_of(http->query.at + i, http->query.n - i), format)) return true;
    return false;
}

static enum door_class class_of(const struct http_request *http, const struct route *route)
{
    if (route->flags & SLOW || asks_for_file(http, route)) return DOOR_EXPORT;
    return route->method == GET || route->flags & READS ? DOOR_READ : DOOR_WRITE;
}

bool admit_counts(const struct route *route)
{
    return !(route->flags & SLOW) && !route->steps;
}

static struct str seconds_text(unsigned seconds)
{
    static const char digits[] = " 1 2 3 4 5 6 7 8 910111213141516171819";
    const char *at = digits + 2 * (seconds - 1);
    return *at == ' ' ? str_of(at + 1, 1) : str_of(at, 2);
}

struct str admit_retry_after(struct admit *admit)
{
    return seconds_text(door_retry_after(&admit->door, DOOR_WRITE));
}

/* One line a second at the most: a line for each would cost more than the refusals. */
static void refusal_count(struct admit *admit, enum door_class class, uint64_t now_ns)
{
    metric_inc(refusals[class]);
    admit->refused[class]++;
    if (now_ns - admit->logged_ns < NS_PER_S) return;
    log_warn("overload", LOG_U("writes", admit->refused[DOOR_WRITE]),
             LOG_U("reads", admit->refused[DOOR_READ]), LOG_U("exports", admit->refused[DOOR_EXPORT]),
             LOG_U("inside", admit->door.inside), LOG_U("limit", admit->door.limit),
             LOG_U("wait_ms", admit->door.wait_ns / NS_PER_MS));
    memset(admit->refused, 0, sizeof admit->refused);
    admit->logged_ns = now_ns;
}

bool admit_head(struct admit *admit, struct http_request *http, const struct route *route)
{
    uint64_t now = clock_now_ns();
    enum door_class class = class_of(http, route);
    if (admit->asked++ % ASKED == 0) door_heard(&admit->door, http_waited_ms(http) * NS_PER_MS);
    if (door_admits(&admit->door, class, now)) return true;
    refusal_count(admit, class, now);
    enum enc_format format = reply_format(http);
    struct http_header again = { STR("retry-after"), seconds_text(door_retry_after(&admit->door, class)) };
    http_reply(http, &(struct http_answer){ .status = 503,
                                            .headers = &again,
                                            .header_count = 1,
                                            .lines = buf_view(&admit->lines[format]),
                                            .body = buf_view(&admit->busy[format]) });
    return false;
}
