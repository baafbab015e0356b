// Around every screen: header, connection, what went wrong, leaving.
import { formatDays } from '../../days';

export const frame = {
  app: {
    name: 'todoke',
    full: '学校と家庭の連絡',
    demo: '実演用の市です。学校も人も架空です。',
    demoMails: '届いたメールを見る',
    skip: '本文へ',
    loading: '読み込んでいます',
    back: '戻る',
    close: '閉じる',
    retry: 'もう一度読み込む',
    signOut: 'ログアウト',
    views: '画面の切り替え',
    school: '学校',
  },
  view: {
    guardian: '保護者',
    city: '教育委員会',
    classes: '学級',
    class: (grade: number | null | undefined, name: string | null | undefined) => `${grade ? `${grade}年` : ''}${name ?? ''}`,
    school: (name: string | null | undefined) => name ?? '学校',
  },
  connection: {
    connecting: '接続しています…',
    open: '接続中',
    lastChange: '最後の変化',
    lost: '再接続しています…',
    back: '接続が戻りました。最新の内容です。',
  },
  failure: {
    title: '表示できませんでした',
    network: '電波が届いていないか、混み合っています。少し待って、もう一度読み込んでください。',
    forbidden: 'この画面を見る権利がありません。',
    notFound: 'お探しの画面は見つかりません。',
    other: '思わぬことが起きました。もう一度読み込んでも直らないときは、学校へお電話ください。',
    phone: 'お急ぎのときは学校へお電話ください。',
    nothing: '使える画面がありません',
    nothingLead: 'このアカウントには、まだ学級やお子さんがつながっていません。学校へお電話ください。',
    home: '最初の画面へ',
  },
  leave: {
    title: 'まだ送っていない連絡があります',
    lead: 'ログアウトすると、預かっている連絡は消えます。',
    stay: 'ログアウトしない',
    go: '連絡を消してログアウト',
  },
  days: { range: formatDays },
};
