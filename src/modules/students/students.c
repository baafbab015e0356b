#include "engine/module.h"

#include "students.sql.h"

static const char *const class_kinds[] = { "regular", "support", NULL };

static const struct field one_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};

// clang-format off
#define CHILD                                                                                                  \
    { "number", FROM_BODY, INT, REQUIRED, .min = 1, .max = 999, .help = "出席番号" },                          \
    { "family_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 50, .help = "姓" },                          \
    { "given_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 50, .help = "名" },                           \
    { "family_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 50, .help = "姓のよみがな" },                \
    { "given_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 50, .help = "名のよみがな" },                 \
    { "code", FROM_BODY, LINE, OPTIONAL, .max = 100, .help = "校務支援システムのコード" },                     \
    { "exchange_class_id", FROM_BODY, ID, OPTIONAL, .help = "交流学級" }
// clang-format on

static const struct field new_student[] = {
    { "class_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_CLASS },
    CHILD,
    { 0 },
};

static const struct field edited_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "class_id", FROM_BODY, ID, REQUIRED, .help = "同じ学校の学級" },
    CHILD,
    { 0 },
};

static const struct field leaving_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て決めた版" },
    { "left_on", FROM_BODY, DATE, REQUIRED, .help = "転出の日（きょうまで）" },
    { 0 },
};

static const struct field placed_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て決めた版" },
    { "class_id", FROM_BODY, ID, REQUIRED, .help = "入る学級" },
    { "number", FROM_BODY, INT, REQUIRED, .min = 1, .max = 999, .help = "出席番号" },
    { 0 },
};

static const struct field new_class[] = {
    { "school_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "grade", FROM_BODY, INT, REQUIRED, .min = 1, .max = 9, .help = "学年" },
    { "name", FROM_BODY, LINE, REQUIRED, .max = 30, .help = "学級の名前（1組など）" },
    { "kind", FROM_BODY, ENUM, OPTIONAL, .of = class_kinds, .help = "通常の学級か支援学級か" },
    { "code", FROM_BODY, LINE, OPTIONAL, .max = 100, .help = "校務支援システムのコード" },
    { 0 },
};

static const struct field edited_class[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "name", FROM_BODY, LINE, REQUIRED, .max = 30, .help = "学級の名前" },
    { "kind", FROM_BODY, ENUM, OPTIONAL, .of = class_kinds, .help = "通常の学級か支援学級か" },
    { "code", FROM_BODY, LINE, OPTIONAL, .max = 100, .help = "校務支援システムのコード" },
    { 0 },
};

static const struct field one_class[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { 0 },
};

static const struct route routes[] = {
    { POST, "/students", .may = OFFICE | BOARD, .takes = new_student, .runs = &student_new, .gives = NEW_ROW,
      .flags = NEEDS_KEY, .says = "児童生徒をひとり加える（転入）" },
    { GET, "/students/{student_id}", .may = OFFICE | BOARD, .takes = one_student, .runs = &student_show,
      .gives = ROW, .says = "名簿の児童生徒ひとり" },
    { PUT, "/students/{student_id}", .may = OFFICE | BOARD, .takes = edited_student, .runs = &student_edit,
      .gives = ROW, .says = "名簿の児童生徒ひとりを直す" },
    { GET, "/students/{student_id}/versions", .may = OFFICE | BOARD, .takes = one_student,
      .runs = &student_versions_of, .gives = ROWS, .says = "名簿の児童生徒のすべての版" },
    { POST, "/students/{student_id}/leave", .may = OFFICE | BOARD, .takes = leaving_student,
      .runs = &student_leave, .gives = ROW, .says = "転出にする" },
    { POST, "/students/{student_id}/return", .may = OFFICE | BOARD, .takes = placed_student,
      .runs = &student_return, .gives = ROW, .says = "転出した児童生徒を戻す" },
    { POST, "/students/{student_id}/move", .may = BOARD, .takes = placed_student, .runs = &student_move,
      .gives = ROW, .says = "市内のほかの学校へ移す" },
    { POST, "/classes", .may = OFFICE | BOARD, .takes = new_class, .runs = &class_new, .gives = NEW_ROW,
      .flags = NEEDS_KEY, .says = "今年度の学級を加える" },
    { PUT, "/classes/{class_id}", .may = OFFICE | BOARD, .takes = edited_class, .runs = &class_edit,
      .gives = ROW, .says = "学級の名前や種類を直す" },
    { GET, "/classes/{class_id}/versions", .may = OFFICE | BOARD, .takes = one_class,
      .runs = &class_versions_of, .gives = ROWS, .says = "学級のすべての版" },
    { 0 },
};

static const struct problem problems[] = {
    { "number_taken", 409, "この出席番号は、学級のほかの児童生徒のものです。" },
    { "code_taken", 409, "このコードは、すでに使われています。" },
    { "class_taken", 409, "同じ学年に、同じ名前の学級があります。" },
    { "already_left", 409, "この児童生徒は、すでに転出しています。" },
    { "not_left", 409, "この児童生徒は、転出していません。" },
    { "old_class", 409, "過ぎた年度の学級です。" },
    { "future_day", 422, "先の日にはできません。" },
    { "kana_format", 422, "よみがなは、ひらがなかカタカナで入力してください。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "students_by_code", "code_taken" },
    { "classes_by_code", "code_taken" },
    { "classes_school_id_school_year_grade_name_key", "class_taken" },
    { 0 },
};

const struct module students_module = {
    .name = "students",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .statements = students_statements,
};
