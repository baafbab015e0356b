// What to tell staff when something failed: the feature's own sentence first, then what all pages share.
import { Problem, Unreachable } from '../app/problem';
import { words } from './words';

export function explainTo(own: Record<string, string>, error: unknown): string {
  const shared = words().problem;
  if (error instanceof Unreachable) return (error.retryAfter > 0 ? shared.busy : shared.noNetwork) ?? '';
  if (!(error instanceof Problem)) return shared.unknown ?? '';
  const known = own[error.code] ?? shared[error.code];
  if (known) return known;
  if (error.status === 404) return own.not_found ?? shared.not_found ?? '';
  if (error.status === 403) return shared.forbidden ?? '';
  return error.errors[0]?.detail || error.detail || (error.status === 400 || error.status === 422 ? shared.validation : shared.unknown) || '';
}
