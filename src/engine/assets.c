#include "engine/assets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/map.h"

enum form { IDENTITY, BROTLI, GZIP, FORMS };

static const struct {
    const char *ending, *name;
} forms[FORMS] = { [IDENTITY] = { "", NULL }, [BROTLI] = { ".br", "br" }, [GZIP] = { ".gz", "gzip" } };

struct asset {
    char *path; /* "/assets/app-1a2b.js"; owned */
    const char *type;
    bool immutable;
    struct asset_form {
        struct chunk *chunk; /* owned; null: this form does not exist */
        char etag[36];
        struct str lines; /* header lines, ready to be sent; owned */
        size_t unsaid;    /* how many of these bytes, at the end, go with a body only */
    } forms[FORMS];
};

struct assets {
    struct map by_path;
    const struct asset *page; /* index.html */
};

const struct http_header security_headers[] = {
    { STR_INIT("strict-transport-security"), STR_INIT("max-age=31536000") },
    { STR_INIT("x-content-type-options"), STR_INIT("nosniff") },
    { STR_INIT("referrer-policy"), STR_INIT("no-referrer") },
    { STR_INIT("cross-origin-opener-policy"), STR_INIT("same-origin") },
    { STR_INIT("cross-origin-resource-policy"), STR_INIT("same-origin") },
    { STR_INIT("x-frame-options"), STR_INIT("DENY") },
    { { NULL, 0 }, { NULL, 0 } },
};

static const char content_security_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

static const struct {
    const char *ending, *type;
} types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".json", "application/json" },
    { ".webmanifest", "application/manifest+json" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".mp3", "audio/mpeg" },
    { ".wav", "audio/wav" },
};

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(str_c(path), str_c(types[i].ending))) return types[i].type;
    return "application/octet-stream";
}

/* ---- reading the folder ---- */

static void line_add(struct buf *lines, struct str name, struct str value)
{
    buf_str(lines, STR("\r\n"));
    buf_str(lines, name);
    buf_str(lines, STR(": "));
    buf_str(lines, value);
}

