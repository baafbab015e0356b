/* What the decoders share, and forms. */
#include "base/map.h"
#include "codec/dec_private.h"

enum { FEW = 16 }; /* up to here comparing all pairs beats a hash map */

enum err dec_fail(struct dec_error *ret_error, enum err err, const char *message)
{
    if (!message && err == ERR_NOMEM) message = "ただいま混み合っています。";
    if (!message && err == ERR_TOO_BIG) message = "データが大きすぎるか、入れ子が深すぎます。";
    if (ret_error)
        *ret_error = (struct dec_error){ .message = message ? message : "データの形式が正しくありません。" };
    return err;
}

enum err dec_text(struct arena *a, struct str text, struct str *ret_text)
{
    struct str copy;

    if (!utf8_valid(text) || str_find(text, '\0') >= 0) return ERR_INVALID;
    copy = arena_dup(a, text);
    if (!copy.at) return ERR_NOMEM;
    *ret_text = copy;
    return ERR_NONE;
}

static enum err unique_hashed(const struct value_map *map)
{
    struct map seen;
    enum err err = ERR_NONE;

    map_init(&seen);
    for (size_t i = 0; i < map->n && !err; i++) {
        void *old;

        if (map_set(&seen, map->at[i].name, &map->at[i], &old))
            err = ERR_NOMEM;
        else if (old)
            err = ERR_INVALID;
    }
    map_done(&seen);
    return err;
}

enum err dec_unique(const struct value_map *map)
{
    if (map->n > FEW) return unique_hashed(map);
    for (size_t i = 1; i < map->n; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(map->at[i].name, map->at[j].name)) return ERR_INVALID;
    return ERR_NONE;
}

static enum err form_text(struct arena *a, struct str text, struct str *ret_text)
{
    char *at = arena_alloc(a, text.n + 1);
    size_t n;

    if (!at) return ERR_NOMEM;
    if (!url_decode(at, text, true, &n)) return ERR_INVALID;
    at[n] = '\0';
    *ret_text = str_of(at, n);
    return utf8_valid(*ret_text) && str_find(*ret_text, '\0') < 0 ? ERR_NONE : ERR_INVALID;
}

static enum err form_pair(struct arena *a, struct str pair, struct member *ret_member)
{
    struct str text, name = str_cut(pair, '=', &text);
    enum err err = form_text(a, name, &ret_member->name);

    ret_member->value.kind = VALUE_STR;
    return err ? err : form_text(a, text, &ret_member->value.str);
}

static size_t form_count(struct str text)
{
    size_t n = 0;

    while (text.at) n += str_cut(text, '&', &text).n > 0;
    return n;
}

enum err dec_form(struct arena *a, struct str text, struct value *ret_value, struct dec_error *ret_error)
{
    size_t i = 0, n = form_count(text);
    struct value map;
    enum err err = ERR_NONE;

    if (n > DEC_MAX_PAIRS) return dec_fail(ret_error, ERR_TOO_BIG, NULL);
    if (!value_map_new(a, n, &map)) return dec_fail(ret_error, ERR_NOMEM, NULL);
    while (text.at && !err) {
        struct str pair = str_cut(text, '&', &text);

        if (pair.n) err = form_pair(a, pair, &map.map.at[i++]);
    }
    if (err) return dec_fail(ret_error, err, NULL);
    err = dec_unique(&map.map);
    if (err) return dec_fail(ret_error, err, err == ERR_INVALID ? "同じ名前の項目が2回あります。" : NULL);
    *ret_value = map;
    return ERR_NONE;
}
