/* The archive: which files it has, by its manifest and in fact, and their records one after another. */
#include "codec/zip.h"
#include "roster/oneroster.h"

#define ENTRIES 100u
#define COLUMNS 16u

static const char *const zip_codes[] = {
    [ZIP_FAULT_NONE] = "zip_format",     [ZIP_FAULT_FORMAT] = "zip_format",
    [ZIP_FAULT_ENTRIES] = "zip_entries", [ZIP_FAULT_SIZE] = "zip_size",
    [ZIP_FAULT_NAME] = "zip_name",       [ZIP_FAULT_ENCRYPTED] = "zip_encrypted",
    [ZIP_FAULT_METHOD] = "zip_method",
};

enum presence { ABSENT, BULK, DELTA };

struct manifest {
    bool told[OR_FILES];
    enum presence files[OR_FILES];
    bool versioned;
};

static void problem(struct oneroster *o, const char *code)
{
    reading_problem(&o->r, code, 0, 0, (struct str){ 0 });
}

/* The entry of that name in whichever folder, or -1. */
static int entry_find(const struct zip_archive *archive, const char *name)
{
    for (unsigned i = 0; i < zip_entries(archive); i++) {
        struct str path = zip_entry_name(archive, i), rest = path;
        while (rest.at) path = str_cut(rest, '/', &rest);
        if (str_eq_nocase(path, str_c(name))) return (int)i;
    }
    return -1;
}

static bool entry_read(struct oneroster *o, struct zip_archive *archive, int entry, struct buf *out)
{
    enum zip_fault fault = ZIP_FAULT_NONE;
    enum err err = zip_entry_read(archive, (unsigned)entry, out, &fault);
    if (err == ERR_INVALID) problem(o, zip_codes[fault]);
    o->r.failed |= err == ERR_NOMEM;
    return err == ERR_NONE;
}

/* ---- manifest.csv ---- */

enum { MANIFEST_NAME, MANIFEST_VALUE };

static void manifest_take(struct oneroster *o, struct table_reader *t, struct manifest *manifest)
{
    static const struct str modes[] = { STR_INIT("absent"), STR_INIT("bulk"), STR_INIT("delta") };
    struct str name = table_cell(t, MANIFEST_NAME), value = table_cell(t, MANIFEST_VALUE);
    if (str_eq_nocase(name, STR("oneroster.version"))) {
        manifest->versioned = true;
        if (!str_starts(value, STR("1.2"))) table_problem(t, MANIFEST_VALUE, "version");
    }
    if (!str_starts_nocase(name, STR("file."))) return;
    name = str_of(name.at + 5, name.n - 5);
    for (size_t i = 0; or_files[i].name; i++) {
        struct str file = str_c(or_files[i].name);
        if (!str_eq_nocase(name, str_of(file.at, file.n - 4))) continue;
        manifest->told[i] = false;
        for (int mode = ABSENT; mode <= DELTA; mode++)
            if (str_eq_nocase(value, modes[mode])) {
                manifest->told[i] = true;
                manifest->files[i] = (enum presence)mode;
            }
        if (!manifest->told[i]) table_problem(t, MANIFEST_VALUE, "format");
        o->delta |= manifest->files[i] == DELTA;
    }
}

static bool manifest_read(struct oneroster *o, struct zip_archive *archive, struct manifest *manifest)
{
    struct table_column columns[] = { { STR("propertyName"), true, -1 }, { STR("value"), true, -1 } };
    struct table_reader t;
    struct buf file = { 0 };
    int entry = entry_find(archive, "manifest.csv");
    o->r.file = STR("manifest.csv");
    if (entry < 0) {
        problem(o, "no_file");
        return false;
    }
    size_t before = o->r.out->n_found;
    if (entry_read(o, archive, entry, &file)) {
        if (table_open(&t, &o->r, buf_view(&file)) && table_heading(&t, columns, 2)) {
            while (table_next(&t)) manifest_take(o, &t, manifest);
            if (!manifest->versioned) problem(o, "version");
        }
        table_close(&t);
    }
    buf_done(&file);
    return o->r.out->n_found == before && !o->r.failed;
}

/* ---- the others ---- */

static void records_take(struct oneroster *o, const struct or_file *file, struct str bytes)
{
    struct table_column columns[COLUMNS];
    struct table_reader t;
    memcpy(columns, file->columns, file->n * sizeof *columns);
    if (table_open(&t, &o->r, bytes) && table_heading(&t, columns, file->n)) {
        for (size_t n = 0; !o->r.failed && table_next(&t);) {
            if (file == &or_files[OR_USERS] && ++n > ROSTER_ROWS) {
                reading_problem(&o->r, "too_many_rows", t.csv.line, 0, (struct str){ 0 });
                break;
            }
            file->take(o, &t);
        }
    }
    table_close(&t);
}

static void file_read(struct oneroster *o, struct zip_archive *archive, size_t i,
                      const struct manifest *manifest)
{
    const struct or_file *file = &or_files[i];
    struct buf bytes = { 0 };
    int entry = entry_find(archive, file->name);
    bool wanted = manifest->told[i] && manifest->files[i] != ABSENT;
    o->r.file = str_c(file->name);
    if (entry < 0) {
        if (wanted || (i == OR_USERS && !o->delta)) problem(o, "no_file");
        return;
    }
    if (manifest->told[i] && !wanted) return;
    if (entry_read(o, archive, entry, &bytes)) records_take(o, file, buf_view(&bytes));
    buf_done(&bytes);
}

static void oneroster_init(struct oneroster *o, struct arena *arena, struct roster *out)
{
    struct map *maps[] = { &o->sessions, &o->orgs, &o->classes, &o->roles, &o->users };
    *o = (struct oneroster){ .last = NULL };
    o->last = &o->first;
    reading_init(&o->r, arena, out);
    arena_init(&o->scratch, 65536);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) map_init(maps[i]);
}

static enum err oneroster_end(struct oneroster *o)
{
    struct map *maps[] = { &o->sessions, &o->orgs, &o->classes, &o->roles, &o->users };
    struct roster *out = o->r.out;
    out->mode = o->delta ? ROSTER_DELTA : ROSTER_BULK;
    out->n_schools = o->schools.n / sizeof *out->schools;
    out->schools = arena_copy(o->r.arena, o->schools.at, o->schools.n);
    if (o->schools.failed || !out->schools) o->r.failed = true;
    buf_done(&o->schools);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) map_done(maps[i]);
    arena_done(&o->scratch);
    return reading_end(&o->r);
}

enum err roster_read_oneroster(struct arena *arena, struct str zip, struct roster *ret)
{
    static const struct zip_limits limits = { .entries = ENTRIES, .unpacked = ROSTER_UNPACKED };
    struct oneroster o;
    struct zip_archive *archive = NULL;
    struct manifest manifest = { .versioned = false };
    enum zip_fault fault = ZIP_FAULT_NONE;
    oneroster_init(&o, arena, ret);
    enum err err = zip_open_archive(zip, &limits, &archive, &fault);
    if (err == ERR_INVALID) problem(&o, zip_codes[fault]);
    o.r.failed |= err == ERR_NOMEM;
    if (archive && manifest_read(&o, archive, &manifest)) {
        for (size_t i = 0; or_files[i].name && !o.r.failed; i++) file_read(&o, archive, i, &manifest);
        or_rows(&o);
    }
    zip_close_archive(archive);
    return oneroster_end(&o);
}
