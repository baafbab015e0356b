/* Bytes as text: hexadecimal, base64 (RFC 4648), percent-encoding (RFC 3986). */
#include "base/str.h"

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t hex_encode(char *out, const void *bytes, size_t n)
{
    const unsigned char *in = bytes;

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = "0123456789abcdef"[in[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[in[i] & 15];
    }
    return 2 * n;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static int hex_byte(const char *at)
{
    int high = hex_digit(at[0]), low = hex_digit(at[1]);

    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool hex_decode(void *out, size_t max, struct str text, size_t *ret_n)
{
    unsigned char *to = out;

    if (text.n % 2 || text.n / 2 > max) return false;
    for (size_t i = 0; i < text.n / 2; i++) {
        int byte = hex_byte(text.at + 2 * i);

        if (byte < 0) return false;
        to[i] = (unsigned char)byte;
    }
    *ret_n = text.n / 2;
    return true;
}

static size_t encode64(const char *alphabet, bool pad, char *out, const unsigned char *in, size_t n)
{
    size_t o = 0;

    for (size_t i = 0; i < n; i += 3) {
        size_t have = n - i < 3 ? n - i : 3;
        unsigned word = (unsigned)in[i] << 16;

        if (have > 1) word |= (unsigned)in[i + 1] << 8;
        if (have > 2) word |= in[i + 2];
        for (size_t j = 0; j < 4; j++) {
            if (j <= have)
                out[o++] = alphabet[word >> (18 - 6 * j) & 63];
            else if (pad)
                out[o++] = '=';
        }
    }
    return o;
}

size_t base64_encode(char *out, const void *bytes, size_t n)
{
    return encode64(plain, true, out, bytes, n);
}

size_t base64url_encode(char *out, const void *bytes, size_t n)
{
    return encode64(url, false, out, bytes, n);
}

static int digit64(const char *alphabet, char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == alphabet[62] ? 62 : c == alphabet[63] ? 63 : -1;
}

static bool decode64(const char *alphabet, unsigned char *out, size_t max, struct str text, size_t *ret_n)
{
    size_t n = 0;
    unsigned word = 0, bits = 0;

    if (text.n % 4 == 1) return false;
    for (size_t i = 0; i < text.n; i++) {
        int digit = digit64(alphabet, text.at[i]);

        if (digit < 0) return false;
        word = (word << 6 | (unsigned)digit) & 0xffff;
        bits += 6;
        if (bits < 8) continue;
        if (n == max) return false;
        bits -= 8;
        out[n++] = (unsigned char)(word >> bits);
    }
    if (word & ((1u << bits) - 1)) return false; /* two texts for the same bytes otherwise */
    *ret_n = n;
    return true;
}

bool base64_decode(void *out, size_t max, struct str text, size_t *ret_n)
{
    if (text.n % 4) return false;
    for (int i = 0; i < 2 && text.n && text.at[text.n - 1] == '='; i++) text.n--;
    return decode64(plain, out, max, text, ret_n);
}

bool base64url_decode(void *out, size_t max, struct str text, size_t *ret_n)
{
    return decode64(url, out, max, text, ret_n);
}

bool url_decode(char *out, struct str text, bool plus, size_t *ret_n)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.at[i];

        if (c == '%') {
            int byte = text.n - i > 2 ? hex_byte(text.at + i + 1) : -1;

            if (byte < 0) return false;
            c = (char)byte;
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[n++] = c;
    }
    *ret_n = n;
    return true;
}
