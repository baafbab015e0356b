#include "engine/module.h"

#include "columns.h"
#include "schools.sql.h"

static const struct field any_school[] = {
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "この学校だけ" },
    { 0 },
};

static const struct field one_class[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { 0 },
};

static const struct sheet_column student_columns[] = {
    { "number", "出席番号" },  { "family_name", "姓" },  { "given_name", "名" },
    { "family_kana", "せい" }, { "given_kana", "めい" }, { 0 },
};
static const struct sheet student_sheet = { "学級名簿", student_columns };

static const struct field search[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "q", FROM_BODY, LINE, REQUIRED | PERSONAL, .min = 1, .max = 20, .help = "かなの初めの数文字" },
    { 0 },
};

static const struct field days[] = {
    { "days", FROM_QUERY, INT, OPTIONAL, .min = 1, .max = 30, .help = "何日分か（なければ5日）" },
    { 0 },
};

static const struct route routes[] = {
    { GET, "/schools", .may = OFFICE | BOARD, .runs = &schools_list, .gives = ROWS, .says = "学校の一覧" },
    /* A POST, so that what is typed stands in no URL. */
    { POST, "/schools/{school_id}/students/search", .may = OFFICE, .takes = search, .runs = &school_students,
      .gives = ROWS, .flags = READS, .says = "かなで児童生徒をさがす" },
    { GET, "/classes", .may = STAFF | BOARD, .takes = any_school, .runs = &classes_list, .gives = ROWS,
      .says = "見ることのできる学級の一覧" },
    { GET, "/classes/{class_id}/students", .may = STAFF, .takes = one_class, .runs = &class_students,
      .gives = ROWS, .sheet = &student_sheet, .says = "学級の児童生徒" },
    { POST, "/roster/columns", .may = OFFICE | BOARD, .steps = columns_steps, .gives = ROW,
      .flags = RAW_BODY | READS, .max_body = UPLOAD_MAX, .says = "名簿のCSVの見出しと初めの行" },
    { GET, "/city/history", .may = BOARD, .takes = days, .runs = &city_history, .gives = ROWS, .flags = SLOW,
      .says = "学校ごとの、この数日の欠席" },
    { 0 },
};

const struct module schools_module = {
    .name = "schools",
    .routes = routes,
    .statements = schools_statements,
};
