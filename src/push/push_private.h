#ifndef PUSH_PRIVATE_H
#define PUSH_PRIVATE_H

#include <openssl/evp.h>

#include "push/push.h"

#define TOKENS 8

/* What says for half a day who we are, to one gateway. */
struct push_token {
    char gateway[PUSH_GATEWAY_MAX + 1]; /* "": none */
    int64_t until_s;
    struct buf header;
};

struct push {
    EVP_PKEY *key;
    char public_key[BASE64URL_SIZE(PUSH_POINT) + 1];
    struct str gateways, contact; /* owned by the options' giver */
    bool private_addresses;
    struct push_token tokens[TOKENS];
    unsigned next_token;
};

/* The same with the sender's key of this one message, the salt and the padding given (test vectors). */
int push_seal_with(EVP_PKEY *sender, const unsigned char salt[16], const unsigned char p256dh[PUSH_POINT],
                   const unsigned char auth[PUSH_AUTH], struct str plain, size_t padding, struct buf *out);

#endif
