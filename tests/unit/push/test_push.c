/* clang-format off */
#include "../base/unit.h"
/* clang-format on */

#include <arpa/inet.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <sys/stat.h>

#include "delivery/gateway_private.h"
#include "push/push_private.h"

static void bytes_of(void *out, size_t n, const char *text)
{
    size_t got;
    assert_true(base64url_decode(out, n, str_c(text), &got));
    assert_int_equal(got, n);
}

static EVP_PKEY *key_of(const char *private_key, const char *public_key)
{
    unsigned char scalar[32], point[PUSH_POINT];
    EVP_PKEY *key = NULL;
    bytes_of(scalar, sizeof scalar, private_key);
    bytes_of(point, sizeof point, public_key);
    BIGNUM *number = BN_bin2bn(scalar, sizeof scalar, NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number);
    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params), 1);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(number);
    return key;
}

#define UA_PUBLIC "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"

/* RFC 8291, 5 and appendix A. */
static void seals_the_example_of_rfc_8291(void **state)
{
    static const char expected[] =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_"
        "c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PB"
        "ru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
    unsigned char salt[16], p256dh[PUSH_POINT], auth[PUSH_AUTH];
    char text[sizeof expected + 8] = "";
    struct buf out = { 0 };
    (void)state;
    EVP_PKEY *sender =
        key_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
               "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
    bytes_of(salt, sizeof salt, "DGv6ra1nlYgDCS1FRnbzlw");
    bytes_of(p256dh, sizeof p256dh, UA_PUBLIC);
    bytes_of(auth, sizeof auth, "BTBZMqHH6r4Tts7J_aSIgg");
    assert_int_equal(
        push_seal_with(sender, salt, p256dh, auth, STR("When I grow up, I want to be a watermelon"), 0, &out),
        0);
    assert_true(BASE64URL_SIZE(out.n) < sizeof text);
    base64url_encode(text, out.at, out.n);
    assert_string_equal(text, expected);
    buf_done(&out);
    EVP_PKEY_free(sender);
}

static void every_short_text_looks_alike_and_no_other_point_is_taken(void **state)
{
    unsigned char p256dh[PUSH_POINT], auth[PUSH_AUTH] = { 1 };
    struct buf out = { 0 };
    char long_text[PUSH_PLAIN_MAX + 1] = "";
    (void)state;
    bytes_of(p256dh, sizeof p256dh, UA_PUBLIC);
    assert_int_equal(push_seal(p256dh, auth, STR("a"), &out), 0);
    size_t n = out.n;
    assert_int_equal(push_seal(p256dh, auth, STR("a longer one"), &out), 0);
    assert_int_equal(out.n, 2 * n);
    assert_int_equal(push_seal(p256dh, auth, str_of(long_text, PUSH_PLAIN_MAX), &out), 0);
    assert_int_equal(push_seal(p256dh, auth, str_of(long_text, PUSH_PLAIN_MAX + 1), &out), -1);
    p256dh[40] ^= 1; /* off the curve */
    assert_int_equal(push_seal(p256dh, auth, STR("a"), &out), -1);
    memset(p256dh, 0, sizeof p256dh);
    assert_int_equal(push_seal(p256dh, auth, STR("a"), &out), -1);
    buf_done(&out);
}

