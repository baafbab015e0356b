// The opening handshake (RFC 6455 section 4.2).
#include <openssl/evp.h>
#include <string.h>

#include "net/http1.h"
#include "net/http1_parse.h"
#include "net/ws_private.h"

#define WS_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static unsigned header_count(const struct http_request *request, struct str name)
{
    unsigned n = 0;
    for (size_t i = 0; i < request->header_count; i++) n += str_eq(request->headers[i].name, name);
    return n;
}

int ws_check(const struct http_request *request)
{
    uint8_t nonce[BASE64_BYTES(24)];
    size_t n;
    if (!request->is_upgrade || request->body.n > 0) return 400;
    if (header_count(request, STR("sec-websocket-version")) != 1) return 426;
    if (!str_eq(http_header(request, "sec-websocket-version"), STR("13"))) return 426;
    if (header_count(request, STR("sec-websocket-key")) != 1) return 400;
    if (!base64_decode(nonce, sizeof nonce, http_header(request, "sec-websocket-key"), &n) || n != 16)
        return 400;
    return 0;
}

bool ws_offers(const struct http_request *request, const char *protocol)
{
    for (size_t i = 0; i < request->header_count; i++) {
        struct str rest = request->headers[i].value;
        if (!str_eq(request->headers[i].name, STR("sec-websocket-protocol"))) continue;
        while (rest.at) {
            struct str item = str_trim(str_cut(rest, ',', &rest));
            if (str_eq(item, str_c(protocol))) return true;
        }
    }
    return false;
}

int ws_accept_key(struct str key, char ret[WS_ACCEPT_BYTES])
{
    uint8_t text[64 + sizeof WS_GUID], digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (key.n > 64) return -1;
    memcpy(text, key.at, key.n);
    memcpy(text + key.n, WS_GUID, sizeof WS_GUID - 1);
    if (EVP_Digest(text, key.n + sizeof WS_GUID - 1, digest, &n, EVP_sha1(), NULL) != 1 || n != 20) return -1;
    base64_encode(ret, digest, n);
    return 0;
}
