#include "delivery/pace.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

#define RESTS            4 /* times what the work took */
#define RESTS_BUSY       20
#define REST_MIN_MS      50
#define REST_MIN_BUSY_MS 400
#define REST_MAX_MS      1000
#define PIECE_BUSY       4 /* of the most: one part in so many */

/* Of 100: what of the CPU was to spare -> how far to stand back. */
static unsigned busy_when(uint64_t spare)
{
    return spare >= 50 ? 0 : spare <= 25 ? 100 : (unsigned)(50 - spare) * 4;
}

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
    if (pace->whole > 0) pace->busy = busy_when(gained * 100 / (whole - pace->whole));
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

/* From `idle` to `busy`, as far as the machine is. */
static uint64_t between(const struct pace *pace, uint64_t idle, uint64_t busy)
{
    return (idle * (100 - pace->busy) + busy * pace->busy) / 100;
}

uint64_t pace_rest_ms(const struct pace *pace, uint64_t work_ns)
{
    uint64_t ms = work_ns * between(pace, RESTS * 100, RESTS_BUSY * 100) / (100 * NS_PER_MS);
    uint64_t least = between(pace, REST_MIN_MS, REST_MIN_BUSY_MS);
    return ms < least ? least : ms > REST_MAX_MS ? REST_MAX_MS : ms;
}

unsigned pace_piece(const struct pace *pace, unsigned most)
{
    return (unsigned)between(pace, most, most / PIECE_BUSY);
}
