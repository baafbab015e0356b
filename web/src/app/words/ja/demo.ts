// What only a demonstration shows.
export const demo = {
  title: '届いたメール',
  lead: 'この実演で送ったメールです。新しい順に50通まで、自動で増えます。',
  empty: 'まだメールはありません。',
  emptyLead: '登録や再設定をして確認コードを送ると、ここに届きます。',
  count: (n: number) => (n === 50 ? '新しい50通' : `${n}通`),
  to: '宛先',
  at: '時刻',
  lost: '最新の状態を確かめられません。つながりしだい、自動で更新します。',
};
