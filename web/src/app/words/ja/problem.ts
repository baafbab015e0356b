// What to do about a problem the server names, by its code.
export const problem = {
  problem: {
    closed: 'いまは受付の時間外です。お急ぎのときは学校へお電話ください。',
    past_day: '過ぎた日の連絡はできません。日を選びなおすか、学校へお電話ください。',
    too_far: '60日より先、または31日より長い期間は連絡できません。日を選びなおしてください。',
    not_found: '登録が見つかりません。学校へお電話ください。',
    forbidden: 'この連絡をする権利がありません。学校へお電話ください。',
    after_cutoff: '訂正・取り消しができる時刻を過ぎました。学校へお電話ください。',
    time_needed: 'この理由のときは、時刻を選んでください。',
    not_standing: 'この日は長期のお休みの届けがないため、登校の連絡はいりません。',
    still_open: 'まだご自分で訂正・取り消しができます。もう一度押してください。',
    already_requested: 'この連絡については、もう学校に頼んでいます。返事をお待ちください。',
    already_decided: 'この依頼には、すでに返事がされています。',
    already_reported: 'この期間には、別の連絡があります。日を選びなおしてください。',
    key_reused: 'もう一度「連絡する」を押してください。',
    validation: '入力した内容を確かめてください。',
    already_cancelled: 'この連絡は、もう取り消されています。',
    stale_version: 'ほかの人が先にこの連絡を変えました。いまの内容を確かめてから、もう一度押してください。',
    unknown: 'うまくいきませんでした。少し待って、もう一度お試しください。お急ぎのときは学校へお電話ください。',
    noNetwork: '電波が届いていません。つながる場所で、もう一度お試しください。',
  } as Record<string, string>,
};
