#include "engine/module.h"

#include "children.sql.h"

static const struct field one_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct route routes[] = {
    { GET, "/children", .may = GUARDIAN, .runs = &children_list, .gives = ROWS, .says = "自分の子の一覧" },
    { GET, "/children/{student_id}/absences", .may = GUARDIAN, .takes = one_student, .runs = &child_absences,
      .gives = ROWS, .says = "子の連絡の履歴" },
    { 0 },
};

const struct module children_module = {
    .name = "children",
    .routes = routes,
    .statements = children_statements,
};
