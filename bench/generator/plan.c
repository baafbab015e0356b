/* Who comes, who reports for whom, who watches: chosen once, from the sessions and the flags. */
#include <math.h>
#include <stdlib.h>

#include "day.h"
#include "phone.h"

struct plan {
    struct bench *bench;
    const struct session **guardians; /* in random order */
    size_t guardian_count, wanted;
    struct table claimed; /* student -> the latest day offset + 1 */
};

/* Session i belongs to shard i mod N, whatever it does. */
static bool shard_has(const struct bench *bench, const struct session *session)
{
    return !bench->shards || (size_t)(session - bench->sessions.all) % bench->shards == bench->shard;
}

/* With --school: whose only child is surely there (the sessions name one school, and siblings may have two).
 */
static bool guardian_wanted(const struct bench *bench, const struct session *session)
{
    uint64_t school = (uint64_t)bench->options.school;
    return !school || (session->school_id == school && session->student_count == 1);
}

static int plan_guardians(struct plan *plan)
{
    const struct sessions *sessions = &plan->bench->sessions;
    size_t cursor = 0, count = sessions->by_role[ROLE_GUARDIAN];
    const struct session *session;
    plan->guardians = calloc(count ? count : 1, sizeof(struct session *));
    if (!plan->guardians) return -1;
    while ((session = sessions_next(sessions, ROLE_GUARDIAN, &cursor))) {
        if (!guardian_wanted(plan->bench, session)) continue;
        size_t at =
            dice_below(&plan->bench->dice, plan->guardian_count + 1); /* Fisher and Yates, inside out */
        plan->guardians[plan->guardian_count++] = plan->guardians[at];
        plan->guardians[at] = session;
    }
    return 0;
}

static struct phone *plan_phone(struct plan *plan, const struct session *session)
{
    struct phone *phone = &plan->bench->phones[plan->bench->phone_count++];
    phone->session = session;
    phone->mine = shard_has(plan->bench, session);
    return phone;
}

/* The guardian's child number `nth`, for the day, unless another guardian has reported it already. */
static int plan_report(struct plan *plan, const struct session *session, size_t nth, int64_t offset)
{
    if (nth >= session->student_count) return 0;
    uint64_t *claim = table_put(&plan->claimed, session->students[nth]);
    if (!claim) return -1;
    if (*claim == (uint64_t)offset + 1) return 0;
    *claim = (uint64_t)offset + 1;
    struct phone *phone = plan_phone(plan, session);
    phone->report.student = session->students[nth];
    phone->report.day = plan->bench->first_day + offset;
    return 0;
}

/* Every guardian's first child, then the second ones (the same guardian comes again), then the next day. */
static int plan_reports(struct plan *plan)
{
    for (int64_t offset = 0; offset <= plan->bench->options.days_ahead; offset++)
        for (size_t nth = 0; nth < 8; nth++)
            for (size_t i = 0; i < plan->guardian_count; i++) {
                if (plan->bench->phone_count == plan->wanted) return 0;
                if (plan_report(plan, plan->guardians[i], nth, offset) != 0) return -1;
            }
    if (plan->bench->phone_count < plan->wanted)
        fprintf(stderr, "todoke-bench: %zu reports instead of %zu: the sessions have no more children\n",
                plan->bench->phone_count, plan->wanted);
    return 0;
}

/* Whoever reports may come at any time. Before phones_index: reports are known by their address. */
static void phones_shuffle(struct bench *bench)
{
    for (size_t i = bench->phone_count; i > 1; i--) {
        struct phone *a = &bench->phones[i - 1], *b = &bench->phones[dice_below(&bench->dice, i)], swap = *a;
        *a = *b;
        *b = swap;
    }
}

static int phones_index(struct bench *bench)
{
    for (size_t i = 0; i < bench->phone_count; i++)
        if (bench->phones[i].mine && bench->phones[i].report.student &&
            glass_add_report(&bench->glass, &bench->phones[i].report) != 0)
            return -1;
    return 0;
}

/* Those who don't report: guardians who look or sign in, one after the other, and the board's exports. */
static void plan_others(struct plan *plan, size_t guardians, size_t exports)
{
    struct bench *bench = plan->bench;
    size_t cursor = 0;
    const struct session *board = sessions_next(&bench->sessions, ROLE_BOARD, &cursor);
    for (size_t i = 0; plan->guardian_count && i < guardians; i++)
        plan_phone(plan, plan->guardians[(plan->wanted + i) % plan->guardian_count]);
    for (size_t i = 0; board && i < exports; i++) plan_phone(plan, board);
}

static size_t part_of(size_t all, double percent)
{
    return (size_t)lround((double)all * percent / 100);
}

