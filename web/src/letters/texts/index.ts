// The languages that a letter can be printed in.
import { easy } from './easy';
import { en } from './en';
import { es } from './es';
import { fil } from './fil';
import { ja } from './ja';
import { ko } from './ko';
import { pt } from './pt';
import type { LetterText } from './text';
import { vi } from './vi';
import { zh } from './zh';

export const texts = { ja, easy, en, zh, ko, vi, pt, es, fil } satisfies Record<string, LetterText>;
export type LetterLanguage = keyof typeof texts;

export function isLetterLanguage(name: string): name is LetterLanguage {
  return Object.hasOwn(texts, name);
}
