/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <jose/jose.h>
#include <string.h>

#include "oidc/oidc_private.h"

#define NOW 1800000000

static const char *const domains[] = { "school.example.jp", NULL };
static const struct oidc_provider provider = { "google", "Google",   "https://id.example.jp",
                                               "todoke", "a secret", .domains = domains };
static json_t *ours, *theirs, *keys;
static struct arena arena;

static json_t *key_new(const char *algorithm, const char *id)
{
    json_t *key = json_pack("{s:s,s:s}", "alg", algorithm, "kid", id);
    assert_true(jose_jwk_gen(NULL, key));
    return key;
}

static int setup(void **state)
{
    (void)state;
    ours = key_new("RS256", "one");
    theirs = key_new("RS256", "one");
    json_t *public = json_deep_copy(ours);
    assert_true(jose_jwk_pub(NULL, public));
    keys = json_pack("{s:[o]}", "keys", public);
    arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    json_decref(keys);
    json_decref(ours);
    json_decref(theirs);
    return 0;
}

static json_t *claims_new(void)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:s,s:b}", "iss", "https://id.example.jp", "sub", "4711",
                     "aud", "todoke", "nonce", "n0nce", "iat", NOW - 5, "exp", NOW + 300, "email",
                     "Sensei@School.Example.JP", "email_verified", 1);
}

static const char *sign(json_t *claims, json_t *key, const char *algorithm)
{
    char *payload = json_dumps(claims, JSON_COMPACT);
    json_t *jws = json_pack("{s:o}", "payload", jose_b64_enc(payload, strlen(payload)));
    json_t *sig = json_pack("{s:{s:s,s:s}}", "protected", "alg", algorithm, "kid", "one");
    assert_true(jose_jws_sig(NULL, jws, sig, key));
    const char *token = arena_printf(&arena, "%s.%s.%s", json_string_value(json_object_get(jws, "protected")),
                                     json_string_value(json_object_get(jws, "payload")),
                                     json_string_value(json_object_get(jws, "signature")));
    free(payload);
    json_decref(sig);
    json_decref(jws);
    json_decref(claims);
    return token;
}

static enum oidc_outcome verify(const char *token, struct oidc_claims *claims)
{
    return oidc_token_verify(&provider, token, keys, STR("n0nce"), NOW, &arena, claims);
}

/* The outcome when one claim is another; a null value: when it is missing. */
static enum oidc_outcome with(const char *name, json_t *value)
{
    struct oidc_claims seen;
    json_t *claims = claims_new();
    if (value)
        json_object_set_new(claims, name, value);
    else
        json_object_del(claims, name);
    return verify(sign(claims, ours, "RS256"), &seen);
}

static struct str email_with(const char *name, json_t *value)
{
    struct oidc_claims seen = { 0 };
    json_t *claims = claims_new();
    json_object_set_new(claims, name, value);
    assert_int_equal(verify(sign(claims, ours, "RS256"), &seen), OIDC_OK);
    return seen.email;
}

static void takes_a_good_one(void **state)
{
    struct oidc_claims seen;
    (void)state;
    assert_int_equal(verify(sign(claims_new(), ours, "RS256"), &seen), OIDC_OK);
    assert_true(str_eq(seen.subject, STR("4711")));
    assert_true(str_eq(seen.email, STR("sensei@school.example.jp")));
    assert_false(seen.second_factor);
}

static void takes_no_other_signature(void **state)
{
    struct oidc_claims seen;
    (void)state;
    assert_int_equal(verify(sign(claims_new(), theirs, "RS256"), &seen), OIDC_INVALID);
    char *token = (char *)(uintptr_t)sign(claims_new(), ours, "RS256");
    char *payload = strchr(token, '.') + 3;
    *payload = *payload == 'A' ? 'B' : 'A';
    assert_int_equal(verify(token, &seen), OIDC_INVALID);
    assert_int_equal(verify("", &seen), OIDC_INVALID);
    assert_int_equal(verify("a.b", &seen), OIDC_INVALID);
    assert_int_equal(verify("a.b.c.d", &seen), OIDC_INVALID);
    assert_int_equal(verify("....", &seen), OIDC_INVALID);
}

/* Signed with what everyone can read, or not at all. */
static void takes_no_symmetric_signature_and_none(void **state)
{
    struct oidc_claims seen;
    (void)state;
    json_t *shared = key_new("HS256", "one"), *kept = keys;
    keys = json_pack("{s:[O]}", "keys", shared);
    assert_int_equal(verify(sign(claims_new(), shared, "HS256"), &seen), OIDC_INVALID);
    json_decref(keys);
    keys = kept;
    json_decref(shared);
    json_t *header = json_pack("{s:s}", "alg", "none"), *claims = claims_new();
    json_t *h = jose_b64_enc_dump(header), *c = jose_b64_enc_dump(claims);
    const char *token = arena_printf(&arena, "%s.%s.", json_string_value(h), json_string_value(c));
    assert_int_equal(verify(token, &seen), OIDC_INVALID);
    json_decref(h);
    json_decref(c);
    json_decref(header);
    json_decref(claims);
}

static void every_claim_counts(void **state)
{
    (void)state;
    assert_int_equal(with("iss", json_string("https://id.example.com")), OIDC_INVALID);
    assert_int_equal(with("aud", json_string("somebody")), OIDC_INVALID);
    assert_int_equal(with("aud", json_pack("[s,s]", "todoke", "somebody")), OIDC_INVALID);
    assert_int_equal(with("aud", json_pack("[s]", "todoke")), OIDC_OK);
    assert_int_equal(with("azp", json_string("somebody")), OIDC_INVALID);
    assert_int_equal(with("azp", json_string("todoke")), OIDC_OK);
    assert_int_equal(with("nonce", json_string("another")), OIDC_INVALID);
    assert_int_equal(with("exp", json_integer(NOW - 300)), OIDC_INVALID);
    assert_int_equal(with("exp", json_string("never")), OIDC_INVALID);
    assert_int_equal(with("iat", json_integer(NOW + 300)), OIDC_INVALID);
    assert_int_equal(with("iat", json_integer(NOW - 3600)), OIDC_INVALID);
    assert_int_equal(with("sub", json_string("")), OIDC_INVALID);
    static const char *const needed[] = { "iss", "sub", "aud", "nonce", "exp", "iat" };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        assert_int_equal(with(needed[i], NULL), OIDC_INVALID);
}

static void an_address_must_be_the_providers_to_vouch_for(void **state)
{
    (void)state;
    assert_int_equal(email_with("email", json_string("sensei@example.com")).n, 0);
    assert_int_equal(email_with("email", json_string("sensei@evil.example.jp@example.com")).n, 0);
    assert_int_equal(email_with("email", json_string("sensei@sub.school.example.jp")).n, 0);
    assert_int_equal(email_with("email_verified", json_false()).n, 0);
    assert_int_equal(email_with("email", json_integer(4)).n, 0);
}

static void the_second_factor_is_the_providers_word(void **state)
{
    struct oidc_claims seen;
    (void)state;
    json_t *claims = claims_new();
    json_object_set_new(claims, "amr", json_pack("[s,s]", "pwd", "mfa"));
    assert_int_equal(verify(sign(claims, ours, "RS256"), &seen), OIDC_OK);
    assert_true(seen.second_factor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_good_one),
        cmocka_unit_test(takes_no_other_signature),
        cmocka_unit_test(takes_no_symmetric_signature_and_none),
        cmocka_unit_test(every_claim_counts),
        cmocka_unit_test(an_address_must_be_the_providers_to_vouch_for),
        cmocka_unit_test(the_second_factor_is_the_providers_word),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
