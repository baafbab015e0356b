// Typed dictionaries. Japanese is complete and comes with the code that shows it; other languages load when chosen.
// To add one: words/<language>.ts exporting a Dictionary, words/<language>/<feature>.ts for the features below, and a
// line in `languages`. A feature that isn't translated yet is shown in Japanese.
import { type Signal, signal } from '@preact/signals';
import { keep, kept } from './kept';
import { ja } from './words/ja';

export type Dictionary = typeof ja;
export type Language = keyof typeof languages;
type Feature = { words: Signal<object>; japanese: object };

const languages = {
  ja: { name: '日本語', load: async (): Promise<Dictionary> => ja },
};
const translations = import.meta.glob<Record<string, object>>(['./words/*/*.ts', '!./words/ja/*.ts']);

const dictionary = signal<Dictionary>(ja);
const features = new Map<string, Feature>();
export const language = signal<Language>('ja');

/** The words of the chosen language; a component that calls it follows a change of language. */
export function t(): Dictionary {
  return dictionary.value;
}

async function translate(name: string, { words, japanese }: Feature): Promise<void> {
  const file = await translations[`./words/${language.value}/${name}.ts`]?.();
  words.value = file?.[name] ?? japanese;
}

/**
 * Words that the first load doesn't need: words/ja/<feature>.ts, imported by the feature's own chunk instead of words/ja.ts.
 * `export const words = featureWords('join', join)` gives a function like `t`.
 */
export function featureWords<T extends object>(name: string, japanese: T): () => T {
  const feature: Feature = { words: signal(japanese), japanese };
  features.set(name, feature);
  translate(name, feature).catch(() => undefined);
  return () => feature.words.value as T;
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  const loaded = await languages[chosen].load();
  language.value = chosen;
  await Promise.all([...features].map(([name, feature]) => translate(name, feature)));
  dictionary.value = loaded;
  document.documentElement.lang = chosen;
  keep('language', chosen);
}

export function startLanguage(): Promise<void> {
  const chosen = kept<string>('language') ?? 'ja';
  return chosen in languages && chosen !== 'ja' ? chooseLanguage(chosen as Language) : Promise.resolve();
}
