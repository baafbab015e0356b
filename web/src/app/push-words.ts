// What a notification says. Nothing of anybody's: a locked screen shows it to whoever looks.
export interface Pushed {
  kind?: string;
  who?: string | null;
  tag?: string;
  url?: string;
}

const by: Record<string, Record<string, string>> = {
  absence_reported: {
    you: '欠席などの連絡を受け付けました。',
    school: '学校が、お電話での連絡を登録しました。',
    other: 'お子さんについて、別の保護者から連絡がありました。',
  },
  absence_corrected: {
    you: '連絡の訂正を受け付けました。',
    school: '学校が、お子さんの連絡を訂正しました。',
    other: '別の保護者が、お子さんの連絡を訂正しました。',
  },
  absence_cancelled: {
    you: '連絡の取り消しを受け付けました。',
    school: '学校が、お子さんの連絡を取り消しました。',
    other: '別の保護者が、お子さんの連絡を取り消しました。',
  },
};

const texts: Record<string, string> = {
  absence_acknowledged: '学校が、お子さんの連絡を確認しました。',
  request_decided: '変更の申し出に、学校から返事があります。',
  child_unaccounted: '【至急】お子さんの登校を確認させてください。',
  child_found: 'お子さんを学校で確認できました。',
  closure_announced: '学級閉鎖などのお知らせがあります。',
  closure_changed: '学級閉鎖などの日が変わりました。',
  closure_withdrawn: '学級閉鎖などが取り消されました。',
  reports_unseen: '確認していない連絡があります。',
  test: 'テスト通知です。この端末で通知を受け取れます。',
};

export const NEUTRAL = '新しいお知らせがあります。';

export function pushText({ kind = '', who }: Pushed): string {
  return by[kind]?.[who ?? ''] ?? texts[kind] ?? NEUTRAL;
}

/** Only ever a page of ours. */
export function pushUrl({ url }: Pushed): string {
  return typeof url === 'string' && /^\/(?!\/)[\w/-]*$/.test(url) ? url : '/';
}
