#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "net/ws_private.h"

struct seen {
    struct ws_reader reader;
    int messages, pings, pongs, code;
    char last[512];
    size_t last_n;
};

static bool seen_on_message(struct ws_reader *reader, enum ws_opcode opcode, struct str bytes)
{
    struct seen *seen = (struct seen *)reader;
    (void)opcode;
    seen->messages++;
    seen->last_n = bytes.n < sizeof seen->last ? bytes.n : sizeof seen->last;
    memcpy(seen->last, bytes.at, seen->last_n);
    return true;
}

static bool seen_on_ping(struct ws_reader *reader, struct str bytes)
{
    (void)bytes;
    ((struct seen *)reader)->pings++;
    return true;
}

static bool seen_on_pong(struct ws_reader *reader)
{
    ((struct seen *)reader)->pongs++;
    return true;
}

static bool seen_on_close(struct ws_reader *reader, int code)
{
    ((struct seen *)reader)->code = code;
    return false;
}

static const struct ws_events events = { seen_on_message, seen_on_ping, seen_on_pong, seen_on_close };

static size_t put_frame(uint8_t *to, uint8_t first, const void *payload, size_t n)
{
    size_t header = ws_frame_header(to, first & 15u, n);
    const uint8_t key[4] = { 0x12, 0x34, 0x56, 0x78 };
    to[0] = first;
    to[1] |= 0x80;
    memcpy(to + header, key, 4);
    for (size_t i = 0; i < n; i++) to[header + 4 + i] = ((const uint8_t *)payload)[i] ^ key[i & 3];
    return header + 4 + n;
}

// However the bytes are cut, the same comes out.
static void any_cut_gives_the_same(void **state)
{
    (void)state;
    uint8_t bytes[2048];
    char binary[300];
    memset(binary, 'b', sizeof binary);
    size_t n = put_frame(bytes, 0x01, "日", 2);
    n += put_frame(bytes + n, 0x89, "ping", 4);
    n += put_frame(bytes + n, 0x00, "", 0);
    n += put_frame(bytes + n, 0x80, "\xa5", 1);
    n += put_frame(bytes + n, 0x82, binary, sizeof binary);
    n += put_frame(bytes + n, 0x8a, "", 0);
    n += put_frame(bytes + n, 0x88, "\x03\xe8", 2);
    for (size_t first = 1; first < n; first++) {
        for (size_t step = 1; step < 40; step += 7) {
            struct seen seen = { 0 };
            ws_reader_init(&seen.reader, &events, 1000);
            assert_int_equal(ws_reader_feed(&seen.reader, bytes, first), 0);
            for (size_t at = first; at < n && seen.code == 0; at += step)
                assert_int_equal(ws_reader_feed(&seen.reader, bytes + at, n - at < step ? n - at : step), 0);
            assert_int_equal(seen.messages, 2);
            assert_int_equal(seen.pings, 1);
            assert_int_equal(seen.pongs, 1);
            assert_int_equal(seen.code, 1000);
            assert_int_equal(seen.last_n, sizeof binary);
            ws_reader_done(&seen.reader);
        }
    }
    ws_parsers_drop();
}

static void a_reader_between_frames_holds_nothing(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t n = put_frame(bytes, 0x81, "hello", 5);
    struct seen seen = { 0 };
    ws_reader_init(&seen.reader, &events, 1000);
    assert_int_equal(ws_reader_feed(&seen.reader, bytes, n), 0);
    assert_null(seen.reader.parser);
    assert_null(seen.reader.message.at);
    assert_int_equal(ws_reader_feed(&seen.reader, bytes, 1), 0);
    assert_non_null(seen.reader.parser);
    assert_int_equal(ws_reader_feed(&seen.reader, bytes + 1, n - 1), 0);
    assert_null(seen.reader.parser);
    assert_int_equal(seen.messages, 2);
    assert_int_equal(ws_reader_feed(&seen.reader, bytes, n - 2),
                     0); // all bytes are parsed, the frame is not over
    assert_non_null(seen.reader.parser);
    ws_reader_done(&seen.reader);
    ws_parsers_drop();
}

