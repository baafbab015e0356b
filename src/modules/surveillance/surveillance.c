#include "engine/module.h"

#include "surveillance.sql.h"

static const struct field school_on_day[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "day", FROM_QUERY, DATE, OPTIONAL, .help = "いつの（なければ今日）" },
    { 0 },
};

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
    { 0 },
};
static const struct sheet sheet = { "感染症サーベイランス", columns };

static const struct route routes[] = {
    { GET, "/schools/{school_id}/surveillance", .may = OFFICE | BOARD, .takes = school_on_day,
      .runs = &surveillance_sheet, .gives = ROWS, .flags = SLOW, .sheet = &sheet,
      .says = "感染症サーベイランスの表：学級ごとの病欠・症状・出席停止の人数（名前なし）" },
    { 0 },
};

const struct module surveillance_module = {
    .name = "surveillance",
    .routes = routes,
    .statements = surveillance_statements,
};
