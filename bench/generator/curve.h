/* Arrival curves: how many people come when. A curve is a table of points (minute, relative rate), straight
 * lines between them, two at one minute are a jump; only the shape counts. The whole curve is played in any
 * number of seconds (that is the compression).
 *
 * Stateless but for the random generator, which the caller owns: the same seed gives the same morning. */
#ifndef BENCH_CURVE_H
#define BENCH_CURVE_H

#include <stddef.h>
#include <stdint.h>

struct curve_point {
    double minute, rate;
};

struct curve {
    const char *name, *help;
    const struct curve_point *points; /* at least two, by minute */
    size_t count;
};

/* NULL when there is no such curve. */
const struct curve *curve_find(const char *name);
/* The curve at `index`, NULL after the last. */
const struct curve *curve_at(size_t index);
/* The part (0..1) of all arrivals that has come when `part` (0..1) of the time has passed. */
double curve_share(const struct curve *curve, double part);
/* The inverse: when (0..1) has the share `share` (0..1) come. */
double curve_when(const struct curve *curve, double share);

/* xorshift128+ (Vigna, 2014): good enough for jitter and arrivals, and the same everywhere. */
struct dice {
    uint64_t a, b;
};
void dice_init(struct dice *dice, uint64_t seed);
uint64_t dice_roll(struct dice *dice);
/* 0 <= x < 1 */
double dice_share(struct dice *dice);
/* 0 <= n < below; below > 0 */
uint64_t dice_below(struct dice *dice, uint64_t below);

/* Fills times[count], ascending, in nanoseconds from 0 to `length`. Random: as independent people come
 * (bursts included); otherwise evenly along the curve. */
void curve_arrivals(const struct curve *curve, uint64_t length, struct dice *dice_or_null, uint64_t *times,
                    size_t count);

#endif
