// Connections without ports: the order of answers, cancellation, and what happens when memory or the network
// fails at each single point.
#include "serve.h"

#include "base/fault.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define UPGRADE                                                                                              \
    "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: "    \
    "13\r\n"                                                                                                 \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
#define FRAME_HI          "\x81\x82\0\0\0\0hi"
#define FRAME_PART        "\x01\x82\0\0\0\0hi\x80\x82\0\0\0\0ho"
#define FRAME_CLOSE       "\x88\x82\0\0\0\0\x03\xe8"
#define SEND(s, fd, text) serve_exchange((s), (fd), (text), sizeof(text) - 1)

static struct serve s;

static void answers_come_in_the_order_of_requests(void **state)
{
    (void)state;
    assert_true(serve_start(&s));
    int fd = serve_connect(&s);
    SEND(&s, fd, GET("/hold") GET("/a") GET("/none") GET("/b"));
    assert_int_equal(s.got_n, 0);
    assert_int_equal(s.requests, 3);
    serve_reply(s.held, 200, STR("held"));
    SEND(&s, fd, "");
    const char *held = strstr(s.got, "\r\n\r\nheld"), *a = strstr(s.got, "\r\n\r\n/a");
    const char *none = strstr(s.got, "\r\n\r\nnone"), *b = strstr(s.got, "\r\n\r\n/b");
    assert_true(held && a && none && b && held < a && a < none && none < b);
    close(fd);
    serve_stop(&s);
}

