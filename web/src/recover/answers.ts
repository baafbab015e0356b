// A recovery under way. Whether an account is known is told nowhere: not here, not by the server.
import { answersOf } from '../person/answers';

export type StepName = 'who' | 'code' | 'confirm' | 'password' | 'done' | 'stop';

export interface RecoverAnswers {
  login: string;
  sent_to: string;
  code: string;
  token?: string;
  by_mail: boolean;
  sent: number;
  mail_code: string;
  confirmed: boolean;
  /** Told by the mail's digits, or by the end. */
  login_id: string;
  over: boolean;
  done: boolean;
}

const FRESH: RecoverAnswers = {
  login: '',
  sent_to: '',
  code: '',
  by_mail: false,
  sent: 0,
  mail_code: '',
  confirmed: false,
  login_id: '',
  over: false,
  done: false,
};

export const answers = answersOf<RecoverAnswers>('recover', FRESH);

export function notStarted(): Partial<RecoverAnswers> {
  return { token: undefined, by_mail: false, sent: 0, sent_to: '', mail_code: '', confirmed: false, login_id: '', over: false };
}

export function pathOf(step: StepName): string {
  return step === 'who' ? '/recover' : `/recover/${step}`;
}

export function reachable(asked: string, a: RecoverAnswers): StepName {
  if (asked === 'code' || asked === 'stop') return asked;
  if (a.done) return 'done';
  if (asked === 'confirm' && a.token && a.by_mail) return 'confirm';
  if (asked === 'password' && a.token && (!a.by_mail || a.confirmed)) return 'password';
  return 'who';
}
