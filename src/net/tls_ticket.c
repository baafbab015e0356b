// Session tickets under keys that come from outside (RFC 5077 section 4's recommended form: the key's name,
// an IV, AES-256-CBC, HMAC-SHA-256), so that any worker resumes what another one began.
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/fault.h"
#include "net/tls_private.h"

enum { NAME = 16, MAC = 32, CIPHER = 32 };
_Static_assert(NAME + MAC + CIPHER == TLS_TICKET_KEY_BYTES, "a key is name, MAC key and cipher key");

static int tickets_index = -1;     // of the tickets in a context's extra data
static EVP_CIPHER *tickets_cipher; // for the life of the process: fetched by name it costs 1 us each time

static const uint8_t *ticket_key(const struct tls_tickets *tickets, const uint8_t *name)
{
    for (size_t i = 0; i < tickets->count; i++)
        if (memcmp(tickets->keys[i], name, NAME) == 0) return tickets->keys[i];
    return NULL;
}

static int ticket_mac(EVP_MAC_CTX *mac, const uint8_t *key)
{
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)(uintptr_t)(key + NAME), MAC),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, params);
}

// 1: go on; 2: go on and renew the ticket (its key is an old one); 0: no such key; -1: failed.
static int ticket_on_use(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                         EVP_MAC_CTX *mac, int encrypt)
{
    const struct tls_tickets *tickets = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), tickets_index);
    if (encrypt) {
        const uint8_t *key = tickets->keys[0];
        if (RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1) return -1;
        memcpy(name, key, NAME);
        if (EVP_EncryptInit_ex(cipher, tickets_cipher, NULL, key + NAME + MAC, iv) != 1) return -1;
        return ticket_mac(mac, key) == 1 ? 1 : -1;
    }
    const uint8_t *key = ticket_key(tickets, name);
    if (!key) return 0;
    if (ticket_mac(mac, key) != 1) return -1;
    if (EVP_DecryptInit_ex(cipher, tickets_cipher, NULL, key + NAME + MAC, iv) != 1) return -1;
    // TLS 1.3 clients use a ticket once, so there a used one is always followed by a new one.
    return key == tickets->keys[0] && SSL_version(ssl) < TLS1_3_VERSION ? 1 : 2;
}

void tls_tickets_unref(struct tls_tickets *tickets)
{
    if (!tickets || --tickets->refs > 0) return;
    OPENSSL_cleanse(tickets, sizeof *tickets);
    base_free(tickets);
}

static void tickets_on_context_free(void *context, void *tickets, CRYPTO_EX_DATA *data, int index,
                                    long number, void *pointer)
{
    (void)context, (void)data, (void)index, (void)number, (void)pointer;
    tls_tickets_unref(tickets);
}

int tls_tickets_install(SSL_CTX *context, struct tls_tickets *tickets)
{
    if (tickets_index < 0)
        tickets_index =
            CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, NULL, NULL, NULL, tickets_on_context_free);
    if (!tickets_cipher) tickets_cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    if (tickets_index < 0 || !tickets_cipher || SSL_CTX_set_ex_data(context, tickets_index, tickets) != 1)
        return -1;
    tickets->refs++;
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ticket_on_use) == 1 ? 0 : -1;
}
