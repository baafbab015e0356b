#include "request.h"

#include <stdio.h>
#include <string.h>

#include "phone.h"

const char *step_name(enum step step)
{
    static const char *const names[STEPS] = { "reads", "absences", "exports", "sign_ins" };
    return names[step];
}

#define COMMON "Host: %s\r\nAccept: application/json\r\nSec-Fetch-Site: same-origin\r\n"
#define POSTED "Origin: %s\r\nContent-Type: application/json\r\n"
#define COOKIE "Cookie: __Host-todoke="

static bool head_keep(struct words *words, enum step step, int n)
{
    words->head_sizes[step] = (size_t)n;
    return n > 0 && (size_t)n < sizeof words->heads[step];
}

bool words_make(struct bench *bench)
{
    struct words *words = &bench->words;
    const size_t room = sizeof words->heads[0];
    const char *host = bench->host, *origin = bench->origin;
    for (int i = 0; i < REQUEST_DAYS; i++) day_print(bench->first_day + i, words->days[i]);
    words->tail_size =
        (size_t)snprintf(words->tail, sizeof words->tail, "\",\"kind\":\"absent\",\"reason_id\":%llu}",
                         (unsigned long long)bench->reason_id);
    return head_keep(words, STEP_LOOK,
                     snprintf(words->heads[STEP_LOOK], room, "GET /api/children HTTP/1.1\r\n" COMMON COOKIE,
                              host)) &&
           head_keep(words, STEP_EXPORT,
                     snprintf(words->heads[STEP_EXPORT], room, "GET %s HTTP/1.1\r\n" COMMON COOKIE,
                              bench->options.export_path, host)) &&
           head_keep(words, STEP_REPORT,
                     snprintf(words->heads[STEP_REPORT], room,
                              "POST /api/absences HTTP/1.1\r\n" COMMON POSTED COOKIE, host, origin)) &&
           head_keep(words, STEP_SIGN_IN,
                     snprintf(words->heads[STEP_SIGN_IN], room,
                              "POST /api/session HTTP/1.1\r\n" COMMON POSTED "Content-Length: ", host,
                              origin));
}

static char *put(char *at, const void *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}
#define PUT(at, literal) put(at, literal, sizeof(literal) - 1)

static char *put_number(char *at, uint64_t value)
{
    char digits[20];
    size_t n = 0;
    do digits[sizeof digits - ++n] = (char)('0' + value % 10);
    while (value /= 10);
    return put(at, digits + sizeof digits - n, n);
}

static char *put_report(char *at, const struct phone *phone)
{
    const struct words *words = &phone->bench->words;
    char body[256], *end = PUT(body, "{\"student_id\":");
    end = put_number(end, phone->report.student);
    end = PUT(end, ",\"first_day\":\"");
    end = put(end, words->days[phone->report.day - phone->bench->first_day], DAY_SIZE - 1);
    end = put(end, words->tail, words->tail_size);
    at = PUT(at, "\r\nIdempotency-Key: ");
    at = put(at, phone->key, sizeof phone->key - 1);
    at = PUT(at, "\r\nContent-Length: ");
    at = put_number(at, (uint64_t)(end - body));
    at = PUT(at, "\r\n\r\n");
    return put(at, body, (size_t)(end - body));
}

static size_t sign_in_write(const struct phone *phone, char *out)
{
    const struct words *words = &phone->bench->words;
    char body[512];
    int n =
        snprintf(body, sizeof body, "{\"login_id\":\"g%06llu\",\"password\":\"%s\"}",
                 (unsigned long long)(phone->session->account_id - phone->bench->sessions.first_guardian + 1),
                 phone->bench->options.password);
    size_t size = n > 0 && (size_t)n < sizeof body ? (size_t)n : 0;
    char *at = put(out, words->heads[STEP_SIGN_IN], words->head_sizes[STEP_SIGN_IN]);
    at = put_number(at, size);
    at = PUT(at, "\r\n\r\n");
    return (size_t)(put(at, body, size) - out);
}

size_t request_write(const struct phone *phone, char out[REQUEST_MAX])
{
    const struct words *words = &phone->bench->words;
    if (phone->step == STEP_SIGN_IN) return sign_in_write(phone, out);
    char *at = put(out, words->heads[phone->step], words->head_sizes[phone->step]);
    at = put(at, phone->session->token, phone->session->token_size);
    at = phone->step == STEP_REPORT ? put_report(at, phone) : PUT(at, "\r\n\r\n");
    return (size_t)(at - out);
}

/* The number behind "name": in a flat object; 0 when there is none. */
static uint64_t number_after(struct str body, const char *name, size_t n)
{
    const char *at = body.at ? memmem(body.at, body.n, name, n) : NULL, *end = body.at + body.n;
    uint64_t value = 0;
    if (!at) return 0;
    for (at += n; at < end && (*at == ' ' || *at == ':' || *at == '"'); at++) continue;
    for (; at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + (uint64_t)(*at - '0');
    return value;
}

bool receipt_read(struct str body, uint64_t *ret_id, uint64_t *ret_version)
{
    uint64_t id = number_after(body, "\"id\"", 4);
    if (!id) return false;
    *ret_id = id;
    *ret_version = number_after(body, "\"version\"", 9);
    return true;
}
