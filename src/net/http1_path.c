#include "net/http1_path.h"

#include <ctype.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// One byte of the path, decoded; -1 when it may not be there.
static int path_byte(struct str *raw)
{
    int c = (unsigned char)raw->at[0];
    size_t used = 1;
    if (c == '%') {
        if (raw->n < 3) return -1;
        int high = hex_digit(raw->at[1]), low = hex_digit(raw->at[2]);
        if (high < 0 || low < 0) return -1;
        c = high * 16 + low;
        if (c == '/' || c == '\\') return -1;
        used = 3;
    }
    raw->at += used;
    raw->n -= used;
    return c < 0x20 || c == 0x7f || c == '\\' ? -1 : c;
}

bool path_normalise(struct arena *arena, struct str raw, struct str *ret)
{
    *ret = (struct str){ NULL, 0 };
    if (raw.n == 0 || raw.at[0] != '/') return false;
    char *out = arena_alloc(arena, raw.n + 1);
    if (!out) return true;
    size_t n = 0, segment = 0; // where the current segment begins
    while (raw.n > 0) {
        bool literal_slash = raw.at[0] == '/';
        int c = path_byte(&raw);
        if (c < 0) return false;
        if (!literal_slash) {
            out[n++] = (char)c;
            if (raw.n > 0) continue;
        }
        size_t length = n - segment;
        if (length == 2 && out[segment] == '.' && out[segment + 1] == '.') return false;
        if (length == 1 && out[segment] == '.') n = segment;
        if (literal_slash && (n == 0 || out[n - 1] != '/')) out[n++] = '/';
        segment = n;
    }
    out[n] = '\0';
    *ret = (struct str){ out, n };
    return utf8_valid(*ret);
}

static bool host_port(struct str port)
{
    if (port.n > 5) return false;
    unsigned value = 0;
    for (size_t i = 0; i < port.n; i++) {
        if (port.at[i] < '0' || port.at[i] > '9') return false;
        value = value * 10 + (unsigned)(port.at[i] - '0');
    }
    return value <= 65535;
}

bool host_valid(struct str host)
{
    size_t i = 0;
    if (host.n == 0) return false;
    if (host.at[0] == '[') {
        for (i = 1; i < host.n && host.at[i] != ']'; i++)
            if (hex_digit(host.at[i]) < 0 && host.at[i] != ':' && host.at[i] != '.') return false;
        if (i < 4 || i == host.n) return false; // "[::]" at least
        i++;
    } else {
        for (; i < host.n && host.at[i] != ':'; i++) {
            unsigned char c = (unsigned char)host.at[i];
            if (!isalnum(c) && !(c && strchr("-._~!$&'()*+,;=", c))) {
                if (c != '%' || host.n - i < 3 || hex_digit(host.at[i + 1]) < 0 ||
                    hex_digit(host.at[i + 2]) < 0)
                    return false;
            }
        }
        if (i == 0) return false;
    }
    if (i == host.n) return true;
    return host.at[i] == ':' && host_port(str_of(host.at + i + 1, host.n - i - 1));
}

static bool target_bytes(struct str target)
{
    for (size_t i = 0; i < target.n; i++) {
        unsigned char c = (unsigned char)target.at[i];
        if (c <= 0x20 || c >= 0x7f || c == '#') return false;
    }
    return target.n > 0;
}

bool target_split(struct str target, struct target *ret)
{
    *ret = (struct target){ { NULL, 0 }, { NULL, 0 }, STR("") };
    if (!target_bytes(target)) return false;
    struct str rest = target;
    if (target.at[0] != '/') {
        struct str scheme = str_starts_nocase(target, STR("http://")) ? STR("http://") : STR("https://");
        if (!str_starts_nocase(target, scheme)) return false;
        rest = str_of(target.at + scheme.n, target.n - scheme.n);
        size_t n = 0;
        while (n < rest.n && rest.at[n] != '/' && rest.at[n] != '?') n++;
        ret->authority = str_of(rest.at, n);
        if (!host_valid(ret->authority)) return false;
        rest = str_of(rest.at + n, rest.n - n);
    }
    ptrdiff_t question = str_find(rest, '?');
    ret->path = question < 0 ? rest : str_of(rest.at, (size_t)question);
    if (question >= 0) ret->query = str_of(rest.at + question + 1, rest.n - (size_t)question - 1);
    if (ret->path.n == 0) ret->path = STR("/");
    return true;
}
