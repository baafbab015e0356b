#include "../base/unit.h"

#include <sodium.h>
#include <sys/stat.h>

#include "engine/secret.h"
#include "engine/totp.h"

/* RFC 6238, appendix B: SHA-1, eight digits. */
static void codes_of_the_standard(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } vectors[] = {
        { 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
        { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
    };
    char code[8];
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        totp_code(STR("12345678901234567890"), vectors[i].seconds / 30, 8, code);
        assert_memory_equal(code, vectors[i].code, 8);
    }
}

static void one_step_to_either_side(void **state)
{
    struct str secret = STR("12345678901234567890");
    const int64_t now = 1111111111;
    char code[6];
    (void)state;
    for (int64_t step = now / 30 - 3; step <= now / 30 + 3; step++) {
        totp_code(secret, step, 6, code);
        bool near = step >= now / 30 - 1 && step <= now / 30 + 1;
        assert_int_equal(totp_match(secret, str_of(code, 6), now), near ? step : 0);
    }
    assert_int_equal(totp_match(secret, STR(""), now), 0);
    assert_int_equal(totp_match(secret, STR("05047"), now), 0);
    assert_int_equal(totp_match(secret, STR("0050471"), now), 0);
}

/* RFC 4648, section 10, without its padding. */
static void base32_of_the_standard(void **state)
{
    static const char *const pairs[][2] = { { "", "" },
                                            { "f", "MY" },
                                            { "fo", "MZXQ" },
                                            { "foo", "MZXW6" },
                                            { "foob", "MZXW6YQ" },
                                            { "fooba", "MZXW6YTB" },
                                            { "foobar", "MZXW6YTBOI" } };
    char out[32];
    size_t n;
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        n = base32_encode(out, pairs[i][0], strlen(pairs[i][0]));
        assert_int_equal(n, strlen(pairs[i][1]));
        assert_memory_equal(out, pairs[i][1], n);
        assert_true(base32_decode(out, sizeof out, str_c(pairs[i][1]), &n));
        assert_int_equal(n, strlen(pairs[i][0]));
        assert_memory_equal(out, pairs[i][0], n);
    }
    assert_false(base32_decode(out, sizeof out, STR("mzxw6"), &n));
    assert_false(base32_decode(out, sizeof out, STR("MZXW1"), &n));
    assert_false(base32_decode(out, sizeof out, str_of("MZ\0XW", 5), &n));
    assert_false(base32_decode(out, 2, STR("MZXW6"), &n));
}

static void sealed_for_one_owner_and_purpose(void **state)
{
    struct secret secret = { { 1 } }, other = { { 2 } };
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    struct str sealed = secret_seal(&secret, FOR_TOTP, 7, STR("plain"), &arena);
    assert_str(secret_open(&secret, FOR_TOTP, 7, sealed, &arena), "plain");
    assert_null(secret_open(&secret, FOR_TOTP, 8, sealed, &arena).at);
    assert_null(secret_open(&secret, FOR_RECOVERY, 7, sealed, &arena).at);
    assert_null(secret_open(&other, FOR_TOTP, 7, sealed, &arena).at);
    assert_null(secret_open(&secret, FOR_TOTP, 7, str_of(sealed.at, sealed.n - 1), &arena).at);
    assert_null(secret_open(&secret, FOR_TOTP, 7, STR(""), &arena).at);
    for (size_t i = 0; i < sealed.n; i++) {
        char *bytes = arena_copy(&arena, sealed.at, sealed.n);
        bytes[i] ^= 1;
        assert_null(secret_open(&secret, FOR_TOTP, 7, str_of(bytes, sealed.n), &arena).at);
    }
    arena_done(&arena);
}

static void a_hash_for_one_owner_and_purpose(void **state)
{
    struct secret secret = { { 1 } };
    unsigned char a[SECRET_MAC_BYTES], b[SECRET_MAC_BYTES];
    (void)state;
    secret_mac(&secret, FOR_RECOVERY, 7, STR("CODE"), a);
    secret_mac(&secret, FOR_RECOVERY, 7, STR("CODE"), b);
    assert_memory_equal(a, b, sizeof a);
    secret_mac(&secret, FOR_RECOVERY, 8, STR("CODE"), b);
    assert_memory_not_equal(a, b, sizeof a);
    secret_mac(&secret, FOR_ROTATION, 7, STR("CODE"), b);
    assert_memory_not_equal(a, b, sizeof a);
}

static int load(const char *bytes, mode_t mode, char *reason)
{
    struct secret secret;
    char path[] = "/tmp/todoke-secret-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    int rc = secret_load(&secret, path, reason, 256);
    unlink(path);
    return rc;
}

static void a_file_of_its_owner_alone(void **state)
{
    struct secret secret;
    char reason[256];
    (void)state;
    assert_int_equal(load("0123456789abcdef0123456789abcdef", 0600, reason), 0);
    assert_int_equal(load("0123456789abcdef0123456789abcde", 0600, reason), -1);
    assert_non_null(strstr(reason, "too short"));
    assert_int_equal(load("0123456789abcdef0123456789abcdef", 0640, reason), -1);
    assert_non_null(strstr(reason, "chmod 600"));
    assert_int_equal(secret_load(&secret, "/nowhere/at/all", reason, sizeof reason), -1);
    assert_non_null(strstr(reason, "/nowhere/at/all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_the_standard),
        cmocka_unit_test(one_step_to_either_side),
        cmocka_unit_test(base32_of_the_standard),
        cmocka_unit_test(sealed_for_one_owner_and_purpose),
        cmocka_unit_test(a_hash_for_one_owner_and_purpose),
        cmocka_unit_test(a_file_of_its_owner_alone),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
