// Bytes into the request parser, once whole and once cut by a pattern: the same requests must come out, and
// none of them may carry what the checks exclude.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "net/http1_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct http1_parser parser;
    struct http1_message message;
    bool open;      // the message is in use
    unsigned count; // requests that were complete
    uint64_t digest;
};

static const struct http_limits limits = {
    .line_bytes = 256, .header_bytes = 1024, .header_count = 12, .skip_bytes = 64
};

static void digest(struct run *run, struct str s)
{
    for (size_t i = 0; i < s.n; i++) run->digest = (run->digest ^ (uint8_t)s.at[i]) * 0x100000001b3u;
    run->digest = (run->digest ^ s.n) * 0x100000001b3u;
}

static void check_path(struct str path)
{
    CHECK(path.n > 0 && (path.at[0] == '/' || str_eq(path, STR("*"))));
    CHECK(path.at[path.n] == '\0' && strlen(path.at) == path.n);
    CHECK(!strstr(path.at, "/../") && !str_ends(path, STR("/..")) && !strstr(path.at, "//"));
}

static void check_request(const struct http_request *rq)
{
    check_path(rq->path);
    unsigned hosts = 0, lengths = 0, encodings = 0;
    CHECK(rq->header_count <= limits.header_count);
    for (size_t i = 0; i < rq->header_count; i++) {
        const struct http_header *header = &rq->headers[i];
        CHECK(header->name.n > 0);
        for (size_t j = 0; j < header->name.n; j++) CHECK(!strchr("ABC \t:\r\n", header->name.at[j]));
        for (size_t j = 0; j < header->value.n; j++) CHECK(!memchr("\r\n", header->value.at[j], 3));
        hosts += str_eq(header->name, STR("host"));
        lengths += str_eq(header->name, STR("content-length"));
        encodings += str_eq(header->name, STR("transfer-encoding"));
    }
    CHECK(hosts == 1 || (hosts == 0 && rq->minor == 0));
    CHECK(lengths + encodings <= 1 && (encodings == 0 || rq->minor == 1));
}

static struct http1_message *on_begin(struct http1_parser *parser)
{
    struct run *run = (struct run *)parser;
    if (run->open) http1_message_done(&run->message);
    http1_message_init(&run->message);
    run->open = true;
    return &run->message;
}

static int64_t on_head(struct http1_parser *parser, struct http1_message *message)
{
    (void)parser;
    check_request(&message->rq);
    if (str_eq(message->rq.path, STR("/none"))) return HTTP_ANSWERED;
    return 512;
}

static bool on_complete(struct http1_parser *parser, struct http1_message *message)
{
    struct run *run = (struct run *)parser;
    CHECK(message->rq.body.n <= 512);
    run->count++;
    digest(run, message->rq.method_name);
    digest(run, message->rq.target);
    digest(run, message->rq.path);
    digest(run, message->rq.body);
    for (size_t i = 0; i < message->rq.header_count; i++) {
        digest(run, message->rq.headers[i].name);
        digest(run, message->rq.headers[i].value);
    }
    return message->keep_alive && run->count % 3 != 0;
}

static const struct http1_events events = { on_begin, on_head, on_complete };

// `cuts`: how long the pieces are, over and over; none: one piece.
static bool parse(struct run *run, const uint8_t *data, size_t size, const uint8_t *cuts, size_t cuts_n)
{
    memset(run, 0, sizeof *run);
    http1_parser_init(&run->parser, &limits, &events);
    bool refused = false, over = false;
    size_t at = 0;
    for (size_t i = 0; at < size && !refused && !over; i++) {
        size_t n = cuts_n ? cuts[i % cuts_n] % 32u + 1u : size;
        if (n > size - at) n = size - at;
        char *piece = malloc(n); // of its own, so that reading beyond it is seen
        memcpy(piece, data + at, n);
        size_t done = 0;
        while (done < n && !refused && !over) {
            size_t used;
            enum http1_result result = http1_parse(&run->parser, piece + done, n - done, &used);
            CHECK(used <= n - done);
            done += used;
            refused = result == HTTP1_REFUSED;
            over = result == HTTP1_PAUSED && !run->message.keep_alive;
        }
        free(piece);
        at += n;
    }
    if (refused) CHECK(run->parser.status >= 400 && run->parser.status <= 505 && run->parser.detail);
    if (run->open) http1_message_done(&run->message);
    return refused;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct run whole, cut;
    if (size < 4) return 0;
    bool a = parse(&whole, data + 4, size - 4, NULL, 0);
    bool b = parse(&cut, data + 4, size - 4, data, 4);
    CHECK(a == b && whole.count == cut.count && whole.digest == cut.digest);
    return 0;
}
