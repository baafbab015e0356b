#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "delivery/gateway_private.h"

#define REST_MAX_S  32
#define RETRY_MAX_S 3600

static struct rest *rest_of(struct gateway *gateway, const char *host)
{
    for (size_t i = 0; i < GATEWAYS_RESTING; i++)
        if (strcmp(gateway->rests[i].host, host) == 0) return &gateway->rests[i];
    return NULL;
}

/* A free place, or the one that was to be over first. */
static struct rest *rest_place(struct gateway *gateway)
{
    struct rest *first = &gateway->rests[0];
    for (size_t i = 0; i < GATEWAYS_RESTING; i++)
        if (gateway->rests[i].until_ns < first->until_ns) first = &gateway->rests[i];
    return first;
}

void rest_begin(struct gateway *gateway, const char *host, const struct verdict *verdict)
{
    struct rest *rest = rest_of(gateway, host);
    long seconds = verdict->delay_s;
    uint64_t now = clock_now_ns();
    if (rest_is_on(gateway, host)) return;
    if (!rest) {
        rest = rest_place(gateway);
        *rest = (struct rest){ .next_s = 1 };
        snprintf(rest->host, sizeof rest->host, "%s", host);
    }
    uint64_t span_ms = rest->next_s * 1000 + (unsigned)random() % (rest->next_s * 1000);
    if (rest->next_s < REST_MAX_S) rest->next_s *= 2;
    if (seconds > 0) span_ms = (uint64_t)(seconds < REST_MAX_S ? seconds : REST_MAX_S) * 1000;
    rest->until_ns = now + span_ms * NS_PER_MS;
    log_warn("push.trouble", LOG_S("gateway", rest->host), LOG_S("error", verdict->error),
             LOG_U("pause_ms", span_ms));
}

bool rest_is_on(struct gateway *gateway, const char *host)
{
    const struct rest *rest = rest_of(gateway, host);
    return rest && rest->until_ns > clock_now_ns();
}

void rest_end(struct gateway *gateway, const char *host)
{
    struct rest *rest = rest_of(gateway, host);
    if (rest) *rest = (struct rest){ 0 };
}

size_t gateway_resting(struct gateway *gateway, struct str ret[GATEWAYS_RESTING])
{
    uint64_t now = clock_now_ns();
    size_t n = 0;
    for (size_t i = 0; i < GATEWAYS_RESTING; i++)
        if (gateway->rests[i].until_ns > now) ret[n++] = str_c(gateway->rests[i].host);
    return n;
}

struct verdict gateway_verdict(long status, long retry_after_s)
{
    struct verdict verdict = { .outcome = OUTCOME_REFUSED };
    if (status >= 200 && status < 300) return (struct verdict){ .outcome = OUTCOME_SENT };
    snprintf(verdict.error, sizeof verdict.error, "push %ld", status);
    if (status == 404 || status == 410) {
        verdict.outcome = OUTCOME_DEAD;
    } else if (status == 429 || status >= 500) {
        verdict.outcome = OUTCOME_LATER;
        verdict.trouble = status != 429;
        verdict.delay_s = retry_after_s < RETRY_MAX_S ? retry_after_s : RETRY_MAX_S;
    } else if (status == 401 || status == 403) { /* our key or our clock: no push is to blame */
        verdict.outcome = OUTCOME_LATER;
        verdict.trouble = true;
    }
    return verdict;
}
