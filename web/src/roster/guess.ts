// Which column holds what, by its heading: the usual words of school-affairs systems. What isn't certain stays open.

const headings: Record<string, RegExp> = {
  code: /^(児童生徒|児童|生徒|個人|学籍|学籍者)(コード|番号|ID)$/i,
  school_code: /^学校(コード|番号)$/,
  school_year: /^(学)?年度$/,
  grade: /^学年$/,
  class_code: /^(学級|組|クラス)(コード|番号)$/,
  class_name: /^(学級|組|クラス)(名|名称)?$/,
  class_kind: /^(学級|クラス)(の)?(種類|種別|区分)$/,
  number: /^(出席番号|出席番|番号|番)$/,
  family_name: /^(姓|氏|苗字|名字)(（漢字）|\(漢字\))?$/,
  given_name: /^(名|名前)(（漢字）|\(漢字\))?$/,
  family_kana: /^(姓|氏|セイ|せい)(の)?(かな|カナ|ふりがな|フリガナ|よみがな|ヨミ|（かな）|（カナ）)?$/,
  given_kana: /^(名|メイ|めい)(の)?(かな|カナ|ふりがな|フリガナ|よみがな|ヨミ|（かな）|（カナ）)?$/,
  full_name: /^(氏名|児童氏名|生徒氏名|児童生徒氏名|名前)$/,
  full_kana: /^(氏名)?(の)?(かな|カナ|ふりがな|フリガナ|よみがな|氏名かな|氏名カナ)$/,
  exchange_class_code: /^交流(学級|先)(コード|番号)?$/,
  gone: /^(転出|異動|除籍)(区分|のしるし)?$/,
};

export type Columns = Record<string, string>;

export function guess(first: readonly string[]): Columns {
  const found: Columns = {};
  for (const [field, pattern] of Object.entries(headings)) {
    const heading = first.find((one) => pattern.test(one.trim().replace(/\s/g, '')) && !Object.values(found).includes(one));
    if (heading) found[field] = heading;
  }
  return found;
}

/** Fields without which no row can be understood; a name stands in one column or in two. */
export function missingFields(columns: Columns, ofSchool: boolean): string[] {
  const lacks: string[] = [];
  if (!ofSchool && !columns.school_code) lacks.push('school_code');
  if (!columns.grade && !columns.class_code) lacks.push('grade');
  if (!columns.class_name && !columns.class_code) lacks.push('class_name');
  if (!columns.number) lacks.push('number');
  if (!columns.full_name && !(columns.family_name && columns.given_name)) lacks.push('family_name', 'given_name');
  return lacks.filter((field) => !columns[field]);
}
