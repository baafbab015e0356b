#include "engine/passkey.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <sodium.h>
#include <string.h>

#include "codec/dec.h"
#include "engine/cbor.h"

#define RANDOM_BYTES 16
#define MAC_BYTES    16
#define STAMP_BYTES  8

/* Authenticator data (WebAuthn 6.1): hash of the rp id, flags, counter, ... */
#define HASH_BYTES   32
#define DATA_MIN     37
#define AAGUID_BYTES 16
enum { USER_PRESENT = 1, USER_VERIFIED = 4, BACKUP_ELIGIBLE = 8, BACKED_UP = 16, HAS_CREDENTIAL = 64 };

static const int algorithms[] = { COSE_ES256, COSE_EDDSA, COSE_RS256 };

/* ---- challenges ---- */

static void challenge_mac(const struct passkey_place *place, int64_t account, const unsigned char *challenge,
                          unsigned char ret[SECRET_MAC_BYTES])
{
    secret_mac(place->secret, FOR_CHALLENGE, account,
               str_of((const char *)challenge, STAMP_BYTES + RANDOM_BYTES), ret);
}

void passkey_challenge_make(const struct passkey_place *place, int64_t account,
                            unsigned char ret[CHALLENGE_BYTES])
{
    unsigned char mac[SECRET_MAC_BYTES];
    for (int i = 0; i < STAMP_BYTES; i++) ret[i] = (unsigned char)((uint64_t)place->now_ms >> (56 - 8 * i));
    randombytes_buf(ret + STAMP_BYTES, RANDOM_BYTES);
    challenge_mac(place, account, ret, mac);
    memcpy(ret + STAMP_BYTES + RANDOM_BYTES, mac, MAC_BYTES);
}

static bool challenge_is_ours(const struct passkey_place *place, int64_t account, struct str text)
{
    unsigned char bytes[CHALLENGE_BYTES + 3], mac[SECRET_MAC_BYTES];
    uint64_t stamp = 0;
    size_t n;
    if (!base64url_decode(bytes, sizeof bytes, text, &n) || n != CHALLENGE_BYTES) return false;
    challenge_mac(place, account, bytes, mac);
    if (sodium_memcmp(mac, bytes + STAMP_BYTES + RANDOM_BYTES, MAC_BYTES) != 0) return false;
    for (int i = 0; i < STAMP_BYTES; i++) stamp = stamp << 8 | bytes[i];
    return (int64_t)stamp <= place->now_ms && place->now_ms - (int64_t)stamp < CHALLENGE_MS;
}

/* ---- what the browser says that it was asked ---- */

static bool says(const struct value *said, const char *name, struct str wanted)
{
    const struct value *value = value_get(said, str_c(name));
    return value && value->kind == VALUE_STR && str_eq(value->str, wanted);
}

static int client_data_check(const struct passkey_place *place, int64_t account, struct str type,
                             struct str client_data, struct arena *arena, struct passkey *passkey)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct value said;
    if (dec_json(arena, client_data.at, client_data.n, &said, NULL) != ERR_NONE) return -1;
    const struct value *challenge = value_get(&said, STR("challenge")),
                       *cross = value_get(&said, STR("crossOrigin"));
    bool framed = cross && !(cross->kind == VALUE_BOOL && !cross->boolean);
    if (framed || !says(&said, "type", type) || !says(&said, "origin", place->origin)) return -1;
    if (!challenge || challenge->kind != VALUE_STR || !challenge_is_ours(place, account, challenge->str))
        return -1;
    crypto_hash_sha256(hash, (const unsigned char *)challenge->str.at, challenge->str.n);
    passkey->challenge_sha256 = arena_dup(arena, str_of((const char *)hash, sizeof hash));
    return passkey->challenge_sha256.at ? 0 : -1;
}

/* ---- what the authenticator says ---- */

/* Behind the fixed part: a new credential's id and key, extensions. libfido2 decodes that by libcbor. */
static bool rest_is_honest(struct str data, unsigned flags)
{
    const unsigned char *at = (const unsigned char *)data.at;
    size_t begin = DATA_MIN;
    if (flags & HAS_CREDENTIAL) {
        if (data.n < DATA_MIN + AAGUID_BYTES + 2) return false;
        begin +=
            AAGUID_BYTES + 2 + ((size_t)at[DATA_MIN + AAGUID_BYTES] << 8 | at[DATA_MIN + AAGUID_BYTES + 1]);
        if (begin > data.n) return false;
    }
    return cbor_is_honest(str_of(data.at + begin, data.n - begin));
}

