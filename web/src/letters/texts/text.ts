// What a letter says in one language. {漢字|かんじ} is a word with its reading; {url} is where the code is typed.

export interface LetterText {
  lang: string;
  /** The language's own name. */
  name: string;
  /** Readings are always shown. */
  ruby?: boolean;
  title: string;
  to: (child: string) => string;
  lead: string;
  code: string;
  until: (day: string) => string;
  steps: string[];
  notes: string[];
  contact: string;
}

export interface Piece {
  text: string;
  reading?: string;
  url?: boolean;
}

/** 'お{知|し}らせ' -> お, 知 (し), らせ */
export function piecesOf(marked: string): Piece[] {
  return marked
    .split(/(\{[^}]*\})/)
    .filter(Boolean)
    .map((part) => {
      if (!part.startsWith('{')) return { text: part };
      const [text = '', reading] = part.slice(1, -1).split('|');
      return reading === undefined ? { text, url: text === 'url' } : { text, reading };
    });
}

/** 2027年2月23日, February 23, 2027, ...: the day in the letter's own language. */
export function dayIn(lang: string, day: string): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}
