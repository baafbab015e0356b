// What the class, the office and the board share.
import { formatDay } from '../../days';

export const staff = {
  roster: {
    today: '今日',
    tomorrow: '明日',
    day: '見る日',
    total: '在籍',
    acknowledge: '確認',
    acknowledgeOf: (name: string) => `${name}の連絡を確認済みにする`,
    acknowledgeAll: (n: number) => `全員確認（${n}件）`,
    allDone: '未確認はありません',
    onlyReported: '連絡のある子だけ',
    sound: '新着を音で知らせる',
    print: '印刷',
    empty: (day: string) => `${formatDay(day)}の連絡はまだありません。`,
    via: { guardian: '保護者', school: '電話' } as Record<string, string>,
    fresh: (n: number) => `新着 ${n}件`,
    announce: (n: number, text: string) => `新着 ${n}件。${text}`,
    printHead: (school: string, day: string, count: number, made: string) =>
      `${school} ${formatDay(day)}の連絡 ${count}件（${made} 作成）`,
    failedAcknowledge: '確認を送れませんでした。もう一度押してください。',
    classes: '学級を選ぶ',
    noClasses: '見られる学級がありません。',
    registrants: '保護者の登録',
    roll: '点呼',
    register: '出席簿',
    closures: '学級閉鎖など',
    illnesses: '病気・出席停止',
    takeRoll: '点呼をとる',
    called: '点呼済',
    calledOf: (done: number, all: number) => `点呼済 ${done}/${all}学級`,
    unaccounted: '不明',
    exchange: '交流',
    support: '支援学級',
    supportShort: '支援',
  },
};
