// Who is signed in proves it once more, before it is changed how to sign in.
export const proof = {
  title: 'ご本人の確認',
  lead: '大切な操作の前に、もう一度ご本人であることを確かめます。',
  password: 'いまのパスワード',
  submit: '確認する',
  sending: '確かめています…',
  or: 'または',
  passkey: 'パスキーで確認する',
  refused: 'このパスキーでは確認できません。このアカウントのパスキーを選んでください。',
  neither: 'この端末では確認できません。いったんログアウトし、もう一度ログインしてから、同じ操作をしてください。',
  cancel: 'やめる',
  close: '閉じる',
};
