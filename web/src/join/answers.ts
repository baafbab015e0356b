// What a guardian has answered on the way in, and how far that leads. One question a screen; each has an address of its
// own, so that back, reload and a second tab do what they always do.
import { answersOf } from '../person/answers';
import { NO_NAMES, nameErrors } from '../person/names';
import type { Invitation, Names, Relation } from '../person/nouns';

export type StepName = 'code' | 'child' | 'mail' | 'confirm' | 'name' | 'password' | 'done';

export interface Done {
  login_id?: string;
  child: string;
  already?: boolean;
}

export interface JoinAnswers extends Names {
  code: string;
  /** The code came by the letter's QR and is looked at without a tap. */
  arriving: boolean;
  /** The registration had taken too long. */
  restarted: boolean;
  invitation?: Invitation;
  /** "Yes, this is my child." */
  agreed: boolean;
  email: string;
  sent_to: string;
  token?: string;
  by_mail: boolean;
  sent: number;
  mail_code: string;
  confirmed: boolean;
  relation: Relation | '';
  done?: Done;
}

const FRESH: JoinAnswers = {
  ...NO_NAMES,
  code: '',
  arriving: false,
  restarted: false,
  agreed: false,
  email: '',
  sent_to: '',
  by_mail: false,
  sent: 0,
  mail_code: '',
  confirmed: false,
  relation: '',
};

export const answers = answersOf<JoinAnswers>('join', FRESH);

/** Another code: what hung on the old one is gone, what the person said of herself stays. */
export function newCode(code: string): Partial<JoinAnswers> {
  return { code, invitation: undefined, agreed: false, done: undefined, ...notStarted() };
}

/** Also when the registration is over, or goes to another address. */
export function notStarted(): Partial<JoinAnswers> {
  return { token: undefined, by_mail: false, sent: 0, sent_to: '', mail_code: '', confirmed: false };
}

export function pathOf(step: StepName): string {
  return step === 'code' ? '/join' : `/join/${step}`;
}

const NEEDS: Record<StepName, (a: JoinAnswers, signedIn: boolean) => boolean> = {
  code: (a) => !a.done,
  child: (a) => !a.done && a.invitation !== undefined,
  mail: (a, signedIn) => !a.done && a.agreed && a.invitation !== undefined && !signedIn,
  confirm: (a, signedIn) => !a.done && !signedIn && Boolean(a.token) && a.by_mail,
  name: (a, signedIn) => !a.done && !signedIn && Boolean(a.token) && (!a.by_mail || a.confirmed),
  password: (a, signedIn) => NEEDS.name(a, signedIn) && Object.keys(nameErrors(a)).length === 0 && a.relation !== '',
  done: (a) => a.done !== undefined,
};

const ORDER: StepName[] = ['password', 'name', 'confirm', 'mail', 'child', 'code'];

/** The step that was asked for, or the last that the answers lead to. */
export function reachable(asked: string, a: JoinAnswers, signedIn: boolean): StepName {
  if (a.done) return 'done';
  if (Object.hasOwn(NEEDS, asked) && NEEDS[asked as StepName](a, signedIn)) return asked as StepName;
  return ORDER.find((step) => NEEDS[step](a, signedIn)) ?? 'code';
}
