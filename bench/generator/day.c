#include "day.h"

#include <stdio.h>
#include <time.h>

int64_t day_today(void)
{
    return ((int64_t)time(NULL) + 9 * 3600) / 86400;
}

/* Howard Hinnant's days_from_civil: the year begins in March, so the leap day is its last. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t day_parse(const char *text, unsigned long n)
{
    int64_t parts[3] = { 0 };
    int part = 0;
    if (n < 10) return -1;
    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7) {
            if (text[i] != '-') return -1;
            part++;
        } else if (text[i] >= '0' && text[i] <= '9') {
            parts[part] = parts[part] * 10 + (text[i] - '0');
        } else {
            return -1;
        }
    }
    return days_from_civil(parts[0], parts[1], parts[2]);
}

void day_print(int64_t day, char out[DAY_SIZE])
{
    time_t seconds = (time_t)(day * 86400);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(out, DAY_SIZE, "%Y-%m-%d", &tm);
}