/* All that is known of an answer before it is asked for. */
static int form_lines(struct asset *asset, enum form form)
{
    struct asset_form *made = &asset->forms[form];
    struct buf lines;
    buf_init(&lines, 0);
    for (const struct http_header *header = security_headers; header->name.at; header++)
        line_add(&lines, header->name, header->value);
    line_add(&lines, STR("content-security-policy"), str_c(content_security_policy));
    line_add(&lines, STR("etag"), str_c(made->etag));
    line_add(&lines, STR("vary"), STR("accept-encoding"));
    line_add(&lines, STR("accept-ranges"), STR("bytes"));
    line_add(&lines, STR("cache-control"),
             asset->immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
    size_t said = lines.n;
    line_add(&lines, STR("content-type"), str_c(asset->type));
    if (form != IDENTITY) line_add(&lines, STR("content-encoding"), str_c(forms[form].name));
    made->lines = buf_view(&lines);
    made->unsaid = lines.n - said;
    return lines.failed ? -1 : 0;
}

static int form_read(struct asset *asset, enum form form, int fd, size_t size)
{
    struct chunk *chunk = chunk_new(size);
    unsigned char hash[16];
    if (!chunk) return -1;
    while (chunk->length < size) {
        ssize_t n = read(fd, chunk_own(chunk) + chunk->length, size - chunk->length);
        if (n <= 0) break;
        chunk->length += (size_t)n;
    }
    if (chunk->length < size) {
        chunk_unref(chunk);
        return -1;
    }
    char *etag = asset->forms[form].etag;
    crypto_generichash(hash, sizeof hash, chunk->bytes, size, (const unsigned char *)forms[form].ending,
                       strlen(forms[form].ending));
    etag[0] = '"';
    hex_encode(etag + 1, hash, sizeof hash);
    memcpy(etag + 33, "\"", 2);
    asset->forms[form].chunk = chunk;
    return form_lines(asset, form);
}

static struct asset *asset_at(struct assets *assets, const char *path, size_t n)
{
    struct asset *asset = map_get(&assets->by_path, str_of(path, n));
    if (asset) return asset;
    asset = base_zalloc(sizeof *asset);
    if (!asset || !(asset->path = strndup(path, n)) ||
        map_set(&assets->by_path, str_c(asset->path), asset, NULL)) {
        if (asset) base_free(asset->path);
        base_free(asset);
        return NULL;
    }
    asset->type = type_of(asset->path);
    asset->immutable = str_starts(str_c(asset->path), STR("/assets/"));
    return asset;
}

static int file_read(struct assets *assets, const char *path, int fd, size_t size)
{
    struct str name = str_c(path);
    enum form form = IDENTITY;
    for (enum form f = BROTLI; f < FORMS; f++)
        if (str_ends(name, str_c(forms[f].ending))) form = f;
    struct asset *asset = asset_at(assets, name.at, name.n - strlen(forms[form].ending));
    return asset ? form_read(asset, form, fd, size) : -1;
}

static int folder_read(struct assets *assets, int fd, const char *below, int depth)
{
    DIR *dir = fdopendir(fd);
    int rc = dir && depth < 8 ? 0 : -1;
    for (struct dirent *entry; rc == 0 && (entry = readdir(dir));) {
        char path[1024];
        struct stat st;
        if (entry->d_name[0] == '.') continue;
        int n = snprintf(path, sizeof path, "%s/%s", below, entry->d_name);
        int file = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
        if (n < 0 || (size_t)n >= sizeof path || file < 0 || fstat(file, &st)) {
            rc = -1;
        } else if (S_ISDIR(st.st_mode)) {
            rc = folder_read(assets, file, path, depth + 1);
            file = -1;
        } else if (S_ISREG(st.st_mode)) {
            rc = file_read(assets, path, file, (size_t)st.st_size);
        }
        if (file >= 0) close(file);
    }
    if (dir)
        closedir(dir);
    else
        close(fd);
    return rc;
}

struct assets *assets_new(const char *folder)
{
    struct assets *assets = base_zalloc(sizeof *assets);
    if (!assets) return NULL;
    map_init(&assets->by_path);
    if (!folder) return assets;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || folder_read(assets, fd, "", 0)) {
        log_error("assets.unreadable", LOG_S("folder", folder), LOG_I("errno", errno));
        assets_free(assets);
        return NULL;
    }
    assets->page = map_get(&assets->by_path, STR("/index.html"));
    return assets;
}

void assets_free(struct assets *assets)
{
    if (!assets) return;
    void *value;
    for (size_t at = 0; map_next(&assets->by_path, &at, NULL, &value);) {
        struct asset *asset = value;
        for (int f = 0; f < FORMS; f++) {
            chunk_unref(asset->forms[f].chunk);
            base_free((void *)(uintptr_t)asset->forms[f].lines.at);
        }
        base_free(asset->path);
        base_free(asset);
    }
    map_done(&assets->by_path);
    base_free(assets);
}

/* ---- answering ---- */

/* RFC 9110 12.5.3, as far as two codings need it: is `coding` named without q=0? */
static bool accepts(struct str header, const char *coding)
{
    while (header.at) {
        struct str weight, item = str_cut(header, ',', &header);
        struct str name = str_trim(str_cut(item, ';', &weight));
        if (!str_eq_nocase(name, str_c(coding))) continue;
        weight = str_trim(weight);
        bool zero = weight.n >= 3 && str_starts_nocase(weight, STR("q=0"));
        for (size_t i = 3; zero && i < weight.n; i++) zero = weight.at[i] == '.' || weight.at[i] == '0';
        return !zero;
    }
    return false;
}

static enum form choose_form(const struct asset *asset, const struct http_request *http)
{
    struct str header = http_header(http, "accept-encoding");
    if (http_header(http, "range").at) return IDENTITY;
    for (enum form f = BROTLI; f < FORMS; f++)
        if (asset->forms[f].chunk && accepts(header, forms[f].name)) return f;
    return IDENTITY;
}

static bool etag_listed(struct str header, const char *etag)
{
    while (header.at) {
        struct str item = str_trim(str_cut(header, ',', &header));
        if (str_eq(item, STR("*"))) return true;
        if (str_starts(item, STR("W/"))) item = str_of(item.at + 2, item.n - 2);
        if (str_eq(item, str_c(etag))) return true;
    }
    return false;
}

