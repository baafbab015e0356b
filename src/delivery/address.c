#include "delivery/address.h"

#include <ctype.h>

#define ADDRESS_MAX 254
#define LOCAL_MAX   64
#define LABEL_MAX   63

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool local_valid(struct str local)
{
    if (local.n == 0 || local.n > LOCAL_MAX) return false;
    for (size_t i = 0; i < local.n; i++)
        if (!is_alnum(local.at[i]) && !memchr("!#$%&'*+/=?^_`{|}~.-", local.at[i], 20)) return false;
    return true;
}

static bool label_valid(struct str label)
{
    if (label.n == 0 || label.n > LABEL_MAX || label.at[0] == '-' || label.at[label.n - 1] == '-')
        return false;
    for (size_t i = 0; i < label.n; i++)
        if (!is_alnum(label.at[i]) && label.at[i] != '-') return false;
    return true;
}

/* At least two labels, and the last begins with a letter: no numbers of hosts. */
static bool domain_valid(struct str domain)
{
    struct str label = { NULL, 0 }, rest = domain;
    unsigned labels = 0;
    while (rest.at) {
        label = str_cut(rest, '.', &rest);
        if (!label_valid(label)) return false;
        labels++;
    }
    return labels >= 2 && isalpha((unsigned char)label.at[0]);
}

bool address_valid(struct str address)
{
    struct str domain, local = str_cut(address, '@', &domain);
    return address.n <= ADDRESS_MAX && domain.at && local_valid(local) && domain_valid(domain);
}

int mailbox_parse(struct str text, struct mailbox *ret_mailbox)
{
    text = str_trim(text);
    ptrdiff_t open = str_find(text, '<');
    struct mailbox m = { .name = STR(""), .address = text };
    if (open >= 0 && text.at[text.n - 1] == '>') {
        m.name = str_trim(str_of(text.at, (size_t)open));
        m.address = str_of(text.at + open + 1, text.n - (size_t)open - 2);
    }
    for (size_t i = 0; i < m.name.n; i++)
        if ((unsigned char)m.name.at[i] < 0x20 || m.name.at[i] == 0x7f) return -1;
    if (!address_valid(m.address) || !utf8_valid(m.name)) return -1;
    *ret_mailbox = m;
    return 0;
}

static bool is_dot_atom(struct str local)
{
    for (size_t i = 0; i < local.n; i++)
        if (local.at[i] == '.' && (i == 0 || i + 1 == local.n || local.at[i + 1] == '.')) return false;
    return true;
}

void address_write(struct buf *out, struct str address)
{
    struct str domain, local = str_cut(address, '@', &domain);
    if (is_dot_atom(local))
        buf_str(out, address);
    else
        buf_printf(out, "\"" STR_FMT "\"@" STR_FMT, STR_ARG(local), STR_ARG(domain));
}
