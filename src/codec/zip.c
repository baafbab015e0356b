#include "codec/zip.h"

#include <string.h>
#include <time.h>
#include <zip.h>

#include "base/fault.h"

#define CENTRAL "PK\1\2"
#define CHANCE  64u /* times that CENTRAL may stand in packed bytes by chance */

struct zip_archive {
    zip_t *zip;
    struct zip_limits limits;
    unsigned entries;
    size_t unpacked;
};

/* ---- reading ---- */

static enum err failed(int code, enum zip_fault *ret_fault)
{
    switch (code) {
    case ZIP_ER_MEMORY: return ERR_NOMEM;
    case ZIP_ER_ENCRNOTSUPP:
    case ZIP_ER_NOPASSWD:
    case ZIP_ER_WRONGPASSWD: *ret_fault = ZIP_FAULT_ENCRYPTED; break;
    case ZIP_ER_COMPNOTSUPP: *ret_fault = ZIP_FAULT_METHOD; break;
    default: *ret_fault = ZIP_FAULT_FORMAT;
    }
    return ERR_INVALID;
}

static enum err refused(enum zip_fault fault, enum zip_fault *ret_fault)
{
    *ret_fault = fault;
    return ERR_INVALID;
}

/* libzip takes the memory for every entry before we are asked. */
static bool too_many_entries(struct str bytes, unsigned entries)
{
    size_t n = 0;
    for (;; n++) {
        const char *at = memmem(bytes.at, bytes.n, CENTRAL, sizeof CENTRAL - 1);
        if (!at) return n > (size_t)entries + CHANCE;
        bytes = str_of(at + 1, bytes.n - (size_t)(at + 1 - bytes.at));
    }
}

static bool name_is_good(struct str name)
{
    struct str rest = name;
    if (name.n == 0 || name.at[0] == '/' || (name.n > 1 && name.at[1] == ':')) return false;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.at[i] < 0x20 || name.at[i] == '\\') return false;
    while (rest.at)
        if (str_eq(str_cut(rest, '/', &rest), STR(".."))) return false;
    return utf8_valid(name);
}

static bool names_are_good(const struct zip_archive *archive)
{
    for (unsigned i = 0; i < archive->entries; i++) {
        struct str name = zip_entry_name(archive, i);
        if (!name_is_good(name)) return false;
        for (unsigned j = 0; j < i; j++)
            if (str_eq_nocase(name, zip_entry_name(archive, j))) return false;
    }
    return true;
}

static zip_t *zip_of(struct str bytes, int *ret_code)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.n, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!zip) {
        *ret_code = zip_error_code_zip(&error);
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return zip;
}

enum err zip_open_archive(struct str bytes, const struct zip_limits *limits, struct zip_archive **ret,
                          enum zip_fault *ret_fault)
{
    int code = 0;
    if (bytes.n == 0) return refused(ZIP_FAULT_FORMAT, ret_fault); /* to libzip, a new archive */
    if (too_many_entries(bytes, limits->entries)) return refused(ZIP_FAULT_ENTRIES, ret_fault);
    struct zip_archive *archive = base_zalloc(sizeof *archive);
    if (!archive) return ERR_NOMEM;
    archive->limits = *limits;
    archive->zip = zip_of(bytes, &code);
    enum err err = archive->zip ? ERR_NONE : failed(code, ret_fault);
    zip_int64_t n = archive->zip ? zip_get_num_entries(archive->zip, 0) : 0;
    if (n > limits->entries) err = refused(ZIP_FAULT_ENTRIES, ret_fault);
    archive->entries = err == ERR_NONE ? (unsigned)n : 0;
    if (!names_are_good(archive)) err = refused(ZIP_FAULT_NAME, ret_fault);
    if (err != ERR_NONE) {
        zip_close_archive(archive);
        return err;
    }
    *ret = archive;
    return ERR_NONE;
}

void zip_close_archive(struct zip_archive *archive)
{
    if (archive && archive->zip) zip_discard(archive->zip);
    base_free(archive);
}

unsigned zip_entries(const struct zip_archive *archive)
{
    return archive->entries;
}

