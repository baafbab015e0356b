/* Passwords that others would try. */
#include "codec/password.h"

#include "../base/unit.h"

static void test_weak_passwords(void **state)
{
    const struct str own[] = { STR("knrt4827"), STR("sato.hanako"), STR("佐藤"),      STR("林"),
                               STR("ab"),       { NULL, 0 },        STR("尼崎小学校") };
    static const char *const weak[] = {
        "password",        "PASSWORD123",       "p@ssw0rd!",     "12345678",       "87654321",
        "aaaaaaaa",        "abababab",          "abcabcabc",     "abcdefgh",       "qwertyuiop",
        "asdfghjkl",       "1qaz2wsx",          "sakura2015",    "Amagasaki!",     "todoke-demo",
        "knrt4827",        "knrt4827knrt4827x", "Sato.Hanako99", "佐藤佐藤佐藤12", "林林林林林林林林abc",
        "さくらさくら123", "ilovemama1",        "iloveyou2024",  "尼崎小学校2026", "111aaa111aaa",
        "zzzzzzzzzzy",
    };
    static const char *const good[] = {
        "tulip-Fence-73", "correct horse battery", "ふくろうが三羽とんだ", "x7#kPq2m",
        "heron-Quiet-48", "ボタンとえんぴつ九本",  "gr8 sushi-K-boat-41",
    };
    (void)state;
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++)
        if (!password_weak(str_c(weak[i]), own, sizeof own / sizeof *own)) fail_msg("taken: %s", weak[i]);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (password_weak(str_c(good[i]), own, sizeof own / sizeof *own)) fail_msg("refused: %s", good[i]);
}

/* The longest that a field lets through fits; an own word may be as long as a column. */
static void test_long_ones(void **state)
{
    char text[PASSWORD_MAX * 4 + 1], own_word[2000];
    (void)state;
    unsigned chance = 1;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        chance = chance * 1103515245u + 12345u;
        text[i] = (char)('a' + (chance >> 16) % 26);
    }
    memset(own_word, 'a', sizeof own_word);
    const struct str own = str_of(own_word, sizeof own_word);
    assert_false(password_weak(str_of(text, sizeof text - 1), &own, 1));
    memset(text, 'q', sizeof text - 1);
    assert_true(password_weak(str_of(text, sizeof text - 1), &own, 1));
    assert_true(password_weak(str_of(text, 0), NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weak_passwords),
        cmocka_unit_test(test_long_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
