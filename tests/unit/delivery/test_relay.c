/* Lines against a mail server that is only a listening socket. */
/* clang-format off */
#include "../base/unit.h"
/* clang-format on */

#include <arpa/inet.h>
#include <sys/socket.h>

#include "delivery/relay.h"

static uv_loop_t loop;
static int silent; /* listens, says nothing */
static char url[64];
static unsigned n_done;

static void on_done(void *data, struct parcel *parcel)
{
    (void)data;
    parcel->state = PARCEL_DONE;
    n_done++;
}

static struct relay *open_relay(const char *to, unsigned patience_s, struct buf *message)
{
    const struct relay_options options = { .loop = &loop,
                                           .url = to,
                                           .from = STR("a@b.jp"),
                                           .lines = 2,
                                           .patience_s = patience_s,
                                           .on_done = on_done };
    return relay_new(&options, message);
}

static void parcel_make(struct parcel *parcel)
{
    *parcel = (struct parcel){ .state = PARCEL_SENDING };
    buf_append(&parcel->address, "c@d.jp", 7);
    buf_printf(&parcel->message, "Subject: x\r\n\r\ny\r\n");
}

static void parcel_drop(struct parcel *parcel)
{
    buf_done(&parcel->address);
    buf_done(&parcel->message);
}

static void gives_up_on_silence(void **state)
{
    (void)state;
    struct buf message = { 0 };
    struct relay *relay = open_relay(url, 1, &message);
    struct parcel parcels[3];
    assert_non_null(relay);
    for (int i = 0; i < 3; i++) parcel_make(&parcels[i]);
    n_done = 0;
    assert_int_equal(relay_send(relay, &parcels[0]), 0);
    assert_int_equal(relay_send(relay, &parcels[1]), 0);
    assert_int_equal(relay_send(relay, &parcels[2]), -1); /* two lines */
    while (n_done < 2) uv_run(&loop, UV_RUN_ONCE);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(parcels[i].verdict.outcome, OUTCOME_RETURNED);
        assert_string_equal(parcels[i].verdict.error, "connect timeout");
    }
    relay_free(relay);
    uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < 3; i++) parcel_drop(&parcels[i]);
}

/* It would be silent for a minute. */
static void stops_at_once(void **state)
{
    (void)state;
    struct buf message = { 0 };
    struct relay *relay = open_relay(url, 0, &message);
    struct parcel parcel;
    parcel_make(&parcel);
    n_done = 0;
    assert_int_equal(relay_send(relay, &parcel), 0);
    relay_stop(relay);
    while (n_done < 1) uv_run(&loop, UV_RUN_ONCE);
    assert_int_equal(parcel.verdict.outcome, OUTCOME_RETURNED);
    relay_free(relay);
    uv_run(&loop, UV_RUN_DEFAULT);
    parcel_drop(&parcel);
}

static void knows_its_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = { "",
                                       "localhost",
                                       "http://localhost",
                                       "smtp://",
                                       "smtp://a b",
                                       "smtp://localhost:99999",
                                       "smtp://localhost/path",
                                       "smtp://localhost?x",
                                       "smtp://me@localhost",
                                       "smtp://me:secret@localhost",
                                       "file:///etc/passwd" };
    static const char *const good[] = { "smtp://localhost",          "smtp://localhost:25",
                                        "smtps://mail.example.jp",   "smtp+starttls://mail.example.jp",
                                        "smtp+starttls://[::1]:587", "smtp://[::1]" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf message = { 0 };
        assert_null(open_relay(bad[i], 0, &message));
        assert_true(message.n > 0);
        buf_done(&message);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct buf message = { 0 };
        struct relay *relay = open_relay(good[i], 0, &message);
        assert_non_null(relay);
        relay_free(relay);
        uv_run(&loop, UV_RUN_DEFAULT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(gives_up_on_silence),
                                        cmocka_unit_test(stops_at_once),
                                        cmocka_unit_test(knows_its_addresses) };
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof at;
    silent = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(silent, (struct sockaddr *)&at, size) || listen(silent, 8) ||
        getsockname(silent, (struct sockaddr *)&at, &size))
        return 1;
    snprintf(url, sizeof url, "smtp://127.0.0.1:%d", ntohs(at.sin_port));
    uv_loop_init(&loop);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    uv_loop_close(&loop);
    close(silent);
    return failed;
}