struct str zip_entry_name(const struct zip_archive *archive, unsigned i)
{
    return str_c(zip_get_name(archive->zip, i, ZIP_FL_ENC_GUESS));
}

/* What the entry says of itself; what comes out is checked again. */
static bool is_bomb(const struct zip_archive *archive, const zip_stat_t *stat)
{
    if (!(stat->valid & ZIP_STAT_SIZE) || !(stat->valid & ZIP_STAT_COMP_SIZE)) return true;
    if (stat->size > archive->limits.unpacked - archive->unpacked) return true;
    return stat->size > ZIP_FREE && stat->size / ZIP_RATIO > stat->comp_size;
}

static enum err read_all(zip_file_t *file, size_t size, struct buf *out, enum zip_fault *ret_fault)
{
    char *to = buf_reserve(out, size + 1), more;
    size_t got = 0;
    if (!to) return ERR_NOMEM;
    for (zip_int64_t n = 1; n > 0 && got < size; got += (size_t)n)
        if ((n = zip_fread(file, to + got, size - got)) < 0)
            return failed(zip_error_code_zip(zip_file_get_error(file)), ret_fault);
    zip_int64_t n = zip_fread(file, &more, 1); /* the CRC is looked at where the file ends */
    if (n < 0) return failed(zip_error_code_zip(zip_file_get_error(file)), ret_fault);
    if (n > 0 || got != size) return refused(ZIP_FAULT_FORMAT, ret_fault);
    buf_commit(out, got);
    return ERR_NONE;
}

enum err zip_entry_read(struct zip_archive *archive, unsigned i, struct buf *out, enum zip_fault *ret_fault)
{
    zip_stat_t stat;
    if (zip_stat_index(archive->zip, i, 0, &stat) < 0)
        return failed(zip_error_code_zip(zip_get_error(archive->zip)), ret_fault);
    if (stat.valid & ZIP_STAT_ENCRYPTION_METHOD && stat.encryption_method != ZIP_EM_NONE)
        return refused(ZIP_FAULT_ENCRYPTED, ret_fault);
    if (is_bomb(archive, &stat)) return refused(ZIP_FAULT_SIZE, ret_fault);
    zip_file_t *file = zip_fopen_index(archive->zip, i, 0);
    if (!file) return failed(zip_error_code_zip(zip_get_error(archive->zip)), ret_fault);
    enum err err = read_all(file, (size_t)stat.size, out, ret_fault);
    zip_fclose(file);
    if (err == ERR_NONE) archive->unpacked += (size_t)stat.size;
    return err;
}

/* ---- writing ---- */

static int add(zip_t *zip, const struct zip_entry_text *file)
{
    static const time_t epoch = 315532800; /* 1980, where ZIP's time begins */
    zip_source_t *source = zip_source_buffer(zip, file->bytes.at, file->bytes.n, 0);
    if (!source) return -1;
    zip_int64_t i = zip_file_add(zip, file->name, source, ZIP_FL_ENC_UTF_8);
    if (i < 0) {
        zip_source_free(source);
        return -1;
    }
    return zip_file_set_mtime(zip, (zip_uint64_t)i, epoch, 0);
}

static int copy_out(zip_source_t *source, struct buf *out)
{
    zip_stat_t stat;
    if (zip_source_stat(source, &stat) < 0 || zip_source_open(source) < 0) return -1;
    char *to = buf_reserve(out, (size_t)stat.size);
    zip_int64_t n = to ? zip_source_read(source, to, stat.size) : -1;
    zip_source_close(source);
    if (n < 0 || (zip_uint64_t)n != stat.size) return -1;
    buf_commit(out, (size_t)n);
    return 0;
}

/* Everything is in memory: nothing but memory can fail. */
enum err zip_write(const struct zip_entry_text *files, size_t n, struct buf *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error) : NULL;
    zip_error_fini(&error);
    if (!zip) {
        zip_source_free(source);
        return ERR_NOMEM;
    }
    zip_source_keep(source);
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++) rc = add(zip, &files[i]);
    if (rc == 0) rc = zip_close(zip);
    if (rc != 0)
        zip_discard(zip);
    else
        rc = copy_out(source, out);
    zip_source_free(source);
    return rc == 0 ? ERR_NONE : ERR_NOMEM;
}
