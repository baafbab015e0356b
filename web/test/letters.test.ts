import { describe, expect, it } from 'vitest';
import { texts } from '../src/letters/texts';
import { dayIn, piecesOf, type LetterText } from '../src/letters/texts/text';

const marked = (text: LetterText) => [text.title, text.to('名'), text.lead, text.code, text.until('日'), ...text.steps, ...text.notes, text.contact];
const plain = (text: string) =>
  piecesOf(text)
    .map((piece) => piece.text)
    .join('');

describe('words with readings', () => {
  it('fall into pieces', () => {
    expect(piecesOf('お{知|し}らせ {url}')).toEqual([{ text: 'お' }, { text: '知', reading: 'し' }, { text: 'らせ ' }, { text: 'url', url: true }]);
  });
});

describe("the letters' texts", () => {
  it.each(Object.entries(texts))('%s is whole: four steps, three notes, one address, no mark left over', (_, text) => {
    expect(text.steps).toHaveLength(4);
    expect(text.notes).toHaveLength(3);
    expect(text.steps.filter((step) => step.includes('{url}'))).toHaveLength(1);
    for (const one of marked(text)) expect(plain(one)).not.toMatch(/[{}|]/);
  });

  it.each(['ja', 'easy'] as const)('%s has a reading for each kanji', (name) => {
    for (const one of marked(texts[name])) {
      const without = piecesOf(one.replace('名', '').replace('日', '')).filter((piece) => !piece.reading);
      expect(without.map((piece) => piece.text).join('')).not.toMatch(/\p{Script=Han}/u);
      for (const piece of piecesOf(one)) if (piece.reading) expect(piece.reading).toMatch(/^[ぁ-ゖー]+$/u);
    }
  });

  it.each(Object.entries(texts))('%s says the day in its own language', (_, text) => {
    expect(dayIn(text.lang, '2027-02-23')).toMatch(/2027/);
    expect(dayIn(text.lang, '2027-02-23')).toMatch(/23/);
  });
});
