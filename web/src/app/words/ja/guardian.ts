// The guardian's children and what was reported for them.
import { formatDay, formatDays } from '../../days';
import type { Kind, Version } from '../../nouns';
import { kinds } from './report';

export const guardian = {
  notify: {
    lead: '学校が連絡を受け付けたことや、別の保護者からの連絡を、この端末への通知でお知らせできます。',
    go: '通知の設定へ',
    later: 'いまはしない',
  },
  home: {
    closed: (name: string, first: string, last: string) => `${name}さんの学級は、${formatDays(first, last)}${first === last ? 'は' : 'の間、'}閉鎖です。`,
    title: 'お子さん',
    report: '欠席・遅刻・早退を連絡',
    history: 'これまでの連絡',
    schoolHealth: '学校のようす',
    none: '今日の連絡はまだありません。',
    reported: (kind: Kind) => `今日は${kinds[kind]}の連絡をしています。`,
    reportedBySchool: (kind: Kind) => `今日は${kinds[kind]}と、学校が電話で受け付けています。`,
    unacknowledged: '先生の確認を待っています。',
    acknowledged: (seen: string, at: string) => `${seen}（${at}）。`,
    attend: '登校する日を連絡する',
    away: '長期のお休みとして届けています。登校する日だけ連絡してください。',
    waiting: (kind: Kind) => `${kinds[kind]}の連絡を預かっています。電波が戻りしだい送信します。`,
    refused: '送れなかった連絡があります。',
    coming: '今後の連絡',
    see: '連絡の内容',
    noRight: 'このお子さんの連絡は、もう一人の保護者の方ができます。変えたいときは学校へお電話ください。',
    consentDue: '利用のきまりが新しくなりました。お時間のあるときに、お読みください。',
    consentRead: '読む',
    add: 'お子さんを追加する',
    noChildren: 'お子さんが登録されていません',
    noChildrenLead: '学校からの手紙の登録コードで、お子さんを追加できます。手紙がないときは、学校へお電話ください。',
    call: (school: string) => `${school}へ電話する`,
    checking: '今日の状態を確かめています…',
    gone: 'このお子さんの連絡は、いま表示できません。学校へお電話ください。',
  },
  shut: {
    what: (sameDay: boolean, kinds: string) => `いまは、${sameDay ? '当日の' : ''}${kinds ? `${kinds}の` : ''}連絡を受け付けていません。`,
    until: (when: string) => `${when}から受け付けます。`,
    grace: (when: string) => `受付時間は終わりましたが、始めた連絡は${when}までなら受け付けます。このまま送ってください。`,
    off: (label: string) => (label ? `休業日（${label}）` : '休業日'),
    dayOff: (day: string, label: string) => `${formatDay(day)}は休業日です${label ? `（${label}）` : ''}。連絡はいりません。`,
  },
  history: {
    title: (name: string) => `${name}のこれまでの連絡`,
    empty: 'これまでの連絡はありません。',
    versions: '変更の記録',
    action: {
      reported: '連絡',
      corrected: '訂正',
      cancelled: '取り消し',
      acknowledged: '確認',
    } as Record<Version['action'], string>,
    by: {
      you: 'あなた',
      guardian: '保護者',
      other_guardian: 'もう一人の保護者',
      school: '学校',
    } as Record<Version['by'], string>,
    viaSchool: '学校が電話で受付',
    viaGuardian: '保護者から',
    count: (absent: number, late: number, early: number) => `欠席${absent}日 遅刻${late}回 早退${early}回`,
  },
  inquiry: {
    title: (name: string) => `${name}さんの登校が確認できていません`,
    lead: '学校からの確認です。欠席や遅刻のときは、連絡をお願いします。',
    report: '欠席・遅刻を連絡',
    onTheWay: '家を出ました',
    notKnown: 'わかりません',
    answered: {
      on_the_way: '「家を出ました」と学校に伝えました。',
      not_known: '「わかりません」と学校に伝えました。すぐに学校へお電話ください。',
    } as Record<string, string>,
  },
};
