// One typed dictionary per language. Japanese is complete and comes with the page; the others load when chosen.
// To add one: words/<language>.ts exporting a Dictionary, and a line in `languages`.
import { signal } from '@preact/signals';
import { keep, kept } from './kept';
import { ja } from './words/ja';

export type Dictionary = typeof ja;
export type Language = keyof typeof languages;

const languages = {
  ja: { name: '日本語', load: async (): Promise<Dictionary> => ja },
};

const dictionary = signal<Dictionary>(ja);
export const language = signal<Language>('ja');

/** The words of the chosen language; a component that calls it follows a change of language. */
export function t(): Dictionary {
  return dictionary.value;
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  dictionary.value = await languages[chosen].load();
  language.value = chosen;
  document.documentElement.lang = chosen;
  keep('language', chosen);
}

export function startLanguage(): Promise<void> {
  const chosen = kept<string>('language') ?? 'ja';
  return chosen in languages && chosen !== 'ja' ? chooseLanguage(chosen as Language) : Promise.resolve();
}
