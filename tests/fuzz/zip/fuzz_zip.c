/* Any bytes -> an archive, all of whose entries are read, within the bounds. */
#include "base/check.h"
#include "codec/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct zip_limits limits = { .entries = 20, .unpacked = 1 << 20 };
    struct zip_archive *zip = NULL;
    enum zip_fault fault = ZIP_FAULT_NONE;
    struct buf out = { 0 };
    enum err err = zip_open_archive(str_of((const char *)data, size), &limits, &zip, &fault);
    CHECK(err == ERR_NONE || (err == ERR_INVALID && fault != ZIP_FAULT_NONE));
    for (unsigned i = 0; zip && i < zip_entries(zip); i++) {
        struct str name = zip_entry_name(zip, i);
        CHECK(utf8_valid(name) && name.n && name.at[0] != '/');
        fault = ZIP_FAULT_NONE;
        err = zip_entry_read(zip, i, &out, &fault);
        CHECK(err == ERR_NONE || (err == ERR_INVALID && fault != ZIP_FAULT_NONE));
    }
    CHECK(out.n <= limits.unpacked);
    zip_close_archive(zip);
    buf_done(&out);
    return 0;
}
