/* Any bytes behind a right rp id, in answer to a right challenge -> a new passkey, or none; and as a shown
 * one. What is taken must be of the sizes that the table holds. Then any bytes as what the browser says. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "engine/passkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct secret secret = { { 7 } };

static struct passkey_place place_make(void)
{
    return (struct passkey_place){ STR("https://todoke.example"), STR("todoke.example"), &secret,
                                   1700000000000 };
}

static struct str client_data(struct arena *a, const struct passkey_place *place, const char *type,
                              int64_t account)
{
    unsigned char challenge[CHALLENGE_BYTES];
    char text[BASE64URL_SIZE(CHALLENGE_BYTES)];
    passkey_challenge_make(place, account, challenge);
    size_t n = base64url_encode(text, challenge, sizeof challenge);
    return str_c(
        arena_printf(a, "{\"type\":\"%s\",\"challenge\":\"%.*s\",\"origin\":\"https://todoke.example\"}",
                     type, (int)n, text));
}

static struct str authenticator_data(struct arena *a, const struct passkey_place *place, const uint8_t *data,
                                     size_t size)
{
    unsigned char *bytes = arena_alloc(a, 32 + size);
    crypto_hash_sha256(bytes, (const unsigned char *)place->rp_id.at, place->rp_id.n);
    if (size) memcpy(bytes + 32, data, size);
    return str_of((const char *)bytes, 32 + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct passkey passkey;
    struct passkey_place place = place_make();
    arena_init(&a, 0);
    struct str bytes = authenticator_data(&a, &place, data, size), plain = str_of((const char *)data, size);
    if (passkey_verify_new(&place, 5, client_data(&a, &place, "webauthn.create", 5), bytes, &a, &passkey) ==
        0) {
        CHECK(passkey.credential_id.n >= 16 && passkey.credential_id.n <= 1023 && passkey.aaguid.n == 16);
        CHECK(passkey.algorithm == -7 || passkey.algorithm == -8 || passkey.algorithm == -257);
        CHECK(passkey.sign_count >= 0 && passkey.sign_count <= UINT32_MAX &&
              passkey.challenge_sha256.n == 32);
        struct str said = client_data(&a, &place, "webauthn.get", 0);
        CHECK(passkey_verify_shown(&place, said, bytes, plain, &a, &passkey) == -1);
    }
    CHECK(passkey_verify_new(&place, 5, plain, bytes, &a, &passkey) == -1);
    arena_done(&a);
    return 0;
}
