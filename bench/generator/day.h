/* Days since 1970-01-01 and their text (civil calendar). */
#ifndef BENCH_DAY_H
#define BENCH_DAY_H

#include <stdint.h>

#define DAY_SIZE 11 /* "YYYY-MM-DD" and a NUL */

/* Today in Japan (UTC+9, no summer time). */
int64_t day_today(void);
/* -1 when the text (n bytes) doesn't begin with YYYY-MM-DD. */
int64_t day_parse(const char *text, unsigned long n);
void day_print(int64_t day, char out[DAY_SIZE]);

#endif
