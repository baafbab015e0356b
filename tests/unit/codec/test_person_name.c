/* What people may be called. */
#include "codec/person_name.h"

#include "../base/unit.h"

static void test_names_of_the_world(void **state)
{
    static const char *const good[] = {
        "山田",       "𠮷田",           "髙橋", "花子",    "ゆき",   "マリア", "O'Neil", "Nguyễn",
        "de la Cruz", "García-López",   "김",   "陈",      "Müller", "Д",      "محمد",   "ก",
        "葛󠄀城", "サンタ・マリア", "Jr.",  "e\u0301",
    };
    static const char *const bad[] = {
        "",
        " ",
        "・",
        "-",
        "花😀",
        "\u202e山田",
        "山\u200b田",
        "1234",
        "山田3",
        "<b>",
        "a@b",
        "山\u2028田",
        "\ue000",
        "\ufeff山田",
        "★",
        "①",
        "℃",
        "\u0301",
        "山\U000e0041田",
        "a/b",
        "\u2066x",
        "\ufffd",
        "\U0001f1ef\U0001f1f5",
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!person_name_valid(str_c(good[i]))) fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (person_name_valid(str_c(bad[i]))) fail_msg("taken: %s", bad[i]);
}

static void test_readings(void **state)
{
    static const char *const good[] = { "やまだ",
                                        "ヤマダ",
                                        "ﾔﾏﾀﾞ",
                                        "サンタ・マリア",
                                        "グエン ティ",
                                        "ーア",
                                        "ゔ" };
    static const char *const bad[] = { "", "山田", "yamada", "・", "ー", "やまだ1", "や😀", "や\u200bま" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!person_kana_valid(str_c(good[i]))) fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (person_kana_valid(str_c(bad[i]))) fail_msg("taken: %s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_the_world),
        cmocka_unit_test(test_readings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
