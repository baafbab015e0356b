// Names and their readings as they are typed, and as the roster keeps them: readings in hiragana.

const HIRAGANA_FROM_KATAKANA = 0x60;

/** Half-width katakana and full-width letters in their usual form, katakana as hiragana, one space between words. */
export function toHiragana(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - HIRAGANA_FROM_KATAKANA))
    .replace(/\s+/g, ' ')
    .trim();
}

/** Hiragana with the long mark, the dot and the space that readings of foreign names have. */
export function isHiragana(text: string): boolean {
  return /^[ぁ-ゖーゝゞ・ ]+$/.test(text);
}

/** The spaces that the keyboard left around a name. 𠮷 and other rare letters stay as they are. */
export function tidyName(typed: string): string {
  return typed.replace(/\s+/g, ' ').trim();
}
