#include "engine/module.h"

#include "surveillance.sql.h"

static const struct field school_on_day[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "day", FROM_QUERY, DATE, OPTIONAL, .help = "いつの（なければ今日）" },
    { 0 },
};

static const char *const symptoms[] = { "ill",    "fever", "headache", "respiratory", "diarrhea",
                                        "nausea", "rash",  "flu_like", "other",       "suspended",
                                        NULL };
#define SYMPTOM                                                                                              \
    {                                                                                                        \
        "symptom", FROM_QUERY, ENUM, OPTIONAL, .of = symptoms, .help = "数えるもの（なければ、病気で休む子すべて）" \
    }

static const struct field of_city[] = { SYMPTOM, { 0 } };

static const struct field of_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    SYMPTOM,
    { 0 },
};

static const struct field guide[] = {
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "closure_percent", FROM_BODY, INT, REQUIRED, .min = 5, .max = 100, .help = "学級の何％から" },
    { "closure_fewest", FROM_BODY, INT, REQUIRED, .min = 2, .max = 40, .help = "かつ、何人から" },
    { 0 },
};

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct field shown[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "shows_health", FROM_BODY, BOOL, REQUIRED, .help = "保護者に、病気で休む子の人数を見せる" },
    { 0 },
};

static const struct field one_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct sheet_word unusual_words[] = { { "raised", "多め" }, { "high", "急増" }, { 0 } };

static const struct sheet_column columns[] = {
    { "day", "日付" },
    { "grade", "学年" },
    { "class_name", "学級" },
    { "special", "支援学級" },
    { "enrolled", "在籍" },
    { "absent", "病気による欠席" },
    { "fever", "発熱" },
    { "headache", "頭痛" },
    { "respiratory", "せき・鼻水" },
    { "diarrhea", "下痢・腹痛" },
    { "nausea", "吐き気・嘔吐" },
    { "rash", "発疹" },
    { "flu_like", "インフルエンザ様" },
    { "other_symptom", "その他の症状" },
    { "not_told", "症状の連絡なし" },
    { "suspended", "出席停止" },
    { "suspended_influenza", "出席停止：インフルエンザ" },
    { "suspended_covid", "出席停止：新型コロナ" },
    { "suspended_gastroenteritis", "出席停止：感染性胃腸炎" },
    { "suspended_strep", "出席停止：溶連菌" },
    { "suspended_mumps", "出席停止：流行性耳下腺炎" },
    { "suspended_chickenpox", "出席停止：水痘" },
    { "suspended_mycoplasma", "出席停止：マイコプラズマ" },
    { "suspended_erythema_infectiosum", "出席停止：伝染性紅斑" },
    { "suspended_hand_foot_mouth", "出席停止：手足口病" },
    { "suspended_pharyngoconjunctival", "出席停止：咽頭結膜熱" },
    { "suspended_keratoconjunctivitis", "出席停止：流行性角結膜炎" },
    { "suspended_other", "出席停止：そのほか" },
    { "diagnosed_influenza", "病欠のうち診断：インフルエンザ" },
    { "diagnosed_covid", "病欠のうち診断：新型コロナ" },
    { "diagnosed_gastroenteritis", "病欠のうち診断：感染性胃腸炎" },
    { "diagnosed_strep", "病欠のうち診断：溶連菌" },
    { "diagnosed_mumps", "病欠のうち診断：流行性耳下腺炎" },
    { "diagnosed_chickenpox", "病欠のうち診断：水痘" },
    { "diagnosed_mycoplasma", "病欠のうち診断：マイコプラズマ" },
    { "diagnosed_erythema_infectiosum", "病欠のうち診断：伝染性紅斑" },
    { "diagnosed_hand_foot_mouth", "病欠のうち診断：手足口病" },
    { "diagnosed_pharyngoconjunctival", "病欠のうち診断：咽頭結膜熱" },
    { "diagnosed_keratoconjunctivitis", "病欠のうち診断：流行性角結膜炎" },
    { "diagnosed_other", "病欠のうち診断：そのほか" },
    { "closed", "閉鎖中" },
    { "called", "点呼済み" },
    { "near_closure", "学級閉鎖の検討の目安" },
    { "unusual", "ふだんとくらべて", unusual_words },
    { 0 },
};
static const struct sheet sheet = { "感染症サーベイランス", columns };

static const struct route routes[] = {
    { GET, "/schools/{school_id}/surveillance", .may = OFFICE | BOARD, .takes = school_on_day,
      .runs = &surveillance_sheet, .gives = ROWS, .flags = SLOW, .sheet = &sheet,
      .says = "感染症サーベイランスの表：学級ごとの病欠・症状・出席停止の人数（名前なし）" },
    { GET, "/city/symptoms", .may = BOARD, .takes = of_city, .runs = &usual_of_schools, .gives = ROWS,
      .flags = SLOW, .says = "学校ごとの、ふだんの人数（この20日の授業日）" },
    { GET, "/schools/{school_id}/symptoms", .may = OFFICE | BOARD, .takes = of_school,
      .runs = &usual_of_classes, .gives = ROWS, .says = "学級ごとの、ふだんの人数（この20日の授業日）" },
    { GET, "/city/closure-guide", .may = STAFF | BOARD, .runs = &closure_guide, .gives = ROW,
      .says = "学級閉鎖を検討する、市の目安" },
    { PUT, "/city/closure-guide", .may = BOARD, .takes = guide, .runs = &closure_guide_edit, .gives = ROW,
      .says = "学級閉鎖を検討する目安を変える" },
    { GET, "/schools/{school_id}/health-shown", .may = STAFF | BOARD, .takes = one_school,
      .runs = &health_shown, .gives = ROW, .says = "保護者に、病気で休む子の人数を見せるか" },
    { PUT, "/schools/{school_id}/health-shown", .may = OFFICE | BOARD, .takes = shown,
      .runs = &health_shown_edit, .gives = ROW, .says = "保護者に、病気で休む子の人数を見せるかを決める" },
    { GET, "/children/{student_id}/school-health", .may = GUARDIAN, .takes = one_student,
      .runs = &child_school_health, .gives = ROWS,
      .says = "子の学校で、今日病気で休む子の人数（5人未満は出ない）" },
    { 0 },
};

/* Numbers of schools and classes, like those of absences; a second is soon enough for a map. */
static const struct gauge gauges[] = {
    { "symptoms", .feeds = { "absences", "illnesses", "closures" }, .column = "school_id",
      .reads = &symptom_counts, .snapshot = &symptom_counts_all, .may = BOARD, .allows = &may_follow_city,
      .every_ms = 1000 },
    { "class_symptoms", .feeds = { "absences", "illnesses" }, .column = "class_id",
      .reads = &class_symptom_counts, .scope = "school", .by = "school_id",
      .snapshot = &class_symptom_counts_of_school, .may = OFFICE | BOARD, .allows = &may_follow_counts,
      .every_ms = 1000, .object = OBJECT_SCHOOL },
    { 0 },
};

const struct module surveillance_module = {
    .name = "surveillance",
    .routes = routes,
    .gauges = gauges,
    .statements = surveillance_statements,
};
