/* ZIP archives in memory (libzip), with bounds: what comes from outside may be a bomb. */
#ifndef CODEC_ZIP_H
#define CODEC_ZIP_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define ZIP_RATIO 200u     /* bytes out of one packed byte: beyond it, and beyond ... */
#define ZIP_FREE  1048576u /* ... so many bytes, it is a bomb */

struct zip_limits {
    unsigned entries;
    size_t unpacked; /* bytes, all that is read of the archive together */
};

enum zip_fault {
    ZIP_FAULT_NONE,
    ZIP_FAULT_FORMAT,  /* no ZIP, or a damaged one */
    ZIP_FAULT_ENTRIES, /* too many */
    ZIP_FAULT_SIZE,    /* too much unpacked, or packed as only a bomb is */
    ZIP_FAULT_NAME, /* an absolute name, one with "..", a backslash or a control character, or twice the same
                     */
    ZIP_FAULT_ENCRYPTED, /* a password would be needed */
    ZIP_FAULT_METHOD,    /* a compression that the system does not have */
};

/* An archive that is being read. It borrows the bytes until zip_close_archive. */
struct zip_archive;

/* ERR_NONE; ERR_INVALID: *ret_fault says why; ERR_NOMEM. */
enum err zip_open_archive(struct str bytes, const struct zip_limits *limits, struct zip_archive **ret,
                          enum zip_fault *ret_fault);
void zip_close_archive(struct zip_archive *archive); /* accepts NULL */
unsigned zip_entries(const struct zip_archive *archive);
/* UTF-8, "folder/users.csv"; a folder ends with "/". */
struct str zip_entry_name(const struct zip_archive *archive, unsigned i);
/* Appends the entry's bytes, checked against its CRC. Errors as above. */
enum err zip_entry_read(struct zip_archive *archive, unsigned i, struct buf *out, enum zip_fault *ret_fault);

struct zip_entry_text {
    const char *name;
    struct str bytes;
};

/* Appends an archive of these files; equal files make an equal archive. ERR_NOMEM. */
enum err zip_write(const struct zip_entry_text *files, size_t n, struct buf *out);

#endif
