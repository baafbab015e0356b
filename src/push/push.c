#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "push/push_private.h"

#define CONTACT_MAX 300

static EVP_PKEY *complain(struct buf *message, const char *path, const char *why)
{
    buf_printf(message, "push key %s: %s\n", path, why);
    return NULL;
}

static EVP_PKEY *key_load(const char *path, struct buf *message)
{
    struct stat about;
    char group[32] = "";
    FILE *file = fopen(path, "re");
    if (!file) return complain(message, path, strerror(errno));
    bool private = fstat(fileno(file), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    EVP_PKEY *key = private ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    fclose(file);
    if (!private) return complain(message, path, "others may read it: chmod 600");
    if (key && EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
        strcmp(group, "prime256v1") == 0)
        return key;
    EVP_PKEY_free(key);
    return complain(message, path, "no private key of P-256 in PEM (todoke push-key FILE makes one)");
}

static int key_public(struct push *push)
{
    unsigned char *point = NULL;
    size_t n = EVP_PKEY_get1_encoded_public_key(push->key, &point);
    if (n == PUSH_POINT) base64url_encode(push->public_key, point, n);
    OPENSSL_free(point);
    return n == PUSH_POINT ? 0 : -1;
}

/* It stands in a token's JSON as it is. */
static bool is_contact(struct str contact)
{
    if (contact.n > CONTACT_MAX) return false;
    for (size_t i = 0; i < contact.n; i++)
        if (contact.at[i] <= ' ' || contact.at[i] > '~' || strchr("\"\\<>", contact.at[i])) return false;
    return str_starts(contact, STR("mailto:")) || str_starts(contact, STR("https://"));
}

struct push *push_open(const struct push_options *options, struct buf *message)
{
    struct push *push = base_zalloc(sizeof *push);
    if (!push) return NULL;
    push->gateways = str_c(options->gateways);
    push->contact = str_c(options->contact);
    push->private_addresses = options->private_addresses;
    if (!is_contact(push->contact))
        buf_printf(message, "push-contact: expected mailto:ADDRESS or https://...\n");
    else if ((push->key = key_load(options->key_file, message)) && key_public(push) == 0)
        return push;
    push_free(push);
    return NULL;
}

void push_free(struct push *push)
{
    if (!push) return;
    for (unsigned i = 0; i < TOKENS; i++) buf_done(&push->tokens[i].header);
    EVP_PKEY_free(push->key);
    base_free(push);
}

struct str push_public_key(const struct push *push)
{
    return push ? str_c(push->public_key) : (struct str){ 0 };
}

int push_key_make(const char *path, struct buf *message)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file) {
        buf_printf(message, "push key %s: %s\n", path, strerror(errno));
        if (fd >= 0) close(fd);
        return -1;
    }
    EVP_PKEY *key = EVP_EC_gen("P-256");
    bool made = key && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
    EVP_PKEY_free(key);
    if (fclose(file) != 0) made = false;
    if (made) return 0;
    unlink(path);
    buf_printf(message, "push key %s: can't be written\n", path);
    return -1;
}
