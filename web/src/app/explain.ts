// What to say when a write failed: what to do next, in the reader's words.
import { t } from './i18n';
import { Problem, Unreachable } from './problem';

export function explain(error: unknown): string {
  const words = t().problem;
  if (error instanceof Unreachable) return words.noNetwork ?? '';
  if (!(error instanceof Problem)) return words.unknown ?? '';
  return explainCode(error.code, error.status, error.detail);
}

export function explainCode(code: string, status: number, detail = ''): string {
  const words = t().problem;
  const known = words[code];
  if (known) return known;
  if (status === 404) return words.not_found ?? '';
  if (status === 403) return words.forbidden ?? '';
  return detail || (status === 400 ? words.validation : words.unknown) || '';
}
