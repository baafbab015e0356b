/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "engine/cbor.h"

#define HONEST(text)    assert_true(cbor_is_honest(str_of(text, sizeof text - 1)))
#define DISHONEST(text) assert_false(cbor_is_honest(str_of(text, sizeof text - 1)))

static void takes_what_holds_what_it_claims(void **state)
{
    (void)state;
    HONEST("");
    HONEST("\x00");
    HONEST("\x01\x20\xf5");
    HONEST("\x43"
           "abc");
    HONEST("\x82\x01\x61z");
    HONEST("\xa1\x01\x02\xa0");
    HONEST("\xa1\x01\x82\x18\xff\x19\x01\x00");
    HONEST("\xc1\x00");
}

static void refuses_what_claims_more(void **state)
{
    (void)state;
    DISHONEST("\x9b\x00\x00\x00\x00\x26\xf3\x65\x62"); /* an array of 600 million */
    DISHONEST("\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x00");
    DISHONEST("\xbb\x80\x00\x00\x00\x00\x00\x00\x00\x00"); /* twice that is nothing */
    DISHONEST("\x83\x01\x02");
    DISHONEST("\xa1\x01");
    DISHONEST("\x44"
              "abc");
    DISHONEST("\x19\x01");
    DISHONEST("\xc1");
}

static void refuses_what_has_no_end_or_no_ground(void **state)
{
    (void)state;
    DISHONEST("\x9f\x01\xff");
    DISHONEST("\x5f\x41\x01\xff");
    HONEST("\x81\x81\x81\x81\x01");
    DISHONEST("\x81\x81\x81\x81\x81\x01");
    DISHONEST("\x1c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_holds_what_it_claims),
        cmocka_unit_test(refuses_what_claims_more),
        cmocka_unit_test(refuses_what_has_no_end_or_no_ground),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