static int feed_one(uint8_t first, const void *payload, size_t n)
{
    uint8_t bytes[512];
    size_t length = put_frame(bytes, first, payload, n);
    struct seen seen = { 0 };
    ws_reader_init(&seen.reader, &events, 100);
    int code = ws_reader_feed(&seen.reader, bytes, length);
    ws_reader_done(&seen.reader);
    return code;
}

static void what_is_refused(void **state)
{
    (void)state;
    char big[200] = { 0 };
    assert_int_equal(feed_one(0x82, big, 100), 0);
    assert_int_equal(feed_one(0x82, big, 101), WS_TOO_BIG);
    assert_int_equal(feed_one(0x81, "\xff", 1), WS_BAD_DATA);
    assert_int_equal(feed_one(0x81, "\xe6", 1), WS_BAD_DATA); // the message ends inside a character
    assert_int_equal(feed_one(0x01, "\xe6", 1), 0);
    assert_int_equal(feed_one(0x83, "", 0), WS_PROTOCOL_ERROR);
    assert_int_equal(feed_one(0xc1, "", 0), WS_PROTOCOL_ERROR);
    assert_int_equal(feed_one(0x80, "", 0), WS_PROTOCOL_ERROR);
    assert_int_equal(feed_one(0x89, big, 126), WS_PROTOCOL_ERROR);
    assert_int_equal(feed_one(0x09, "", 0), WS_PROTOCOL_ERROR);
    assert_int_equal(feed_one(0x88, "\x03", 1), WS_PROTOCOL_ERROR);
    assert_int_equal(feed_one(0x88, "\x03\xed", 2), WS_PROTOCOL_ERROR);
    uint8_t unmasked[] = { 0x81, 1, 'a' };
    struct seen seen = { 0 };
    ws_reader_init(&seen.reader, &events, 100);
    assert_int_equal(ws_reader_feed(&seen.reader, unmasked, sizeof unmasked), WS_PROTOCOL_ERROR);
    ws_reader_done(&seen.reader);
    ws_parsers_drop();
}

// Against base's check of whole strings, over all short strings of interesting bytes, cut anywhere.
static void utf8_in_pieces_is_utf8(void **state)
{
    (void)state;
    static const uint8_t bytes[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                     0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
                                     0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff };
    const size_t kinds = sizeof bytes;
    for (size_t n = 1; n <= 4; n++) {
        size_t total = 1;
        for (size_t i = 0; i < n; i++) total *= kinds;
        for (size_t k = 0; k < total; k++) {
            uint8_t text[12] = "aaaaaaaa";
            size_t rest = k, length = 8 * (k % 2) + n;
            for (size_t i = 0; i < n; i++, rest /= kinds) text[length - n + i] = bytes[rest % kinds];
            struct utf8_check check = { 0 };
            size_t cut = k % (length + 1);
            bool valid = utf8_feed(&check, text, cut) && utf8_feed(&check, text + cut, length - cut) &&
                         utf8_ended(&check);
            if (valid != utf8_valid(str_of((const char *)text, length)))
                fail_msg("string %zu of length %zu", k, n);
        }
    }
}

static void accept_key_of_the_rfc(void **state)
{
    (void)state;
    char key[WS_ACCEPT_BYTES];
    assert_int_equal(ws_accept_key(STR("dGhlIHNhbXBsZSBub25jZQ=="), key), 0);
    assert_memory_equal(key, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WS_ACCEPT_BYTES);
}

static void frame_headers(void **state)
{
    (void)state;
    uint8_t to[WS_HEADER_MAX];
    assert_int_equal(ws_frame_header(to, 2, 125), 2);
    assert_int_equal(ws_frame_header(to, 2, 126), 4);
    assert_memory_equal(to, "\x82\x7e\x00\x7e", 4);
    assert_int_equal(ws_frame_header(to, 2, 65535), 4);
    assert_int_equal(ws_frame_header(to, 1, 65536), 10);
    assert_memory_equal(to, "\x81\x7f\0\0\0\0\0\x01\0\0", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_cut_gives_the_same), cmocka_unit_test(a_reader_between_frames_holds_nothing),
        cmocka_unit_test(what_is_refused),        cmocka_unit_test(utf8_in_pieces_is_utf8),
        cmocka_unit_test(accept_key_of_the_rfc),  cmocka_unit_test(frame_headers),
    };
    return cmocka_run_group_tests_name("net/ws_read", tests, NULL, NULL);
}