enum range { WHOLE, PART, UNSATISFIABLE };

/* RFC 9110 14.1.2, one range; several, or a malformed one, mean the whole. */
static enum range range_of(const struct http_request *http, size_t length, const char *etag, size_t *ret_from,
                           size_t *ret_n)
{
    struct str header = http_header(http, "range"), condition = http_header(http, "if-range"), last;
    if (!header.at || !str_starts_nocase(header, STR("bytes="))) return WHOLE;
    if (condition.at && !str_eq(condition, str_c(etag))) return WHOLE;
    header = str_trim(str_of(header.at + 6, header.n - 6));
    struct str first = str_trim(str_cut(header, '-', &last));
    int64_t from, to;
    if (!last.at) return WHOLE;
    last = str_trim(last);
    if (first.n == 0) { /* the last n bytes */
        if (!str_to_i64(last, &to) || to < 0) return WHOLE;
        if (to == 0 || length == 0) return UNSATISFIABLE;
        *ret_n = (uint64_t)to < length ? (size_t)to : length;
        *ret_from = length - *ret_n;
        return PART;
    }
    if (!str_to_i64(first, &from) || from < 0) return WHOLE;
    if (last.n == 0)
        to = INT64_MAX - 1;
    else if (!str_to_i64(last, &to) || to < from)
        return WHOLE;
    if ((uint64_t)from >= length) return UNSATISFIABLE;
    *ret_from = (size_t)from;
    *ret_n = (uint64_t)to >= length ? length - (size_t)from : (size_t)(to - from + 1);
    return PART;
}

struct headers {
    struct http_header list[16];
    size_t n;
};

static void header_add(struct headers *headers, struct str name, struct str value)
{
    headers->list[headers->n++] = (struct http_header){ name, value };
}

static void answer_plain(struct http_request *http, int status, struct str text)
{
    struct headers headers = { .n = SECURITY_HEADERS };
    memcpy(headers.list, security_headers, SECURITY_HEADERS * sizeof *headers.list);
    header_add(&headers, STR("content-type"), STR("text/plain; charset=utf-8"));
    http_reply(http,
               &(struct http_answer){
                   .status = status, .headers = headers.list, .header_count = headers.n, .body = text });
}

static void asset_reply(const struct asset *asset, struct http_request *http)
{
    const struct asset_form *form = &asset->forms[choose_form(asset, http)];
    struct chunk *chunk = form->chunk;
    struct http_header content_range = { STR("content-range"), { NULL, 0 } };
    struct http_answer answer = { .status = 200, .headers = &content_range, .lines = form->lines };
    char range[80];
    size_t from = 0, n = 0;
    enum range part = range_of(http, chunk->length, form->etag, &from, &n);
    if (etag_listed(http_header(http, "if-none-match"), form->etag)) {
        answer.status = 304;
        answer.lines.n -= form->unsaid;
    } else if (part == UNSATISFIABLE) {
        answer.status = 416;
        answer.lines.n -= form->unsaid;
        snprintf(range, sizeof range, "bytes */%zu", chunk->length);
    } else {
        answer.chunks = &chunk;
        answer.chunk_count = 1;
        if (part == PART) {
            answer.status = 206;
            answer.chunk_offset = from;
            answer.chunk_length = n;
            snprintf(range, sizeof range, "bytes %zu-%zu/%zu", from, from + n - 1, chunk->length);
        }
    }
    if (answer.status == 206 || answer.status == 416) {
        content_range.value = str_c(range);
        answer.header_count = 1;
    }
    http_reply(http, &answer);
}

void assets_reply(const struct assets *assets, struct http_request *http)
{
    const struct asset *asset = map_get(&assets->by_path, http->path);
    if (!asset) {
        const char *slash = memrchr(http->path.at, '/', http->path.n);
        bool file = slash && memchr(slash, '.', (size_t)(http->path.at + http->path.n - slash));
        if (!file) asset = assets->page;
    }
    if (asset && asset->forms[IDENTITY].chunk)
        asset_reply(asset, http);
    else
        answer_plain(http, 404, STR("このページはありません。\n"));
}
