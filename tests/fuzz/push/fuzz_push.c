/* A line of push services and an address -> whatever is let in is a push service's, and libcurl reads the
 * same host in it that we do. */
#include <curl/curl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "push/push_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_for_curl(struct str url, const struct push_endpoint *endpoint)
{
    char *host = NULL, text[PUSH_ENDPOINT_MAX + 1];
    CURLU *parsed = curl_url();
    memcpy(text, url.at, url.n);
    text[url.n] = '\0';
    CHECK(curl_url_set(parsed, CURLUPART_URL, text, 0) == CURLUE_OK);
    CHECK(curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK);
    CHECK(str_eq(str_c(host), endpoint->host));
    curl_free(host);
    curl_url_cleanup(parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str url, gateway;
    struct push_endpoint endpoint;
    struct push push = { .gateways = str_cut(str_of((const char *)data, size), '\n', &url) };
    if (!push_endpoint_parse(url, &endpoint)) {
        CHECK(!push_allows(&push, url, &gateway));
        return 0;
    }
    CHECK(endpoint.host.n > 0 && endpoint.gateway.n >= endpoint.host.n &&
          endpoint.gateway.n <= PUSH_GATEWAY_MAX);
    same_for_curl(url, &endpoint);
    if (push_allows(&push, url, &gateway)) CHECK(str_eq(gateway, endpoint.gateway) && push.gateways.n > 0);
    return 0;
}
