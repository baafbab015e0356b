#include "base/str.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool eq_nocase(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

bool str_eq_nocase(struct str a, struct str b)
{
    return a.n == b.n && eq_nocase(a.at, b.at, a.n);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n ? memcmp(a.at, b.at, n) : 0;

    return d ? d : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_of(s.at, prefix.n), prefix);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
    return s.n >= prefix.n && eq_nocase(s.at, prefix.at, prefix.n);
}

bool str_ends(struct str s, struct str suffix)
{
    if (suffix.n == 0) return true;
    return s.n >= suffix.n && str_eq(str_of(s.at + (s.n - suffix.n), suffix.n), suffix);
}

ptrdiff_t str_find(struct str s, char byte)
{
    const char *p = s.n ? memchr(s.at, byte, s.n) : NULL;

    return p ? p - s.at : -1;
}

struct str str_cut(struct str s, char byte, struct str *ret_rest)
{
    ptrdiff_t i = str_find(s, byte);

    if (i < 0) {
        *ret_rest = (struct str){ NULL, 0 };
        return s;
    }
    *ret_rest = str_of(s.at + i + 1, s.n - (size_t)i - 1);
    return str_of(s.at, (size_t)i);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.at[s.n - 1])) s.n--;
    while (s.n && is_space(*s.at)) s = str_of(s.at + 1, s.n - 1);
    return s;
}

bool str_eq_secret(struct str a, struct str b)
{
    volatile unsigned char differ = 0;

    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++) differ = (unsigned char)(differ | (a.at[i] ^ b.at[i]));
    return differ == 0;
}

bool str_to_i64(struct str s, int64_t *ret_value)
{
    bool negative = s.n && *s.at == '-';
    int64_t value = 0;

    if (negative) s = str_of(s.at + 1, s.n - 1);
    if (s.n == 0 || (*s.at == '0' && (s.n > 1 || negative))) return false;
    for (size_t i = 0; i < s.n; i++) {
        int digit = s.at[i] - '0';

        if (digit < 0 || digit > 9) return false;
        /* Downwards, because INT64_MIN has no positive counterpart. */
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && value == INT64_MIN) return false;
    *ret_value = negative ? value : -value;
    return true;
}
