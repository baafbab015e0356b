import type { LetterText } from './text';

export const en: LetterText = {
  lang: 'en',
  name: 'English',
  title: 'Please register for school messages',
  to: (child) => `To the parents or guardians of ${child}`,
  lead: 'With a smartphone or a computer you can tell the school when your child will be absent, late or leaving early, and read notices from the school. Please register by yourself in the steps below. It takes about five minutes.',
  code: 'Registration code',
  until: (day) => `Valid until ${day}`,
  steps: [
    'Scan the QR code with your phone’s camera. If that does not work, open {url} in a browser and type the registration code.',
    'Check the name of the school and of your child.',
    'Enter your e-mail address, then the six-digit number that is sent to it. If you do not use e-mail, choose “メールを使わずに進む” (go on without e-mail).',
    'Enter your name and choose a password. You are done.',
  ],
  notes: [
    'If you have already registered (for a brother or sister, for example), please do not register again. Choose “すでに登録している方” (I have already registered), sign in, and this child will be added.',
    'Once you have registered, you can invite the other parent or guardian from your own screen. If you cannot, please ask the school.',
    'This code is for this child only and works once. Please do not show it to anyone else. If you lose it, tell the school at once.',
  ],
  contact: 'Questions? Please call the school',
};
