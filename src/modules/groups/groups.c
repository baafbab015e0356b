#include "engine/module.h"

#include "groups.sql.h"

#define MEMBERS_AT_ONCE 2000
#define PARTS           200

static const char *const purposes[] = { "club", "bus", "committee", "event", "other", NULL };
static const char *const holds[] = { "students", "guardians", NULL };

// clang-format off
#define GROUP                                                                                                  \
    { "name", FROM_BODY, LINE, REQUIRED, .max = 60, .help = "グループの名前" },                                \
    { "purpose", FROM_BODY, ENUM, REQUIRED, .of = purposes, .help = "クラブ・バス・委員会・行事・その他" }
// clang-format on

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct field new_group[] = {
    { "school_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_SCHOOL, .help = "どの学校の" },
    GROUP,
    { "holds", FROM_BODY, ENUM, REQUIRED, .of = holds, .help = "児童生徒のグループか、保護者のグループか" },
    { "member_ids", FROM_BODY, ID_LIST, OPTIONAL, .max = MEMBERS_AT_ONCE, .help = "児童生徒、または保護者" },
    { 0 },
};

static const struct field one_group[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_GROUP },
    { 0 },
};

static const struct field changed_group[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_GROUP },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    GROUP,
    { "ended", FROM_BODY, BOOL, OPTIONAL, .help = "もう使わない" },
    { 0 },
};

static const struct field changed_members[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_GROUP },
    { "add", FROM_BODY, ID_LIST, OPTIONAL, .max = MEMBERS_AT_ONCE, .help = "加える人" },
    { "remove", FROM_BODY, ID_LIST, OPTIONAL, .max = MEMBERS_AT_ONCE, .help = "外す人" },
    { 0 },
};

static const struct field audience[] = {
    { "audience", FROM_BODY, TEXT_LIST, REQUIRED, .max = PARTS,
      .help = "school/3、grade/3/2、class/12、group/5、student/77、city/all、city/elementary/3 のように" },
    { 0 },
};

static void members_change(const struct checked *in, struct field_errors *errors)
{
    if (!checked_has(in, "add") && !checked_has(in, "remove"))
        field_errors_add(errors, STR("add"), "required", "加える人か、外す人を選んでください。");
}

static const struct route routes[] = {
    { GET, "/schools/{school_id}/groups", .may = STAFF, .takes = one_school, .runs = &groups_list,
      .gives = ROWS, .says = "学校のグループ" },
    { POST, "/groups", .may = STAFF, .takes = new_group, .runs = &group_make, .gives = NEW_ROW,
      .flags = NEEDS_KEY, .says = "グループを作る" },
    { PUT, "/groups/{id}", .may = STAFF, .takes = changed_group, .runs = &group_change, .gives = ROW,
      .says = "グループの名前を直す、使わないことにする" },
    { GET, "/groups/{id}/members", .may = STAFF, .takes = one_group, .runs = &group_members_list,
      .gives = ROWS, .says = "グループの人" },
    { PUT, "/groups/{id}/members", .may = STAFF, .takes = changed_members, .check = members_change,
      .runs = &group_members_change, .gives = ROW, .says = "グループに加える、グループから外す" },
    { POST, "/audience", .may = STAFF | BOARD, .takes = audience, .runs = &audience_reach, .gives = ROWS,
      .flags = READS, .says = "あて先の人数。はじめの行が全体" },
    { 0 },
};

static const struct problem problems[] = {
    { "name_taken", 409, "同じ名前のグループがあります。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "groups_by_name", "name_taken" },
    { 0 },
};

const struct module groups_module = {
    .name = "groups",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .statements = groups_statements,
};
