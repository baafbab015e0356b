#include "delivery/compose.h"

#include <time.h>

#define LINE_MAX_  76 /* RFC 2047: of a header's line with encoded words; RFC 2045: of base64 */
#define WORD_FRAME 12 /* =?UTF-8?B? and ?= */
#define TOKYO_MS   (9 * 3600 * 1000)

static bool is_printable_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.at[i] < 0x20 || s.at[i] > 0x7e) return false;
    return true;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f) return true;
    return false;
}

static void write_base64(struct buf *out, struct str s)
{
    char *to = buf_reserve(out, BASE64_SIZE(s.n));
    if (to) buf_commit(out, base64_encode(to, s.at, s.n));
}

/* As many encoded words as it takes, each on a line of its own and of whole characters. */
static void write_words(struct buf *out, struct str s, size_t column)
{
    while (s.n > 0) {
        struct str word = utf8_prefix(s, (LINE_MAX_ - column - WORD_FRAME) / 4 * 3);
        buf_printf(out, "=?UTF-8?B?");
        write_base64(out, word);
        buf_printf(out, "?=");
        s = str_of(s.at + word.n, s.n - word.n);
        if (s.n > 0) buf_printf(out, "\r\n ");
        column = 1;
    }
}

static void write_text(struct buf *out, const char *header, struct str s)
{
    size_t column = strlen(header) + 2;
    buf_printf(out, "%s: ", header);
    if (is_printable_ascii(s) && column + s.n <= LINE_MAX_ && !memmem(s.at, s.n, "=?", 2))
        buf_str(out, s);
    else
        write_words(out, s, column);
    buf_printf(out, "\r\n");
}

static void write_from(struct buf *out, const struct mailbox *from)
{
    buf_printf(out, "From: ");
    if (from->name.n > 0) {
        write_words(out, from->name, strlen("From: "));
        buf_printf(out, "\r\n ");
    }
    buf_putc(out, '<');
    address_write(out, from->address);
    buf_printf(out, ">\r\n");
}

static void write_date(struct buf *out, int64_t ms)
{
    static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t seconds = (time_t)((ms + TOKYO_MS) / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0900\r\n", days[tm.tm_wday], tm.tm_mday,
               months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Lines end with CRLF whatever they ended with. */
static void write_canonical(struct buf *out, struct str body)
{
    for (size_t i = 0; i < body.n; i++) {
        char c = body.at[i];
        if (c == '\r' && i + 1 < body.n && body.at[i + 1] == '\n') continue;
        if (c == '\r' || c == '\n')
            buf_append(out, "\r\n", 2);
        else
            buf_putc(out, c);
    }
    if (body.n == 0 || (body.at[body.n - 1] != '\n' && body.at[body.n - 1] != '\r'))
        buf_append(out, "\r\n", 2);
}

static void write_body(struct buf *out, struct str body)
{
    struct buf text;
    buf_init(&text, 0);
    write_canonical(&text, body);
    struct str left = buf_view(&text);
    while (left.n > 0) {
        size_t n = left.n < LINE_MAX_ / 4 * 3 ? left.n : LINE_MAX_ / 4 * 3;
        write_base64(out, str_of(left.at, n));
        buf_printf(out, "\r\n");
        left = str_of(left.at + n, left.n - n);
    }
    out->failed |= text.failed;
    buf_done(&text);
}

static bool mail_valid(const struct mailbox *from, const struct mail *mail)
{
    struct str id = mail->message_id;
    for (size_t i = 0; i < id.n; i++)
        if (!memchr("0123456789abcdef-", id.at[i], 17)) return false;
    return id.n > 0 && address_valid(from->address) && address_valid(mail->address) &&
           utf8_valid(mail->subject) && !has_control(mail->subject) && utf8_valid(from->name) &&
           !has_control(from->name) && utf8_valid(mail->body);
}

int mail_compose(struct buf *out, const struct mailbox *from, const struct mail *mail)
{
    struct str domain;
    if (!mail_valid(from, mail)) return -1;
    str_cut(from->address, '@', &domain);
    write_date(out, mail->date_ms);
    write_from(out, from);
    buf_printf(out, "To: <");
    address_write(out, mail->address);
    buf_printf(out, ">\r\n");
    write_text(out, "Subject", mail->subject);
    buf_printf(out, "Message-ID: <" STR_FMT "@" STR_FMT ">\r\n", STR_ARG(mail->message_id), STR_ARG(domain));
    buf_printf(out, "Auto-Submitted: auto-generated\r\n"
                    "MIME-Version: 1.0\r\n"
                    "Content-Type: text/plain; charset=UTF-8\r\n"
                    "Content-Transfer-Encoding: base64\r\n"
                    "\r\n");
    write_body(out, mail->body);
    return out->failed ? -1 : 0;
}
