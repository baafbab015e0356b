#include "curve.h"

#include <stdlib.h>
#include <string.h>

/* 7:00 to 8:30. The peak is 7:45-8:10; the fullest half hour has 60 % of the day's reports (field figures: 60
 * % within 30 minutes, peak hour 7:00-8:20). tests/unit/bench/test_curve.c holds it to that. */
static const struct curve_point morning[] = {
    { 0, 0.10 }, { 20, 0.25 }, { 40, 0.50 }, { 45, 1.00 }, { 70, 1.00 }, { 75, 0.50 }, { 90, 0.20 },
};
static const struct curve_point constant[] = { { 0, 1 }, { 1, 1 } };
/* From nothing to the full rate in the first half, then held. */
static const struct curve_point ramp[] = { { 0, 0 }, { 1, 1 }, { 2, 1 } };
/* Four levels of equal length. Two points at one minute are a jump. */
static const struct curve_point step[] = {
    { 0, 0.25 }, { 1, 0.25 }, { 1, 0.50 }, { 2, 0.50 }, { 2, 0.75 }, { 3, 0.75 }, { 3, 1.00 }, { 4, 1.00 },
};
/* Everybody at the bell: a quarter of a minute up, then an even fall. */
static const struct curve_point bell[] = { { 0, 0.0 }, { 0.25, 1.0 }, { 5, 0.1 } };

#define POINTS(table) table, sizeof table / sizeof *table
static const struct curve curves[] = {
    { "morning", "7:00-8:30, 60 % within half an hour, peak 7:45-8:10", POINTS(morning) },
    { "constant", "the same rate all the time", POINTS(constant) },
    { "ramp", "from nothing to the full rate in the first half, then held", POINTS(ramp) },
    { "step", "a quarter, a half, three quarters, all of the rate, for the same time each", POINTS(step) },
    { "bell", "a steep rise, then a long fall (a notice went out)", POINTS(bell) },
};

const struct curve *curve_at(size_t index)
{
    return index < sizeof curves / sizeof *curves ? &curves[index] : NULL;
}

const struct curve *curve_find(const char *name)
{
    for (size_t i = 0; curve_at(i); i++)
        if (strcmp(curves[i].name, name) == 0) return &curves[i];
    return NULL;
}

static double area_until(const struct curve *curve, double minute)
{
    double area = 0;
    for (size_t i = 1; i < curve->count; i++) {
        struct curve_point from = curve->points[i - 1], to = curve->points[i];
        if (minute <= from.minute) break;
        if (to.minute <= from.minute) continue; /* a jump has no area */
        double end = minute < to.minute ? minute : to.minute;
        double rate = from.rate + (to.rate - from.rate) * (end - from.minute) / (to.minute - from.minute);
        area += (from.rate + rate) / 2 * (end - from.minute);
    }
    return area;
}

double curve_share(const struct curve *curve, double part)
{
    double first = curve->points[0].minute, last = curve->points[curve->count - 1].minute;
    return area_until(curve, first + part * (last - first)) / area_until(curve, last);
}

double curve_when(const struct curve *curve, double share)
{
    double low = 0, high = 1;
    for (int i = 0; i < 50; i++) {
        double middle = (low + high) / 2;
        if (curve_share(curve, middle) < share)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

void dice_init(struct dice *dice, uint64_t seed)
{
    /* splitmix64, so that seed 0 and neighbouring seeds are fine too */
    uint64_t *states[] = { &dice->a, &dice->b };
    for (size_t i = 0; i < 2; i++) {
        uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        *states[i] = z ^ (z >> 31);
    }
}

uint64_t dice_roll(struct dice *dice)
{
    uint64_t x = dice->a, y = dice->b;
    dice->a = y;
    x ^= x << 23;
    dice->b = x ^ y ^ (x >> 17) ^ (y >> 26);
    return dice->b + y;
}

double dice_share(struct dice *dice)
{
    return (double)(dice_roll(dice) >> 11) * 0x1.0p-53;
}

uint64_t dice_below(struct dice *dice, uint64_t below)
{
    return dice_roll(dice) % below;
}

static int time_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void curve_arrivals(const struct curve *curve, uint64_t length, struct dice *dice_or_null, uint64_t *times,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double share = dice_or_null ? dice_share(dice_or_null) : ((double)i + 0.5) / (double)count;
        times[i] = (uint64_t)(curve_when(curve, share) * (double)length);
    }
    qsort(times, count, sizeof *times, time_compare);
}
