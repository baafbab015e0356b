import type { LetterText } from './text';

export const fil: LetterText = {
  lang: 'fil',
  name: 'Filipino',
  title: 'Pagrehistro para sa komunikasyon ng paaralan at pamilya',
  to: (child) => `Sa mga magulang o tagapag-alaga ni ${child}`,
  lead: 'Gamit ang cellphone o computer, maaari ninyong ipaalam sa paaralan kung liliban, mahuhuli o uuwi nang maaga ang inyong anak, at mabasa ang mga paunawa ng paaralan. Kayo mismo ang magrehistro ayon sa mga hakbang sa ibaba. Mga 5 minuto lang ito.',
  code: 'Code sa pagrehistro',
  until: (day) => `Magagamit hanggang ${day}`,
  steps: [
    'I-scan ang QR code gamit ang kamera ng cellphone. Kung hindi ito mabasa, buksan ang {url} sa browser at i-type ang code sa pagrehistro.',
    'Tiyaking tama ang pangalan ng paaralan at ng inyong anak.',
    'Ilagay ang inyong e-mail address, pagkatapos ay ang 6 na numerong ipapadala roon. Kung hindi kayo gumagamit ng e-mail, piliin ang “メールを使わずに進む” (Magpatuloy nang walang e-mail).',
    'Ilagay ang inyong pangalan at pumili ng password. Tapos na!',
  ],
  notes: [
    'Kung nakapagrehistro na kayo (halimbawa, para sa kapatid), huwag nang magrehistro muli. Piliin ang “すでに登録している方” (Nakarehistro na) at mag-sign in; maidaragdag ang batang ito.',
    'Pagkatapos magrehistro, maaari ninyong imbitahan ang isa pang magulang o tagapag-alaga mula sa sarili ninyong screen. Kung hindi magawa, magtanong sa paaralan.',
    'Para lamang sa batang ito ang code at isang beses lang magagamit. Huwag itong ipakita sa iba. Kung mawala, ipaalam agad sa paaralan.',
  ],
  contact: 'May tanong? Tumawag sa paaralan',
};