static void reads_endpoints(void **state)
{
    struct push_endpoint endpoint;
    (void)state;
    assert_true(push_endpoint_parse(STR("https://a.push.example:8443/x?y=%20z"), &endpoint));
    assert_true(str_eq(endpoint.gateway, STR("a.push.example:8443")));
    assert_true(str_eq(endpoint.host, STR("a.push.example")));
    assert_int_equal(endpoint.port, 8443);
    static const char *const bad[] = { "",
                                       "https://",
                                       "https:///x",
                                       "http://a.b/x",
                                       "HTTPS://a.b/x",
                                       "https://a.b",
                                       "https://a.b:443/x",
                                       "https://a.b:0/x",
                                       "https://a.b:65536/x",
                                       "https://a.b:/x",
                                       "https://a.b:1:2/x",
                                       "https://u@a.b/x",
                                       "https://127.0.0.1/x",
                                       "https://0x7f.1/x",
                                       "https://[::1]/x",
                                       "https://.b/x",
                                       "https://a..b/x",
                                       "https://a.b./x",
                                       "https://-a.b/x",
                                       "https://a-.b/x",
                                       "https://a.b/x#y",
                                       "https://a.b/x y",
                                       "https://a.b/x\\y",
                                       "https://a.b\\@c.d/x",
                                       "https://a.b/\x7f" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (push_endpoint_parse(str_c(bad[i]), &endpoint)) fail_msg("%s", bad[i]);
}

static void leads_nowhere_else(void **state)
{
    struct push push = { .gateways = STR("push.example, *.b.example ,c.example:8443") };
    static const struct {
        const char *url;
        bool allowed;
    } urls[] = { { "https://push.example/a", true },      { "https://x.push.example/a", false },
                 { "https://x.y.b.example/a", true },     { "https://b.example/a", false },
                 { "https://xb.example/a", false },       { "https://x.b.example:8443/a", false },
                 { "https://c.example:8443/a", true },    { "https://c.example/a", false },
                 { "https://push.example.evil/a", false } };
    static const struct {
        const char *address;
        bool allowed;
    } addresses[] = { { "8.8.8.8", true },
                      { "127.0.0.1", false },
                      { "10.1.2.3", false },
                      { "172.16.0.1", false },
                      { "172.32.0.1", true },
                      { "192.168.1.1", false },
                      { "169.254.169.254", false },
                      { "100.64.0.1", false },
                      { "0.0.0.0", false },
                      { "224.0.0.1", false },
                      { "255.255.255.255", false },
                      { "198.19.0.1", false },
                      { "2404:6800:4004::1", true },
                      { "::1", false },
                      { "::", false },
                      { "fe80::1", false },
                      { "fd00::1", false },
                      { "::ffff:127.0.0.1", false },
                      { "::ffff:8.8.8.8", false },
                      { "64:ff9b::7f00:1", false },
                      { "64:ff9b::808:808", true },
                      { "2002:7f00:1::", false },
                      { "2001:db8::1", false },
                      { "2001::1", false },
                      { "ff02::1", false } };
    struct str gateway;
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        if (push_allows(&push, str_c(urls[i].url), &gateway) != urls[i].allowed) fail_msg("%s", urls[i].url);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct sockaddr_in v4 = { .sin_family = AF_INET };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
        bool is_v6 = strchr(addresses[i].address, ':') != NULL;
        assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, addresses[i].address,
                                   is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr),
                         1);
        if (push_allows_address(&push, is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4) !=
            addresses[i].allowed)
            fail_msg("%s", addresses[i].address);
    }
}

static void keeps_its_key_to_itself(void **state)
{
    char path[] = "/tmp/todoke-push-XXXXXX";
    struct buf message = { 0 }, header = { 0 };
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(push_key_make(path, &message), -1); /* never over another file */
    unlink(path);
    assert_int_equal(push_key_make(path, &message), 0);
    struct push_options options = { .key_file = path, .gateways = "", .contact = "mailto:a@b.example" };
    struct push *push = push_open(&options, &message);
    assert_non_null(push);
    assert_int_equal(push_public_key(push).n, 87);
    assert_int_equal(push_authorize(push, STR("a.example"), 1000000, &header), 0);
    size_t n = header.n;
    assert_int_equal(push_authorize(push, STR("a.example"), 1000060, &header), 0);
    assert_memory_equal(header.at, header.at + n, n); /* signed once */
    push_free(push);
    options.contact = "a\"b";
    assert_null(push_open(&options, &message));
    options.contact = "mailto:a@b.example";
    chmod(path, 0644);
    assert_null(push_open(&options, &message));
    unlink(path);
    buf_done(&header);
    buf_done(&message);
}

static void judges_answers(void **state)
{
    static const struct {
        long status, retry_after;
        enum outcome outcome;
        bool trouble;
        long delay_s;
    } cases[] = { { 201, 0, OUTCOME_SENT, false, 0 },         { 202, 9, OUTCOME_SENT, false, 0 },
                  { 404, 0, OUTCOME_DEAD, false, 0 },         { 410, 0, OUTCOME_DEAD, false, 0 },
                  { 400, 0, OUTCOME_REFUSED, false, 0 },      { 413, 0, OUTCOME_REFUSED, false, 0 },
                  { 301, 0, OUTCOME_REFUSED, false, 0 },      { 429, 7, OUTCOME_LATER, false, 7 },
                  { 429, 99999, OUTCOME_LATER, false, 3600 }, { 500, 0, OUTCOME_LATER, true, 0 },
                  { 503, 30, OUTCOME_LATER, true, 30 },       { 403, 0, OUTCOME_LATER, true, 0 } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct verdict verdict = gateway_verdict(cases[i].status, cases[i].retry_after);
        if (verdict.outcome != cases[i].outcome || verdict.trouble != cases[i].trouble ||
            verdict.delay_s != cases[i].delay_s)
            fail_msg("%ld", cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seals_the_example_of_rfc_8291),
        cmocka_unit_test(every_short_text_looks_alike_and_no_other_point_is_taken),
        cmocka_unit_test(reads_endpoints),
        cmocka_unit_test(leads_nowhere_else),
        cmocka_unit_test(keeps_its_key_to_itself),
        cmocka_unit_test(judges_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