static int authenticator_check(const struct passkey_place *place, struct str data, unsigned needed,
                               struct passkey *passkey)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    const unsigned char *at = (const unsigned char *)data.at;
    if (data.n < DATA_MIN) return -1;
    crypto_hash_sha256(hash, (const unsigned char *)place->rp_id.at, place->rp_id.n);
    unsigned flags = at[HASH_BYTES];
    needed |= USER_PRESENT | USER_VERIFIED;
    bool backup_fits = (flags & BACKUP_ELIGIBLE) || !(flags & BACKED_UP);
    if (sodium_memcmp(hash, at, HASH_BYTES) != 0 || (flags & needed) != needed || !backup_fits) return -1;
    if (!rest_is_honest(data, flags)) return -1;
    passkey->backup_eligible = flags & BACKUP_ELIGIBLE;
    passkey->backed_up = flags & BACKED_UP;
    passkey->sign_count =
        (int64_t)at[33] << 24 | (int64_t)at[34] << 16 | (int64_t)at[35] << 8 | (int64_t)at[36];
    return 0;
}

static bool copy(struct arena *arena, const unsigned char *at, size_t n, struct str *ret)
{
    *ret = at && n ? arena_dup(arena, str_of((const char *)at, n)) : (struct str){ 0 };
    return ret->at != NULL;
}

/* The credential of one algorithm; -1: it is of another, or none. */
static int credential_read(int algorithm, struct str data, struct arena *arena, struct passkey *ret)
{
    fido_cred_t *cred = fido_cred_new();
    bool ok = cred && fido_cred_set_type(cred, algorithm) == FIDO_OK &&
              fido_cred_set_authdata_raw(cred, (const unsigned char *)data.at, data.n) == FIDO_OK &&
              copy(arena, fido_cred_id_ptr(cred), fido_cred_id_len(cred), &ret->credential_id) &&
              copy(arena, fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred), &ret->public_key) &&
              copy(arena, fido_cred_aaguid_ptr(cred), fido_cred_aaguid_len(cred), &ret->aaguid);
    ret->algorithm = algorithm;
    fido_cred_free(&cred);
    return ok ? 0 : -1;
}

int passkey_verify_new(const struct passkey_place *place, int64_t account, struct str client_data,
                       struct str authenticator_data, struct arena *arena, struct passkey *ret)
{
    *ret = (struct passkey){ 0 };
    if (client_data_check(place, account, STR("webauthn.create"), client_data, arena, ret) ||
        authenticator_check(place, authenticator_data, HAS_CREDENTIAL, ret))
        return -1;
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (credential_read(algorithms[i], authenticator_data, arena, ret) == 0)
            return ret->credential_id.n >= 16 && ret->credential_id.n <= 1023 && ret->aaguid.n == 16 ? 0 : -1;
    return -1;
}

/* ---- signatures ---- */

static int verify(const fido_assert_t *assertion, const struct passkey *passkey)
{
    const void *key = passkey->public_key.at;
    size_t n = passkey->public_key.n;
    int rc = -1;
    if (passkey->algorithm == COSE_ES256) {
        es256_pk_t *pk = es256_pk_new();
        if (pk && es256_pk_from_ptr(pk, key, n) == FIDO_OK)
            rc = fido_assert_verify(assertion, 0, COSE_ES256, pk);
        es256_pk_free(&pk);
    } else if (passkey->algorithm == COSE_EDDSA) {
        eddsa_pk_t *pk = eddsa_pk_new();
        if (pk && eddsa_pk_from_ptr(pk, key, n) == FIDO_OK)
            rc = fido_assert_verify(assertion, 0, COSE_EDDSA, pk);
        eddsa_pk_free(&pk);
    } else if (passkey->algorithm == COSE_RS256) {
        rs256_pk_t *pk = rs256_pk_new();
        if (pk && rs256_pk_from_ptr(pk, key, n) == FIDO_OK)
            rc = fido_assert_verify(assertion, 0, COSE_RS256, pk);
        rs256_pk_free(&pk);
    }
    return rc == FIDO_OK ? 0 : -1;
}

static int signature_check(const struct passkey_place *place, struct str client_data, struct str data,
                           struct str signature, struct arena *arena, const struct passkey *passkey)
{
    const char *rp_id = arena_str(arena, place->rp_id);
    fido_assert_t *assertion = fido_assert_new();
    bool ok =
        rp_id && assertion &&
        fido_assert_set_clientdata(assertion, (const unsigned char *)client_data.at, client_data.n) ==
            FIDO_OK &&
        fido_assert_set_rp(assertion, rp_id) == FIDO_OK && fido_assert_set_count(assertion, 1) == FIDO_OK &&
        fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
        fido_assert_set_uv(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
        fido_assert_set_authdata_raw(assertion, 0, (const unsigned char *)data.at, data.n) == FIDO_OK &&
        fido_assert_set_sig(assertion, 0, (const unsigned char *)signature.at, signature.n) == FIDO_OK &&
        verify(assertion, passkey) == 0;
    fido_assert_free(&assertion);
    return ok ? 0 : -1;
}

int passkey_verify_shown(const struct passkey_place *place, struct str client_data,
                         struct str authenticator_data, struct str signature, struct arena *arena,
                         struct passkey *passkey)
{
    if (!signature.n || client_data_check(place, 0, STR("webauthn.get"), client_data, arena, passkey) ||
        authenticator_check(place, authenticator_data, 0, passkey))
        return -1;
    return signature_check(place, client_data, authenticator_data, signature, arena, passkey);
}
