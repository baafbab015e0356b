#include "seed/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seed/households.h"
#include "seed/names.h"

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014). */
uint64_t seed_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

unsigned seed_below(uint64_t *state, unsigned n)
{
    return (unsigned)((seed_random(state) >> 32) * n >> 32);
}

static void schools_make(struct seed_city *city)
{
    for (int i = 0; i < SCHOOLS; i++) {
        struct seed_school *school = &city->schools[i];
        bool junior = i >= ELEMENTARY && i < ELEMENTARY + JUNIOR_HIGH;
        school->kind = i < ELEMENTARY ? 0 : junior ? 1 : 2;
        school->district = junior ? (i - ELEMENTARY) / 3 : i * 6 / ELEMENTARY % 6;
        school->size = 0.6 + seed_below(&city->random, 800) / 1000.0;
    }
}

static int grades_of(const struct seed_school *school)
{
    return school->kind == 0 ? 6 : school->kind == 1 ? 3 : 9;
}

/* A third of the children are in junior high school; the special-needs school has about 160 of 29,000. */
static double cohort_weight(const struct seed_city *city, int school)
{
    static const double share[] = { 0.668, 0.3265, 0.0055 };
    int kind = city->schools[school].kind;
    double all = 0;
    for (int i = 0; i < SCHOOLS; i++)
        if (city->schools[i].kind == kind) all += city->schools[i].size;
    return share[kind] * city->schools[school].size / all / grades_of(&city->schools[school]);
}

/* Rounds the running total, so that the cohorts add up to what was asked for. */
static void students_place(struct seed_city *city)
{
    double total = 0;
    int made = 0;
    for (int s = 0; s < SCHOOLS; s++) {
        double weight = cohort_weight(city, s);
        for (int grade = 1; grade <= grades_of(&city->schools[s]); grade++) {
            total += weight;
            int until = (int)(total * city->n_students + 0.5);
            if (s == SCHOOLS - 1 && grade == grades_of(&city->schools[s])) until = city->n_students;
            for (; made < until && made < city->n_students; made++) {
                struct seed_student *child = &city->students[made];
                *child = (struct seed_student){ .school = s, .grade = grade, .exchange = -1 };
                child->girl = seed_below(&city->random, 2);
                child->given = seed_below(&city->random, child->girl ? girls_count : boys_count);
                child->luck = (uint32_t)seed_random(&city->random);
            }
        }
    }
}

static int class_add(struct seed_city *city, int school, int grade, int nth, bool support)
{
    struct seed_class *class = &city->classes[city->n_classes];
    *class = (struct seed_class){ .school = school, .grade = grade, .support = support };
    class->sort = grade * 100 + (support ? 90 : nth);
    if (support)
        strcpy(class->name, "あおぞら");
    else
        snprintf(class->name, sizeof class->name, "%d組", nth);
    return city->n_classes++;
}

static int by_luck(const void *a, const void *b)
{
    const struct seed_student *x = a, *y = b;
    return (x->luck > y->luck) - (x->luck < y->luck);
}

/* Deals the n children of a cohort, in chance order, to its classes. One in 33 goes to the support class and
 * joins one of the others for exchange. */
static void cohort_deal(struct seed_city *city, struct seed_student *children, int n, int school, int grade)
{
    bool special = city->schools[school].kind == 2;
    int support = special ? 0 : n / 33, most = special ? 6 : 35;
    int classes = n - support > 0 ? (n - support + most - 1) / most : 1;
    int first = city->n_classes;
    for (int i = 1; i <= classes; i++) class_add(city, school, grade, i, false);
    int own = support ? class_add(city, school, grade, 1, true) : -1;
    if (n == 0) return;
    qsort(children, (size_t)n, sizeof *children, by_luck);
    for (int i = 0; i < n; i++) {
        children[i].class = i < support ? own : first + i % classes;
        children[i].exchange = i < support ? first + i % classes : -1;
    }
}

static int classes_make(struct seed_city *city)
{
    /* At most two more than whole classes of 35 (or 6) in each cohort: far less than this. */
    city->classes = calloc((size_t)city->n_students / 6 + SCHOOLS * 30, sizeof *city->classes);
    if (!city->classes) return -1;
    int at = 0;
    for (int s = 0; s < SCHOOLS; s++)
        for (int grade = 1; grade <= grades_of(&city->schools[s]); grade++) {
            int end = at;
            while (end < city->n_students && city->students[end].school == s &&
                   city->students[end].grade == grade)
                end++;
            cohort_deal(city, city->students + at, end - at, s, grade);
            at = end;
        }
    return 0;
}

/* For qsort, which takes no context. Set only while it runs; the seed has one thread. */
static const struct seed_city *sorted;

static int by_reading(const void *a, const void *b)
{
    const struct seed_student *x = &sorted->students[*(const int *)a],
                              *y = &sorted->students[*(const int *)b];
    if (x->class != y->class) return x->class < y->class ? -1 : 1;
    int order = strcmp(family_names[sorted->households[x->household].family_name].kana,
                       family_names[sorted->households[y->household].family_name].kana);
    if (order) return order;
    order = strcmp((x->girl ? girls : boys)[x->given].kana, (y->girl ? girls : boys)[y->given].kana);
    return order ? order : *(const int *)a - *(const int *)b;
}

static int numbers_give(struct seed_city *city)
{
    int *order = calloc((size_t)city->n_students, sizeof *order);
    if (!order) return -1;
    for (int i = 0; i < city->n_students; i++) order[i] = i;
    sorted = city;
    qsort(order, (size_t)city->n_students, sizeof *order, by_reading);
    sorted = NULL;
    for (int i = 0, number = 1; i < city->n_students; i++, number++) {
        if (i > 0 && city->students[order[i]].class != city->students[order[i - 1]].class) number = 1;
        city->students[order[i]].number = number;
        city->classes[city->students[order[i]].class].size = number;
    }
    free(order);
    return 0;
}

/* By their place, not by chance: who looks for such a child finds one in every class. */
static void missing_mark(struct seed_city *city)
{
    for (int i = 0; i < city->n_students; i++) {
        struct seed_student *child = &city->students[i];
        int size = city->classes[child->class].size;
        child->missing = size >= 10 && child->number > size - 2;
    }
}

int seed_city_make(struct seed_city *city, int students, uint64_t seed, bool everyone)
{
    *city = (struct seed_city){ .random = seed, .n_students = students };
    city->students = calloc((size_t)students, sizeof *city->students);
    if (!city->students) return -1;
    schools_make(city);
    students_place(city);
    if (classes_make(city) || seed_households_make(city) || numbers_give(city)) return -1;
    if (!everyone) missing_mark(city);
    seed_households_register(city);
    return 0;
}

void seed_city_done(struct seed_city *city)
{
    free(city->classes);
    free(city->students);
    free(city->households);
    free(city->by_household);
    *city = (struct seed_city){ 0 };
}
