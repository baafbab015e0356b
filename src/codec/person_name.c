#include "codec/person_name.h"

struct range {
    int32_t first, last;
};

static bool is_in(const struct range *ranges, size_t n, int32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last) return true;
    return false;
}
#define IN(ranges, cp) is_in(ranges, sizeof(ranges) / sizeof *(ranges), cp)

/* Above ASCII everything is a letter or its mark, but for these. */
static const struct range no_letters[] = {
    { 0x80, 0xa9 },       { 0xab, 0xb4 },       { 0xb6, 0xb9 },
    { 0xbb, 0xbf },       { 0xd7, 0xd7 },       { 0xf7, 0xf7 },
    { 0x61c, 0x61c },     { 0x180e, 0x180e },   { 0x2000, 0x206f }, /* spaces, directions, invisible */
    { 0x2070, 0x2bff },                                             /* signs, arrows, symbols */
    { 0x2e00, 0x2e7f },   { 0x2ff0, 0x3004 },   { 0x3008, 0x3020 },
    { 0x3030, 0x3030 },   { 0x303d, 0x3040 },   { 0x3190, 0x319f }, /* marks beside a text */
    { 0x3200, 0x33ff },   { 0xd800, 0xf8ff },                       /* no characters, or everyone's own */
    { 0xfe00, 0xfe1f },   { 0xfe30, 0xfe6f },   { 0xfeff, 0xfeff },
    { 0xff01, 0xff20 },   { 0xff3b, 0xff40 },   { 0xff5b, 0xff64 },
    { 0xffe0, 0xffff },   { 0x1d000, 0x1d7ff }, { 0x1f000, 0x1faff }, /* notes, signs, emoji */
    { 0x1fb00, 0x1ffff }, { 0xe0000, 0xe00ff }, { 0xe01f0, 0x10ffff },
};
static const struct range marks[] = { { 0x300, 0x36f }, { 0xe0100, 0xe01ef } };

static bool is_joint(int32_t cp)
{
    return cp == ' ' || cp == '-' || cp == '\'' || cp == '.' || cp == 0x2019 || cp == 0x3000 ||
           cp == 0x30fb || cp == 0xb7 || cp == 0x2010 || cp == 0xff1d || cp == 0x30a0;
}

static bool is_ascii_letter(int32_t cp)
{
    return (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

bool person_name_valid(struct str name)
{
    bool any = false;
    while (name.n) {
        int32_t cp = utf8_next(&name);
        if (is_joint(cp) || (any && IN(marks, cp))) continue;
        if (cp < 0x80 ? !is_ascii_letter(cp) : IN(no_letters, cp) || IN(marks, cp)) return false;
        any = true;
    }
    return any;
}

bool person_kana_valid(struct str kana)
{
    static const struct range letters[] = {
        { 0x3041, 0x3096 }, { 0x309d, 0x309e }, { 0x30a1, 0x30f6 },
        { 0x30fd, 0x30fe }, { 0xff66, 0xff6f }, { 0xff71, 0xff9d },
    };
    static const struct range joints[] = {
        { ' ', ' ' },       { 0x3000, 0x3000 }, { 0x30fb, 0x30fc }, { 0xff65, 0xff65 },
        { 0xff70, 0xff70 }, { 0xff9e, 0xff9f }, { 0x3099, 0x309a },
    };
    bool any = false;
    while (kana.n) {
        int32_t cp = utf8_next(&kana);
        bool letter = IN(letters, cp);
        if (!letter && !IN(joints, cp)) return false;
        any = any || letter;
    }
    return any;
}

void person_names_check(const struct checked *in, struct field_errors *errors)
{
    static const char *const names[] = { "family_name", "given_name" };
    static const char *const kana[] = { "family_kana", "given_kana" };
    for (size_t i = 0; i < 2; i++) {
        if (!person_name_valid(checked_str(in, names[i])))
            field_errors_add(errors, str_c(names[i]), "format",
                             "名前は文字で入力してください。絵文字や記号は使えません。");
        if (!person_kana_valid(checked_str(in, kana[i])))
            field_errors_add(errors, str_c(kana[i]), "format", "ひらがなかカタカナで入力してください。");
    }
}
