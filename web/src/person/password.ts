// How good a password is, in words, while it is typed. The server has the last word: it knows the common ones.

export type Strength = 'short' | 'weak' | 'fair' | 'good';
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 200;

const GOOD_LENGTH = 14;
const FAIR_LENGTH = 10;
const FEW_LETTERS = 5;

/** 1234, abcd, かきくけ or the same backwards: one step each time. */
function isRun(letters: string[]): boolean {
  const steps = letters.slice(1).map((letter, i) => (letter.codePointAt(0) ?? 0) - (letters[i]?.codePointAt(0) ?? 0));
  return steps.every((step) => step === steps[0]) && Math.abs(steps[0] ?? 0) <= 1;
}

function holds(password: string, known: string[]): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  return known.some((word) => word.length >= 3 && text.includes(word.normalize('NFKC').toLowerCase()));
}

/** `known`: what others know of this person (id, the address before its @), which a guesser would try first. */
export function strengthOf(password: string, known: string[] = []): Strength {
  const letters = [...password];
  if (letters.length < PASSWORD_MIN) return 'short';
  if (new Set(letters).size < FEW_LETTERS || isRun(letters) || holds(password, known)) return 'weak';
  if (letters.length >= GOOD_LENGTH) return 'good';
  return letters.length >= FAIR_LENGTH ? 'fair' : 'weak';
}
