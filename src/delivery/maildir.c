#include "delivery/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int write_all(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.at, s.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        s = str_of(s.at + n, s.n - (size_t)n);
    }
    return 0;
}

static int write_file(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return -1;
    int rc = write_all(fd, bytes);
    if (close(fd)) rc = -1;
    return rc;
}

void maildir_send(const char *dir, struct parcel *parcel)
{
    char stamp[32], path[4096], aside[4096 + 8];
    time_t seconds = (time_t)(parcel->made_ms / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
    int n = snprintf(path, sizeof path, "%s/%s-%lld.eml", dir, stamp, (long long)parcel->id);
    snprintf(aside, sizeof aside, "%s.part", path);
    if (n > 0 && (size_t)n < sizeof path && !write_file(aside, buf_view(&parcel->message)) &&
        !rename(aside, path)) {
        parcel->verdict = (struct verdict){ .outcome = OUTCOME_SENT };
        return;
    }
    parcel->verdict = (struct verdict){ .outcome = OUTCOME_RETURNED, .trouble = true, .error = "folder" };
}
