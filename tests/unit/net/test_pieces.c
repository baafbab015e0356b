#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "net/loop.h"
#include "net/pieces.h"

static uv_loop_t loop;
static struct net *net;

static int setup(void **state)
{
    (void)state;
    uv_loop_init(&loop);
    net = net_new(&loop);
    return net ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    net_free(net);
    uv_run(&loop, UV_RUN_DEFAULT);
    return uv_loop_close(&loop);
}

static size_t drain(struct pieces *pieces, char *to, size_t step)
{
    size_t n = 0;
    while (pieces->bytes > 0) {
        const struct piece *first = pieces_first(pieces);
        size_t part = first->n < step ? first->n : step;
        memcpy(to + n, first->at, part);
        n += part;
        pieces_consume(pieces, part);
    }
    return n;
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    struct pieces pieces = { 0 };
    static char in[200000], out[200000];
    size_t n = 0;
    struct chunk *shared = chunk_copy("0123456789", 10);
    srand(1);
    for (int i = 0; i < 400; i++) {
        if (i % 5 == 0) {
            assert_int_equal(pieces_add(&pieces, shared, 2, 5), 0);
            memcpy(in + n, "23456", 5);
            n += 5;
            continue;
        }
        size_t length = (size_t)rand() % (i % 50 == 1 ? 9000 : 300);
        for (size_t j = 0; j < length; j++) in[n + j] = (char)rand();
        assert_int_equal(pieces_write(&pieces, net, in + n, length), 0);
        n += length;
    }
    assert_int_equal(pieces.bytes, n);
    assert_int_equal(drain(&pieces, out, 777), n);
    assert_memory_equal(in, out, n);
    assert_int_equal(shared->refs, 1);
    chunk_unref(shared);
    pieces_clear(&pieces);
}

static void small_writes_share_a_block(void **state)
{
    (void)state;
    struct pieces pieces = { 0 };
    for (int i = 0; i < 100; i++) assert_int_equal(pieces_write(&pieces, net, "hello", 5), 0);
    assert_int_equal(pieces.count, 1);
    pieces_clear(&pieces);
}

static void nobody_appends_to_a_shared_chunk(void **state)
{
    (void)state;
    struct pieces pieces = { 0 };
    struct chunk *chunk = chunk_new(100);
    memcpy(chunk_own(chunk), "abc", 3);
    chunk->length = 3;
    assert_int_equal(pieces_add(&pieces, chunk, 0, 3), 0);
    assert_int_equal(pieces_write(&pieces, net, "x", 1), 0);
    assert_int_equal(chunk->length, 3);
    chunk_unref(chunk);
    pieces_clear(&pieces);
}

static void moving_keeps_the_order(void **state)
{
    (void)state;
    struct pieces a = { 0 }, b = { 0 };
    char out[64];
    assert_int_equal(pieces_write(&a, net, "first ", 6), 0);
    struct chunk *chunk = chunk_copy("second ", 7);
    for (int i = 0; i < 5; i++) assert_int_equal(pieces_add(&b, chunk, 0, 7), 0);
    chunk_unref(chunk);
    assert_int_equal(pieces_move(&a, &b), 0);
    assert_int_equal(b.bytes, 0);
    assert_int_equal(drain(&a, out, 100), 41);
    assert_memory_equal(out, "first second second second second second ", 41);
    pieces_clear(&a);
    pieces_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(small_writes_share_a_block),
        cmocka_unit_test(nobody_appends_to_a_shared_chunk),
        cmocka_unit_test(moving_keeps_the_order),
    };
    return cmocka_run_group_tests_name("net/pieces", tests, setup, teardown);
}
