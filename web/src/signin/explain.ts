// What went wrong at the door, in words.
import { t } from '../app/i18n';
import { Problem, Unreachable } from '../app/problem';
import { words } from './words';

function unreachable(): string {
  return navigator.onLine ? t().signin.busy : t().signin.noNetwork;
}

export function explainSignin(error: unknown): string {
  const w = t().signin;
  if (error instanceof Unreachable) return unreachable();
  if (!(error instanceof Problem)) return t().problem.unknown ?? '';
  if (error.code === 'passkey_refused') return w.passkeyRefused;
  if (error.code === 'network_busy') return w.networkBusy;
  if (error.status === 429) return w.locked;
  if ([400, 401, 404].includes(error.status)) return w.wrong;
  return error.title || (t().problem.unknown ?? '');
}

export function explainCode(error: unknown, recovery: boolean): string {
  const w = words().code;
  if (error instanceof Unreachable) return unreachable();
  if (!(error instanceof Problem)) return t().problem.unknown ?? '';
  if (error.status === 429) return w.locked;
  if (error.status === 422 || error.status === 400) return recovery ? w.recoveryWrong : w.wrong;
  return error.title || (t().problem.unknown ?? '');
}
