// What is typed of an illness, and what is sent of it.
import type { Illness } from '../app/gives/illness';

export interface Draft {
  disease: string;
  onset_on: string;
  diagnosed_on: string;
  institution: string;
  ended_on: string;
  treated_until: string;
  cleared_on: string;
  suspended_from: string;
  note: string;
}

export const EMPTY: Draft = {
  disease: '',
  onset_on: '',
  diagnosed_on: '',
  institution: '',
  ended_on: '',
  treated_until: '',
  cleared_on: '',
  suspended_from: '',
  note: '',
};

const NAMES = Object.keys(EMPTY) as (keyof Draft)[];

export function draftOf(of: Illness): Draft {
  return Object.fromEntries(NAMES.map((name) => [name, of[name] ?? ''])) as unknown as Draft;
}

export type Body = Partial<Draft> & Pick<Draft, 'disease' | 'onset_on'>;

export function bodyOf(draft: Draft, more: { suspends: boolean }): Body {
  const said = NAMES.map((name) => [name, draft[name].trim()] as const).filter(
    ([name, value]) => value !== '' && (name !== 'suspended_from' || more.suspends),
  );
  return Object.fromEntries(said) as unknown as Body;
}

export const isWhole = (draft: Draft): boolean => draft.disease !== '' && draft.onset_on !== '';
