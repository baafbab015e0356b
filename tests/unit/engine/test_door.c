/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "engine/door.h"

#define MS NS_PER_MS

static uint64_t now;

static struct door door_new(unsigned inside)
{
    struct door door;
    now = 5000 * MS;
    door_init(&door, now);
    for (unsigned i = 0; i < inside; i++) door_enter(&door);
    return door;
}

/* One interval in which `n` leave after `stayed` ms and as many come in. */
static void interval(struct door *door, unsigned n, uint64_t stayed)
{
    for (unsigned i = 0; i < n; i++) {
        now += DOOR_INTERVAL_NS / n;
        door_leave(door, now - stayed * MS, now, true);
        door_enter(door);
    }
}

static void calm_lets_everyone_in(void **state)
{
    (void)state;
    struct door door = door_new(0);
    for (int i = 0; i < 50; i++) {
        for (int class = 0; class < DOOR_CLASSES; class ++)
            assert_true(door_admits(&door, (enum door_class) class, now));
        door_enter(&door);
        interval(&door, 10, 5);
    }
    assert_int_equal(door.limit, DOOR_LIMIT_MAX);
}

static void the_lower_class_is_turned_away_first(void **state)
{
    (void)state;
    struct door door = door_new(DOOR_LIMIT_MAX / DOOR_EXPORTS);
    assert_false(door_admits(&door, DOOR_EXPORT, now));
    assert_true(door_admits(&door, DOOR_READ, now));
    door = door_new(DOOR_LIMIT_MAX);
    assert_false(door_admits(&door, DOOR_READ, now));
    assert_true(door_admits(&door, DOOR_WRITE, now));
    door = door_new(DOOR_LIMIT_MAX * DOOR_WRITES);
    assert_false(door_admits(&door, DOOR_WRITE, now));
}

static void a_standing_queue_shrinks_the_limit_to_what_leaves_in_time(void **state)
{
    (void)state;
    struct door door = door_new(1000);
    for (int i = 0; i < 10; i++) interval(&door, 80, 1000); /* 800 a second */
    assert_in_range(door.limit, 195, 205);
    assert_false(door_admits(&door, DOOR_READ, now));
}

static void it_never_closes(void **state)
{
    (void)state;
    struct door door = door_new(500);
    for (int i = 0; i < 100; i++) {
        now += DOOR_INTERVAL_NS;
        door_admits(&door, DOOR_READ, now);
    }
    assert_int_equal(door.limit, DOOR_LIMIT_MIN);
    while (door.inside) door_leave(&door, now, now, false);
    assert_true(door_admits(&door, DOOR_EXPORT, now));
}

static void nobody_leaves_means_a_limit_of_half(void **state)
{
    (void)state;
    struct door door = door_new(200);
    now += DOOR_INTERVAL_NS;
    door_admits(&door, DOOR_READ, now);
    assert_int_equal(door.limit, DOOR_LIMIT_MAX / 2);
    door = door_new(DOOR_LIMIT_MIN); /* no crowd: it says nothing */
    now += 100 * DOOR_INTERVAL_NS;
    door_admits(&door, DOOR_READ, now);
    assert_int_equal(door.limit, DOOR_LIMIT_MAX);
}

static void after_the_rush_the_limit_grows_again(void **state)
{
    (void)state;
    struct door door = door_new(500);
    for (int i = 0; i < 40; i++) {
        now += DOOR_INTERVAL_NS;
        door_admits(&door, DOOR_READ, now);
    }
    for (int i = 0; i < 12; i++) interval(&door, 100, 20);
    assert_int_equal(door.limit, DOOR_LIMIT_MAX);
}

/* One interval in which those who ask have waited `ms`, and as many come in as leave soon; more find no room.
 */
static unsigned heard_after(struct door *door, uint64_t ms)
{
    for (int i = 0; i < 20; i++) door_heard(door, ms * MS);
    door_admits(door, DOOR_READ, now);
    interval(door, 100, 20);
    return door->limit;
}

