/* The character encodings of files that Japanese schools have: UTF-8 with or without a byte order mark, and
 * CP932 (what Windows calls Shift_JIS). Inside the program there is only UTF-8. */
#ifndef CODEC_CHARSET_H
#define CODEC_CHARSET_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum charset { CHARSET_UTF8, CHARSET_UTF8_BOM, CHARSET_CP932 };

/* "utf-8", "utf-8-bom", "cp932". */
const char *charset_name(enum charset charset);

enum charset_fault {
    CHARSET_FAULT_NONE,
    CHARSET_FAULT_UTF16,   /* a file of another kind: nothing else is said */
    CHARSET_FAULT_MIXED,   /* a line is in another encoding than the others */
    CHARSET_FAULT_INVALID, /* bytes that stand for no character */
};

/* What a file's bytes say. */
struct charset_text {
    enum charset charset;
    struct str text; /* UTF-8 without the mark: a part of the file, or in `own` */
    struct buf own;  /* the caller's to free, also after a failure */
    enum charset_fault fault;
    size_t fault_at; /* the offset of the first wrong byte in the file */
};

/* Finds out which encoding it is, line by line: ERR_NONE, ERR_INVALID (see fault), ERR_NOMEM,
 * ERR_UNSUPPORTED (the system's iconv lacks CP932). */
enum err charset_decode(struct str file, struct charset_text *ret);

/* Appends `text` (UTF-8) in CP932. 〓 stands for each character that CP932 does not have; *replaced is
 * increased by their number. Variation selectors are left out and counted. ERR_NOMEM, ERR_UNSUPPORTED. */
enum err charset_encode_cp932(struct str text, struct buf *out, size_t *replaced);

#endif
