#include "seed/households.h"

#include <stdlib.h>

#include "seed/names.h"

/* A zone: an elementary school's children, and their share of the junior high school that they go on to.
 * Families live in one zone, so brothers and sisters meet in few schools, as they do. */
static int zone_of(const struct seed_city *city, int child, unsigned chance)
{
    const struct seed_student *student = &city->students[child];
    int school = student->school;
    if (school < ELEMENTARY) return school;
    if (school == SCHOOLS - 1) return (int)(chance % ELEMENTARY);
    int district = city->schools[school].district, fits[ELEMENTARY], n = 0;
    for (int e = 0; e < ELEMENTARY; e++)
        if (city->schools[e].district == district && e % 3 == (school - ELEMENTARY) % 3) fits[n++] = e;
    return n ? fits[chance % (unsigned)n] : school % ELEMENTARY;
}

static void shuffle(int *items, int n, uint64_t *random)
{
    for (int i = n - 1; i > 0; i--) {
        int j = (int)seed_below(random, (unsigned)i + 1), kept = items[i];
        items[i] = items[j];
        items[j] = kept;
    }
}

/* Common names come first in the table: cubing a fraction would prefer them too much, squaring is about
 * right. */
static unsigned family_name_pick(uint64_t *random)
{
    uint64_t a = seed_below(random, family_names_count), b = seed_below(random, family_names_count);
    return (unsigned)(a * b / family_names_count);
}

/* About 1.3 children of school age in a household, 1.95 guardians: 43,500 guardians for 29,000 children. */
static int household_size(uint64_t *random)
{
    unsigned chance = seed_below(random, 100);
    return chance < 73 ? 1 : chance < 97 ? 2 : 3;
}

static void household_people(struct seed_household *home, uint64_t *random)
{
    home->family_name = home->other_name = family_name_pick(random);
    if (seed_below(random, 100) < 3) home->other_name = family_name_pick(random);
    home->guardians = seed_below(random, 100) < 95 ? 2 : 1;
    home->father_first = seed_below(random, 100) < 20;
    home->given[0] = seed_below(random, home->father_first ? men_count : women_count);
    home->given[1] = seed_below(random, home->father_first ? women_count : men_count);
}

static bool same_cohort(const struct seed_city *city, int a, int b)
{
    const struct seed_student *x = &city->students[a], *y = &city->students[b];
    return x->school == y->school && x->grade == y->grade;
}

/* Twins are rare: a child of the same cohort is exchanged for a later one, where there is one. */
static void twins_part(struct seed_city *city, int *zone, int first, int count, int n)
{
    for (int i = first + 1; i < first + count; i++)
        for (int tries = 0; tries < 8 && same_cohort(city, zone[first], zone[i]); tries++) {
            if (first + count >= n || seed_below(&city->random, 100) < 1) break;
            int j = first + count + (int)seed_below(&city->random, (unsigned)(n - first - count)),
                kept = zone[i];
            zone[i] = zone[j];
            zone[j] = kept;
        }
}

static void zone_settle(struct seed_city *city, int *zone, int n, int offset)
{
    for (int at = 0; at < n;) {
        int count = household_size(&city->random);
        if (count > n - at) count = n - at;
        twins_part(city, zone, at, count, n);
        struct seed_household *home = &city->households[city->n_households++];
        *home = (struct seed_household){ .first = offset + at, .count = count, .second = -1 };
        household_people(home, &city->random);
        at += count;
    }
}

static void households_exchange(struct seed_city *city, int a, int b)
{
    struct seed_household kept = city->households[a];
    city->households[a] = city->households[b];
    city->households[b] = kept;
}

static void children_settle(struct seed_city *city)
{
    for (int h = 0; h < city->n_households; h++) {
        const struct seed_household *home = &city->households[h];
        for (int c = 0; c < home->count; c++)
            city->students[city->by_household[home->first + c]].household = h;
    }
}

/* Households in chance order, so that the first thousand guardians live all over the city. */
static void households_number(struct seed_city *city)
{
    for (int i = city->n_households - 1; i > 0; i--)
        households_exchange(city, i, (int)seed_below(&city->random, (unsigned)i + 1));
    children_settle(city);
}

static bool all_missing(const struct seed_city *city, const struct seed_household *home)
{
    for (int c = 0; c < home->count; c++)
        if (!city->students[city->by_household[home->first + c]].missing) return false;
    return true;
}

/* Those without guardians go to the end: the accounts' numbers have no gaps. */
void seed_households_register(struct seed_city *city)
{
    city->n_registered = city->n_households;
    for (int h = city->n_households - 1; h >= 0; h--)
        if (all_missing(city, &city->households[h])) {
            city->households[h].guardians = 0;
            households_exchange(city, h, --city->n_registered);
        }
    for (int h = 0; h < city->n_registered; h++)
        if (city->households[h].guardians == 2) city->households[h].second = city->n_second++;
    children_settle(city);
}

int seed_households_make(struct seed_city *city)
{
    size_t n = (size_t)city->n_students;
    int *zones = calloc(n, sizeof *zones), filled = 0;
    city->by_household = calloc(n, sizeof *city->by_household);
    city->households = calloc(n, sizeof *city->households);
    if (!zones || !city->by_household || !city->households) {
        free(zones);
        return -1;
    }
    for (int i = 0; i < city->n_students; i++)
        zones[i] = zone_of(city, i, seed_below(&city->random, 1u << 20));
    for (int zone = 0; zone < ELEMENTARY; zone++) {
        int *start = city->by_household + filled, count = 0;
        for (int i = 0; i < city->n_students; i++)
            if (zones[i] == zone) start[count++] = i;
        shuffle(start, count, &city->random);
        zone_settle(city, start, count, filled);
        filled += count;
    }
    free(zones);
    households_number(city);
    return 0;
}