static void who_waits_long_to_be_heard_shrinks_the_limit_while_it_gets_worse(void **state)
{
    (void)state;
    struct door door = door_new(DOOR_LIMIT_MAX);
    heard_after(&door, 5);
    unsigned before = heard_after(&door, 5), first = heard_after(&door, 40);
    assert_int_equal(before, DOOR_LIMIT_MAX);
    assert_true(first < before);
    assert_true(heard_after(&door, 60) < first);
    unsigned held = door.limit;
    assert_int_equal(heard_after(&door, 50), held); /* it is being worked off */
    for (int i = 0; i < 30; i++) heard_after(&door, 60);
    assert_int_equal(door.limit, DOOR_LIMIT_MIN);
    assert_false(door_admits(&door, DOOR_READ, now));
}

static void a_crowd_that_finds_room_may_wait_to_be_heard(void **state)
{
    (void)state;
    struct door door = door_new(DOOR_LIMIT_MAX - 1);
    for (int i = 0; i < 30; i++) {
        assert_true(door_admits(&door, DOOR_WRITE, now));
        assert_false(door_admits(&door, DOOR_EXPORT, now)); /* that is no crowd of people */
        heard_after(&door, 60);
    }
    assert_int_equal(door.limit, DOOR_LIMIT_MAX);
}

static void heard_in_time_again_the_limit_grows(void **state)
{
    (void)state;
    struct door door = door_new(DOOR_LIMIT_MAX);
    for (int i = 0; i < 30; i++) heard_after(&door, 60);
    for (int i = 0; i < 15; i++) heard_after(&door, 0);
    assert_int_equal(door.limit, DOOR_LIMIT_MAX);
}

static void a_pause_opens_it(void **state)
{
    (void)state;
    struct door door = door_new(DOOR_LIMIT_MAX);
    for (int i = 0; i < 30; i++) heard_after(&door, 60);
    while (door.inside) door_leave(&door, now, now, true);
    now += DOOR_PAUSE_NS;
    assert_true(door_admits(&door, DOOR_READ, now));
    assert_int_equal(door.limit, DOOR_LIMIT_MAX);
}

static void who_goes_away_is_not_counted_as_served(void **state)
{
    (void)state;
    struct door door = door_new(2);
    door_leave(&door, now - 9000 * MS, now, false);
    now += DOOR_INTERVAL_NS;
    door_leave(&door, now - 10 * MS, now, true);
    assert_int_equal(door.limit, DOOR_LIMIT_MAX);
    assert_int_equal(door.inside, 0);
}

static void the_refused_do_not_come_back_in_step(void **state)
{
    (void)state;
    struct door door = door_new(0);
    unsigned seen = 0;
    for (int i = 0; i < 12; i++) {
        unsigned seconds = door_retry_after(&door, DOOR_WRITE);
        assert_in_range(seconds, 1, 3);
        seen |= 1u << seconds;
    }
    assert_int_equal(seen, 0xe);
    assert_true(door_retry_after(&door, DOOR_EXPORT) >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calm_lets_everyone_in),
        cmocka_unit_test(the_lower_class_is_turned_away_first),
        cmocka_unit_test(a_standing_queue_shrinks_the_limit_to_what_leaves_in_time),
        cmocka_unit_test(it_never_closes),
        cmocka_unit_test(nobody_leaves_means_a_limit_of_half),
        cmocka_unit_test(after_the_rush_the_limit_grows_again),
        cmocka_unit_test(who_waits_long_to_be_heard_shrinks_the_limit_while_it_gets_worse),
        cmocka_unit_test(a_crowd_that_finds_room_may_wait_to_be_heard),
        cmocka_unit_test(heard_in_time_again_the_limit_grows),
        cmocka_unit_test(a_pause_opens_it),
        cmocka_unit_test(who_goes_away_is_not_counted_as_served),
        cmocka_unit_test(the_refused_do_not_come_back_in_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