static void a_dead_peer_cancels(void **state)
{
    (void)state;
    assert_true(serve_start(&s));
    int fd = serve_connect(&s);
    SEND(&s, fd, GET("/hold") "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
    assert_int_equal(s.heads, 2);
    close(fd);
    serve_turn(&s); // the end alone: the unfinished one is cancelled, the held one may still be answered
    assert_int_equal(s.cancels, 1);
    assert_non_null(s.held);
    http_server_free(s.server);
    s.server = NULL;
    assert_int_equal(s.cancels, 2);
    serve_stop(&s);
}

static void an_early_last_answer_cancels_the_rest(void **state)
{
    (void)state;
    assert_true(serve_start(&s));
    int fd = serve_connect(&s);
    SEND(&s, fd, GET("/hold"));
    struct http_request *first = s.held;
    SEND(&s, fd, GET("/hold") GET("/a"));
    struct http_answer answer = { .status = 200, .close = true };
    http_reply(first, &answer);
    assert_int_equal(s.cancels, 1);
    assert_true(SEND(&s, fd, ""));
    assert_null(strstr(s.got, "/a"));
    close(fd);
    serve_stop(&s);
}

static void headers_of_answers_are_checked(void **state)
{
    (void)state;
    assert_true(serve_start(&s));
    int fd = serve_connect(&s);
    SEND(&s, fd, GET("/hold"));
    struct http_header headers[] = { { STR("X-A"), STR("b\r\nSet-Cookie: c") } };
    struct http_answer answer = { .status = 200, .headers = headers, .header_count = 1 };
    http_reply(s.held, &answer);
    SEND(&s, fd, "");
    assert_non_null(strstr(s.got, "HTTP/1.1 500 "));
    assert_null(strstr(s.got, "Cookie"));
    close(fd);
    serve_stop(&s);
}

static void ranges_of_chunks(void **state)
{
    (void)state;
    assert_true(serve_start(&s));
    int fd = serve_connect(&s);
    SEND(&s, fd, GET("/hold"));
    struct chunk *chunk = chunk_copy("0123456789", 10);
    struct http_answer answer = {
        .status = 206, .chunks = &chunk, .chunk_count = 1, .chunk_offset = 2, .chunk_length = 3
    };
    http_reply(s.held, &answer);
    SEND(&s, fd, "");
    assert_int_equal(chunk->refs, 1);
    chunk_unref(chunk);
    assert_non_null(strstr(s.got, "Content-Length: 3\r\n\r\n234"));
    close(fd);
    serve_stop(&s);
}

#define SOURCE "GET /source HTTP/1.1\r\nHost: x\r\n\r\n"
#define NEXT   "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"

static size_t drain(int fd)
{
    size_t n = 0;
    for (int quiet = 0; quiet < 3; quiet++) {
        s.got_n = 0;
        serve_exchange(&s, fd, "", 0);
        if (s.got_n) quiet = 0;
        n += s.got_n;
    }
    return n;
}

// A body in pieces is asked for while the client takes it, comes before later answers, and ends with the
// connection.
static void bodies_in_pieces(void **state)
{
    (void)state;
    assert_true(serve_start(&s));
    int fd = serve_connect(&s), other = serve_connect(&s); // which keeps the loop turning
    serve_exchange(&s, fd, SOURCE NEXT, sizeof SOURCE NEXT - 1);
    assert_non_null(strstr(s.got, "Content-Length: 1000000"));
    assert_null(strstr(s.got, "/next"));
    assert_int_equal(s.wanted, 1);
    serve_give(&s, 600000);
    assert_int_equal(s.wanted, 1); // more than half of the bound waits
    size_t got = drain(fd);
    assert_int_equal(got, 600000);
    assert_int_equal(s.wanted, 2);
    assert_int_equal(s.overs, 0);
    serve_give(&s, 400000);
    assert_int_equal(s.overs, 1);
    assert_true(drain(fd) > 400000); // with the next answer
    serve_exchange(&s, fd, SOURCE, sizeof SOURCE - 1);
    assert_int_equal(s.wanted, 3);
    close(fd);
    serve_turn(&s);
    serve_give(&s, 100); // nobody there any more, or about to be found out
    serve_turn(&s);
    serve_turn(&s);
    assert_int_equal(s.overs, 2);
    fd = serve_connect(&s);
    s.got_n = 0;
    serve_exchange(&s, fd, SOURCE, sizeof SOURCE - 1);
    http_source_fail(&s.source);
    assert_int_equal(s.overs, 3);
    assert_true(serve_exchange(&s, fd, "", 0)); // cut: nobody takes a part for the whole
    close(fd);
    fd = serve_connect(&s);
    static const char head[] = "HEAD /source HTTP/1.1\r\nHost: x\r\n\r\n";
    serve_exchange(&s, fd, head, sizeof head - 1);
    assert_int_equal(s.overs, 4);
    fd = (close(fd), serve_connect(&s));
    serve_exchange(&s, fd, SOURCE, sizeof SOURCE - 1);
    serve_stop(&s);
    assert_int_equal(s.overs, 5);
    close(fd);
    close(other);
}

static void frames_made_once(void **state)
{
    (void)state;
    assert_true(serve_start(&s));
    int fd = serve_connect(&s);
    SEND(&s, fd, UPGRADE);
    assert_non_null(s.ws);
    s.got_n = 0;
    struct chunk *frame = ws_frame_new(WS_BINARY, "abc", 3);
    assert_int_equal(ws_send_chunk(s.ws, frame), WS_SENT);
    assert_int_equal(ws_send_chunk(s.ws, frame), WS_SENT);
    assert_int_equal(frame->refs, 3);
    SEND(&s, fd, "");
    assert_int_equal(frame->refs, 1);
    assert_memory_equal(s.got,
                        "\x82\x03"
                        "abc"
                        "\x82\x03"
                        "abc",
                        10);
    char big[2000] = { 0 };
    assert_int_equal(ws_send(s.ws, WS_BINARY, big, 990), WS_SENT);
    assert_int_equal(ws_send(s.ws, WS_BINARY, big, 990), WS_FULL);
    chunk_unref(frame);
    ws_close(s.ws, WS_RESTART, "restart");
    assert_int_equal(s.closes, 0);
    assert_int_equal(ws_send(s.ws, WS_TEXT, "x", 1), WS_CLOSED);
    SEND(&s, fd, FRAME_CLOSE);
    assert_int_equal(s.closes, 1);
    assert_int_equal(s.code, WS_RESTART);
    close(fd);
    serve_stop(&s);
}

static void session(void)
{
    if (serve_start(&s)) {
        int fd = serve_connect(&s);
        SEND(&s, fd, GET("/a") GET("/none"));
        SEND(&s, fd,
             "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        SEND(&s, fd, GET("/hold") GET("/b") GET("/c"));
        if (s.held) serve_reply(s.held, 200, STR("held"));
        s.held = NULL;
        SEND(&s, fd, "GET /bad HTTP/1.1\r\n\r\n");
        close(fd);
        fd = serve_connect(&s);
        SEND(&s, fd, UPGRADE FRAME_HI);
        SEND(&s, fd, FRAME_PART);
        SEND(&s, fd, FRAME_CLOSE);
        close(fd);
    }
    serve_stop(&s);
}

// A session is run once for every place where `point` is passed, failing there: nothing may crash, leak or
// hang, and what was begun has to end.
static void each_failure_of(const char *point)
{
    char spec[64];
    snprintf(spec, sizeof spec, "%s:0", point);
    assert_int_equal(fault_arm(spec), 0);
    session();
    uint64_t calls = fault_calls(point);
    assert_true(calls > 0);
    for (uint64_t n = 1; n <= calls; n++) {
        for (int onwards = 0; onwards < 2; onwards++) {
            snprintf(spec, sizeof spec, "%s:%llu%s", point, (unsigned long long)n, onwards ? "+" : "");
            assert_int_equal(fault_arm(spec), 0);
            session();
            assert_int_equal(fault_arm(NULL), 0);
            assert_null(s.ws);
        }
    }
}

static void memory_fails_anywhere(void **state)
{
    (void)state;
    each_failure_of("alloc");
}

static void the_network_fails_anywhere(void **state)
{
    (void)state;
    each_failure_of("net.read");
    each_failure_of("net.write");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_in_the_order_of_requests),
        cmocka_unit_test(a_dead_peer_cancels),
        cmocka_unit_test(an_early_last_answer_cancels_the_rest),
        cmocka_unit_test(headers_of_answers_are_checked),
        cmocka_unit_test(ranges_of_chunks),
        cmocka_unit_test(bodies_in_pieces),
        cmocka_unit_test(frames_made_once),
        cmocka_unit_test(memory_fails_anywhere),
        cmocka_unit_test(the_network_fails_anywhere),
    };
    return cmocka_run_group_tests_name("net/serve", tests, NULL, NULL);
}
