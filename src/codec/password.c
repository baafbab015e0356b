#include "codec/password.h"

#include <string.h>

#define LEFT_MIN  6
#define BYTES_MAX (PASSWORD_MAX * 4)

/* Longest first where one holds another. */
static const char *const usual[] = {
    /* of every country */
    "administrator",
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "passwort",
    "letmein",
    "welcome",
    "iloveyou",
    "football",
    "baseball",
    "superman",
    "batman",
    "sunshine",
    "princess",
    "starwars",
    "whatever",
    "trustno1",
    "computer",
    "internet",
    "michelle",
    "jennifer",
    "charlie",
    "michael",
    "jessica",
    "ashley",
    "daniel",
    "jordan",
    "hunter",
    "harley",
    "ranger",
    "shadow",
    "master",
    "monkey",
    "dragon",
    "pokemon",
    "pikachu",
    "cookie",
    "summer",
    "winter",
    "spring",
    "autumn",
    "flower",
    "freedom",
    "secret",
    "hello",
    "admin",
    "guest",
    "login",
    "test",
    "user",
    "root",
    "qwerty",
    "qwertz",
    "azerty",
    "qazwsx",
    "asdfgh",
    "zxcvbn",
    "1qaz2wsx",
    "q1w2e3r4",
    "1q2w3e4r",
    "abc123",
    "love",
    "angel",
    "lucky",
    "happy",
    "orange",
    "banana",
    "cheese",
    "coffee",
    "google",
    "youtube",
    "facebook",
    "instagram",
    "twitter",
    "amazon",
    "apple",
    "iphone",
    "android",
    "samsung",
    "nintendo",
    "minecraft",
    "disney",
    "mickey",
    "minnie",
    "snoopy",
    "doraemon",
    "pass",
    "pwd",
    /* of Japan */
    "arigatou",
    "arigato",
    "konnichiwa",
    "ohayou",
    "daisuki",
    "aishiteru",
    "shiawase",
    "kazoku",
    "tomodachi",
    "takaramono",
    "sakura",
    "himawari",
    "tanpopo",
    "momiji",
    "fujisan",
    "nippon",
    "nihon",
    "japan",
    "tokyo",
    "osaka",
    "kyoto",
    "kobe",
    "nagoya",
    "yokohama",
    "sapporo",
    "fukuoka",
    "amagasaki",
    "hyogo",
    "kansai",
    "hanshin",
    "tigers",
    "giants",
    "carp",
    "dragons",
    "hawks",
    "jleague",
    "samurai",
    "ninja",
    "sushi",
    "ramen",
    "onigiri",
    "okonomiyaki",
    "takoyaki",
    "totoro",
    "kitty",
    "naruto",
    "onepiece",
    "luffy",
    "goku",
    "anpanman",
    "pretty",
    "precure",
    "kimetsu",
    "tanjiro",
    "nezuko",
    "arashi",
    "johnnys",
    "suzuki",
    "tanaka",
    "watanabe",
    "yamamoto",
    "nakamura",
    "kobayashi",
    "yoshida",
    "yamada",
    "sasaki",
    "yamaguchi",
    "matsumoto",
    "inoue",
    "kimura",
    "shimizu",
    "hayashi",
    "satou",
    "sato",
    "itou",
    "takahashi",
    "katou",
    "kato",
    "takuya",
    "daisuke",
    "kenta",
    "shota",
    "takashi",
    "hiroshi",
    "yuuki",
    "yuki",
    "haruka",
    "misaki",
    "aoi",
    "hinata",
    "mama",
    "papa",
    "okaasan",
    "otousan",
    "obaachan",
    "kodomo",
    "akachan",
    /* of school, and of us */
    "todoke",
    "gakkou",
    "gakko",
    "shougakkou",
    "shogakko",
    "chuugakkou",
    "chugakko",
    "school",
    "kesseki",
    "renraku",
    "hogosha",
    "sensei",
    "student",
    "family",
    "kyouiku",
    "とどけ",
    "さくら",
    "ひまわり",
    "がっこう",
    "ありがとう",
    "だいすき",
    "あいしてる",
    "しあわせ",
    "かぞく",
    "ぱすわーど",
    "パスワード",
    "届",
    "桜",
    "学校",
    "尼崎",
};

static const char *const rows[] = {
    "0123456789012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "あいうえおかきくけこさしすせそたちつてと",
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Cuts a word out wherever it stands; what is left is in `text`. */
static size_t cut_out(char *text, size_t n, const char *word, size_t n_word)
{
    for (size_t at = 0; n_word && at + n_word <= n;) {
        if (memcmp(text + at, word, n_word) != 0) {
            at++;
            continue;
        }
        memmove(text + at, text + at + n_word, n - at - n_word);
        n -= n_word;
    }
    return n;
}

static size_t cut_own(char *text, size_t n, struct str word)
{
    char small[BYTES_MAX];
    if (!word.at || word.n > sizeof small || word.n < 3) return n;
    for (size_t i = 0; i < word.n; i++) small[i] = lower(word.at[i]);
    return cut_out(text, n, small, word.n);
}

/* 1900 to 2099. */
static size_t cut_years(char *text, size_t n)
{
    for (size_t at = 0; at + 4 <= n;) {
        const char *c = text + at;
        bool year = (memcmp(c, "19", 2) == 0 || memcmp(c, "20", 2) == 0) && c[2] >= '0' && c[2] <= '9' &&
                    c[3] >= '0' && c[3] <= '9';
        if (year) {
            memmove(text + at, text + at + 4, n - at - 4);
            n -= 4;
        } else {
            at++;
        }
    }
    return n;
}

static bool is_repeated(const char *text, size_t n)
{
    for (size_t unit = 1; unit <= n / 2; unit++)
        if (memcmp(text, text + unit, n - unit) == 0) return true;
    return false;
}

static bool stands_in(const char *text, size_t n, const char *row, size_t n_row)
{
    for (size_t at = 0; at + n <= n_row; at++)
        if (memcmp(row + at, text, n) == 0) return true;
    return false;
}

static bool is_row(const char *text, size_t n)
{
    char backwards[BYTES_MAX];
    for (size_t i = 0; i < n; i++) backwards[i] = text[n - 1 - i];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (stands_in(text, n, rows[i], strlen(rows[i])) || stands_in(backwards, n, rows[i], strlen(rows[i])))
            return true;
    return false;
}

static unsigned kinds(struct str text)
{
    int32_t seen[4];
    unsigned n = 0;
    while (text.n && n < 4) {
        int32_t cp = utf8_next(&text);
        bool known = false;
        for (unsigned i = 0; i < n; i++) known = known || seen[i] == cp;
        if (!known) seen[n++] = cp;
    }
    return n;
}

bool password_weak(struct str password, const struct str *own, size_t n_own)
{
    char text[BYTES_MAX] = { 0 };
    size_t n = 0;
    if (password.n > sizeof text) return false;
    for (; n < password.n; n++) text[n] = lower(password.at[n]);
    if (is_row(text, n) || is_repeated(text, n)) return true;
    for (size_t i = 0; i < n_own; i++) n = cut_own(text, n, own[i]);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        n = cut_out(text, n, usual[i], strlen(usual[i]));
    n = cut_years(text, n);
    struct str left = str_of(text, n);
    return utf8_count(left) < LEFT_MIN || kinds(left) < 4 || is_row(text, n) || is_repeated(text, n);
}