int phones_plan(struct bench *bench)
{
    const struct options *options = &bench->options;
    struct plan plan = { .bench = bench };
    size_t all = (size_t)(options->rate > 0 ? lround(options->rate * options->seconds) : options->guardians);
    size_t exports = part_of(all, options->exports), reads = part_of(all, options->reads);
    if (options->reports > (long)all) all = (size_t)options->reports;
    plan.wanted =
        options->reports ? (size_t)options->reports : part_of(all - exports - reads, options->percent);
    size_t others = bench->scenario->signs_in || options->look ? all - exports - plan.wanted : reads;
    bench->phones = calloc(all ? all : 1, sizeof *bench->phones);
    int result = bench->phones ? plan_guardians(&plan) : -1;
    if (result == 0) result = plan_reports(&plan);
    if (result == 0) plan_others(&plan, others, exports);
    phones_shuffle(bench);
    if (result == 0) result = phones_index(bench);
    if (result == 0) result = dues_reserve(&bench->dues, bench->phone_count);
    table_done(&plan.claimed);
    free(plan.guardians);
    if (result == 0 && bench->phone_count == 0) {
        fprintf(stderr, "todoke-bench: the tokens file has no guardians for this\n");
        return -1;
    }
    if (result != 0) fprintf(stderr, "todoke-bench: out of memory\n");
    return result;
}

static void dash_make(struct bench *bench, const struct session *session, enum screen_kind kind,
                      uint64_t topic_id)
{
    struct dash *dash = &bench->dashes.all[bench->dashes.count++];
    dash->bench = bench;
    dash->session = session;
    dash->screen.kind = kind;
    dash->screen.topic_id = topic_id;
    if (kind == SCREEN_BOARD && bench->dashes.board_known)
        dash->screen.next = &dash->screen; /* only the first adds up */
    if (kind == SCREEN_BOARD) bench->dashes.board_known = true;
    if (glass_add_screen(&bench->glass, &dash->screen) != 0) bench->failed = true;
}

/* One session for each class, school or the board; --per-topic sockets with it. */
static void dashes_of_role(struct bench *bench, enum role role, enum screen_kind kind, bool wanted)
{
    struct table seen = { 0 };
    long screens = bench->options.screens ? bench->options.screens : bench->options.per_topic;
    size_t cursor = 0;
    const struct session *session;
    while (wanted && (session = sessions_next(&bench->sessions, role, &cursor))) {
        uint64_t id = kind == SCREEN_CLASS    ? session->class_id
                      : kind == SCREEN_SCHOOL ? session->school_id
                                              : 1;
        if (bench->options.school && id != (uint64_t)bench->options.school && kind == SCREEN_SCHOOL) continue;
        if (bench->options.school && session->school_id != (uint64_t)bench->options.school &&
            kind == SCREEN_CLASS)
            continue;
        uint64_t *place = table_put(&seen, id);
        if (!place || *place) continue;
        *place = 1;
        if (!shard_has(bench, session)) continue;
        for (long i = 0; i < screens; i++) dash_make(bench, session, kind, kind == SCREEN_BOARD ? 0 : id);
    }
    table_done(&seen);
}

static void dashes_idle(struct bench *bench, size_t count)
{
    static const enum screen_kind kinds[ROLES] = { SCREEN_STUDENT, SCREEN_CLASS, SCREEN_SCHOOL,
                                                   SCREEN_BOARD };
    for (size_t i = 0; i < count && bench->sessions.count; i++) {
        const struct session *session = &bench->sessions.all[i % bench->sessions.count];
        uint64_t ids[ROLES] = { session->student_count ? session->students[0] : 0, session->class_id,
                                session->school_id, 0 };
        enum screen_kind kind = kinds[session->role];
        bool idle = bench->options.no_subscribe || (kind != SCREEN_BOARD && ids[session->role] == 0);
        dash_make(bench, session, idle ? SCREEN_IDLE : kind, idle ? 0 : ids[session->role]);
    }
}

int dashes_make(struct bench *bench)
{
    const struct options *options = &bench->options;
    size_t most = bench->scenario->idle_sockets
                      ? (size_t)options->sockets
                      : (bench->sessions.count - bench->sessions.by_role[ROLE_GUARDIAN]) *
                            (size_t)(options->screens ? options->screens : options->per_topic);
    bench->dashes.all = calloc(most ? most : 1, sizeof *bench->dashes.all);
    if (!bench->dashes.all) return -1;
    if (bench->scenario->idle_sockets) {
        dashes_idle(bench, most);
    } else if (!options->no_dashboards) {
        dashes_of_role(bench, ROLE_OFFICE, SCREEN_SCHOOL, !options->no_offices);
        dashes_of_role(bench, ROLE_BOARD, SCREEN_BOARD, !options->no_board && !options->screens);
        dashes_of_role(bench, ROLE_TEACHER, SCREEN_CLASS, !options->no_teachers && !options->screens);
    }
    bench->dashes.board_known = false;
    return bench->failed ? -1 : dues_reserve(&bench->dues, bench->dashes.count);
}
