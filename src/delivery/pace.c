#include "delivery/pace.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

#define RESTS       4 /* times what the work took */
#define RESTS_BUSY  20
#define REST_MIN_MS 20
#define REST_MAX_MS 1000
#define SPARE       2 /* less than one part in so many: busy */

void pace_note(struct pace *pace, const char *line)
{
    uint64_t user, nice, system, idle, iowait, irq, softirq, steal;
    if (sscanf(line,
               "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
               " %" SCNu64,
               &user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal) != 8)
        return;
    uint64_t spare = idle + iowait, whole = spare + user + nice + system + irq + softirq + steal;
    if (whole <= pace->whole) return;
    /* A look's iowait may be less than the one before (proc(5)). */
    uint64_t gained = spare > pace->spare ? spare - pace->spare : 0;
    pace->busy = pace->whole > 0 && gained * SPARE < whole - pace->whole;
    pace->spare = spare;
    pace->whole = whole;
}

void pace_look(struct pace *pace)
{
    char line[256];
    FILE *file = fopen("/proc/stat", "re");
    if (!file) return;
    if (fgets(line, sizeof line, file)) pace_note(pace, line);
    fclose(file);
}

uint64_t pace_rest_ms(const struct pace *pace, uint64_t work_ns)
{
    uint64_t ms = work_ns * (pace->busy ? RESTS_BUSY : RESTS) / NS_PER_MS;
    return ms < REST_MIN_MS ? REST_MIN_MS : ms > REST_MAX_MS ? REST_MAX_MS : ms;
}
