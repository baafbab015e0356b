#include "delivery/pace.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define RESTS            4 /* times what the work took */
#define RESTS_BUSY       20
#define REST_MIN_MS      50
#define REST_MIN_BUSY_MS 400
#define REST_MAX_MS      1000
#define PIECE_BUSY       4     /* of the most: one part in so many */
#define STAT_MAX         32768 /* the lines of 300 CPUs, which come first */

/* Of 100: what of the CPU was to spare -> how far to stand back. */
static unsigned busy_when(uint64_t spare)
{
    return spare >= 50 ? 0 : spare <= 25 ? 100 : (unsigned)(50 - spare) * 4;
}

static bool read_cpu(const char *line, unsigned *ret_cpu, uint64_t *ret_spare, uint64_t *ret_whole)
{
    uint64_t user, nice, system, idle, iowait, irq, softirq, steal;
    if (sscanf(line,
               "cpu%u %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
               " %" SCNu64,
               ret_cpu, &user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal) != 9)
        return false;
    *ret_spare = idle + iowait;
    *ret_whole = *ret_spare + user + nice + system + irq + softirq + steal;
    return true;
}

void pace_note(struct pace *pace, const char *stat, const cpu_set_t *ours)
{
    uint64_t spare = 0, whole = 0;
    for (const char *line = stat; line; line = strchr(line, '\n')) {
        uint64_t its_spare, its_whole;
        unsigned cpu;
        if (*line == '\n') line++;
        if (!read_cpu(line, &cpu, &its_spare, &its_whole) || cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, ours))
            continue;
        spare += its_spare;
        whole += its_whole;
    }
    if (whole <= pace->whole) return;
    /* A look's iowait may be less than the one before (proc(5)). */
    uint64_t gained = spare > pace->spare ? spare - pace->spare : 0;
    if (pace->whole > 0) pace->busy = busy_when(gained * 100 / (whole - pace->whole));
    pace->spare = spare;
    pace->whole = whole;
}

void pace_look(struct pace *pace)
{
    char stat[STAT_MAX];
    cpu_set_t ours;
    FILE *file = fopen("/proc/stat", "re");
    if (!file) return;
    stat[fread(stat, 1, sizeof stat - 1, file)] = '\0';
    fclose(file);
    if (sched_getaffinity(0, sizeof ours, &ours) == 0) pace_note(pace, stat, &ours);
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
