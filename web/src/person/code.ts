// Codes that people type from paper: eleven symbols and a check symbol, XXXX-XXXX-XXXX. The rules are in
// ../src/modules/invitations/README.md; checking here tells a slip of the finger before anything is sent.

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
export const CODE_LENGTH = 12;
const POLYNOMIAL = 0b100101;

export type CodeState = 'empty' | 'short' | 'strange' | 'mistyped' | 'long' | 'good';

/** Capitals without hyphens and spaces, from any case and width. */
export function bareCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s‐-―−ー・-]/g, '');
}

/** As it is printed, as far as it has been typed. */
export function formatCode(typed: string): string {
  return bareCode(typed).match(/.{1,4}/gu)?.join('-') ?? '';
}

function twice(value: number): number {
  const doubled = value << 1;
  return doubled >= ALPHABET.length ? doubled ^ POLYNOMIAL : doubled;
}

/** The check symbol of eleven symbols, over GF(32). */
export function checkSymbol(symbols: string): string {
  let sum = 0;
  for (const symbol of symbols) sum = twice(sum ^ ALPHABET.indexOf(symbol));
  return ALPHABET[sum] ?? '';
}

export function codeState(typed: string): CodeState {
  const code = bareCode(typed);
  if (code === '') return 'empty';
  if ([...code].some((symbol) => !ALPHABET.includes(symbol))) return 'strange';
  if (code.length < CODE_LENGTH) return 'short';
  if (code.length > CODE_LENGTH) return 'long';
  return checkSymbol(code.slice(0, -1)) === code.at(-1) ? 'good' : 'mistyped';
}

/** The symbols that no code has: 0, O, 1 and I, or what isn't a letter of this alphabet. */
export function strangeSymbols(typed: string): string[] {
  return [...new Set(bareCode(typed))].filter((symbol) => !ALPHABET.includes(symbol));
}

export function missingSymbols(typed: string): number {
  return CODE_LENGTH - bareCode(typed).length;
}

/** For readers: symbols apart, groups with a pause. */
export function spokenCode(code: string): string {
  return formatCode(code).replaceAll('-', '、').split('').join(' ');
}
