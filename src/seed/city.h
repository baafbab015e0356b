/* The demonstration city in memory, before it is loaded. Indexes everywhere; a database id is index + 1. */
#ifndef SEED_CITY_H
#define SEED_CITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCHOOLS     60
#define ELEMENTARY  41
#define JUNIOR_HIGH 18

struct seed_school {
    int kind;     /* 0 elementary, 1 junior high, 2 special needs */
    int district; /* 0 to 5 */
    double size;  /* against the others of its kind */
};

struct seed_class {
    int school, grade, sort;
    int size; /* how many children: their numbers end with it */
    bool support;
    char name[24];
};

struct seed_student {
    int school, grade, class, exchange; /* exchange: -1 = none */
    int number;                         /* 出席番号 */
    int household;
    unsigned given;
    bool girl;
    bool missing;  /* no guardian has registered for this child */
    uint32_t luck; /* the order in which children are dealt to classes */
};

struct seed_household {
    int first, count;     /* its children: city->by_household[first ...] */
    unsigned family_name; /* of the children and the first guardian */
    unsigned other_name;  /* of the second guardian: nearly always the same */
    unsigned given[2];
    int guardians; /* 1 or 2; 0 = none has registered */
    bool father_first;
    int second; /* the second guardian's place after all first ones; -1 = none */
};

struct seed_city {
    uint64_t random;
    struct seed_school schools[SCHOOLS];
    struct seed_class *classes;
    struct seed_student *students; /* by school, grade, class, number once made */
    struct seed_household *households;
    int *by_household;
    int n_classes, n_students, n_households;
    int n_registered, n_second; /* the first and second guardians; households without any come last */
};

/* Makes the city. Without `everyone`, nobody has registered yet for the last two children of each class of
 * ten or more. 0, or -1 when memory is short; seed_city_done in either case. */
int seed_city_make(struct seed_city *city, int students, uint64_t seed, bool everyone);
void seed_city_done(struct seed_city *city);

/* Deterministic chance. */
uint64_t seed_random(uint64_t *state);
unsigned seed_below(uint64_t *state, unsigned n); /* 0 to n - 1 */

#endif
