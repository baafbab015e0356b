// The board of education.
export const board = {
  board: {
    title: '市内の学校 今日のようす',
    rate: '欠席率',
    students: '在籍',
    arrivals: '届いた連絡（1分ごと）',
    arrivalsText: (n: number, peak: string) => `合計${n}件。いちばん多い時刻は${peak}です。`,
    arrivalsNone: 'まだ届いていません。',
    usual: 'ふだんどおり',
    raised: '多め',
    mean: (rate: string) => `ふだん${rate}`,
    high: '急増',
    tile: (name: string, rate: string, absent: number, suspended: number, mark: string) =>
      `${name} 欠席率${rate}% 欠席${absent}人 出席停止${suspended}人 ${mark}`,
    schoolTitle: (name: string) => `${name} 学級ごとの人数`,
    back: '市の画面へ',
    manage: 'この学校の管理',
    noSchools: '表示できる学校がありません。',
    grade: '学年',
    class: '学級',
    legend: '印の見かた',
    legendHigh: '急増：欠席率が10%以上、またはふだんの2.5倍以上',
    legendRaised: '多め：欠席率が5%以上で、ふだんの1.5倍以上',
    file: 'ファイルで受け取る',
    pageNote: '人数だけを表示しています。欠席率には、出席停止の子も入ります。',
  },
};
