#include "hist.h"

#include <math.h>
#include <stdlib.h>

#define HALF (1u << (HIST_SUB_BITS - 1))

int hist_init(struct hist *hist)
{
    *hist = (struct hist){ .cells = calloc(HIST_CELLS, sizeof(uint64_t)), .min = UINT64_MAX };
    return hist->cells ? 0 : -1;
}

void hist_done(struct hist *hist)
{
    free(hist->cells);
    *hist = (struct hist){ 0 };
}

size_t hist_cell(uint64_t value)
{
    if (value > HIST_MAX) value = HIST_MAX;
    if (value < 2 * HALF) return (size_t)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - (HIST_SUB_BITS - 1);
    return 2 * HALF + (size_t)(shift - 1) * HALF + (size_t)((value >> shift) - HALF);
}

uint64_t hist_cell_top(size_t cell)
{
    if (cell < 2 * HALF) return cell;
    size_t shift = (cell - 2 * HALF) / HALF + 1;
    uint64_t part = HALF + (cell - 2 * HALF) % HALF;
    return ((part + 1) << shift) - 1;
}

void hist_record(struct hist *hist, uint64_t value)
{
    hist->cells[hist_cell(value)]++;
    hist->count++;
    hist->sum += (double)value;
    if (value < hist->min) hist->min = value;
    if (value > hist->max) hist->max = value;
}

void hist_merge(struct hist *into, const struct hist *from)
{
    for (size_t i = 0; i < HIST_CELLS; i++) into->cells[i] += from->cells[i];
    into->count += from->count;
    into->sum += from->sum;
    if (from->min < into->min) into->min = from->min;
    if (from->max > into->max) into->max = from->max;
}

uint64_t hist_quantile(const struct hist *hist, double quantile)
{
    if (hist->count == 0) return 0;
    /* The small step back keeps 0.999 * 1000 = 999.0000000001 from becoming rank 1,000. */
    double wanted = ceil(quantile * (double)hist->count - 1e-6);
    uint64_t rank = wanted < 1 ? 1 : (uint64_t)wanted;
    uint64_t seen = 0;
    for (size_t i = 0; i < HIST_CELLS; i++) {
        seen += hist->cells[i];
        if (seen < rank) continue;
        uint64_t top = hist_cell_top(i);
        return top < hist->max ? top : hist->max;
    }
    return hist->max;
}

double hist_mean(const struct hist *hist)
{
    return hist->count ? hist->sum / (double)hist->count : 0;
}
