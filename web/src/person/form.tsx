// A form with one question: checked here, sent, and what went wrong said where it happened. Nothing typed is lost.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isCancelled, Problem, Unreachable } from '../app/problem';
import { words } from './words';

export type Errors = Record<string, string>;

export interface Trouble {
  problem?: string;
  errors: Errors;
  /** We can't help here: the school's telephone can. */
  call?: boolean;
}

export interface Form {
  ref: RefObject<HTMLFormElement | null>;
  sending: boolean;
  trouble: Trouble;
  submit: (event?: Event) => void;
  /** A field that is being put right is wrong no longer. */
  edited: (event: Event) => void;
}

/** A refused field in the screens' own words, which say what to do. */
function fieldError(field: string, detail: string): string {
  const w = words();
  if (field === 'email') return w.mail.wrong;
  if (field === 'code') return w.code.mistyped;
  if (field === 'mail_code' || field === 'old_mail_code') return w.digits.empty;
  if (field.endsWith('_kana')) return w.names.kana;
  if (field.endsWith('_name')) return w.names.refused;
  if (field === 'password') return w.password.refused;
  return detail;
}

const CALL = ['no_room', 'forbidden', 'not_found'];

function fromProblem({ code, detail, errors, members }: Problem): Trouble {
  const w = words();
  if (code === 'code_mistyped') return { errors: { code: w.code.mistyped } };
  if (code === 'code_unknown') return { errors: { code: w.trouble.code_unknown ?? '' }, call: true };
  if (code === 'mail_code_wrong') {
    const field = members.which === 'old' ? 'old_mail_code' : 'mail_code';
    return { errors: { [field]: w.digits.wrong(Number(members.tries_left ?? 0)) } };
  }
  if (code === 'mail_code_over') return { problem: w.digits.over, errors: {} };
  if (code === 'weak_password') return { errors: { password: w.password.refused } };
  if (code === 'wrong_password') return { errors: { current_password: w.password.wrong } };
  const known = w.trouble[code];
  if (known) return { problem: known, errors: {}, call: CALL.includes(code) };
  const fields = Object.fromEntries(errors.map((one) => [one.field, fieldError(one.field, one.detail ?? detail)]));
  return errors.length > 0 ? { errors: fields } : { problem: detail || w.trouble.unknown, errors: {}, call: true };
}

export function troubleOf(error: unknown): Trouble {
  const { trouble } = words();
  if (error instanceof Problem) return fromProblem(error);
  if (error instanceof Unreachable) return { problem: navigator.onLine ? trouble.busy : trouble.noNetwork, errors: {} };
  return { problem: trouble.unknown, errors: {}, call: true };
}

const filled = (errors: Errors) => Object.values(errors).some(Boolean);

/** `check` gives what is missing, by field; `act` sends, `explain` says what went wrong with it. The first field with an error takes the focus. */
export function useForm(check: () => Errors, act: () => Promise<void>, explain = troubleOf): Form {
  const ref = useRef<HTMLFormElement>(null);
  const [sending, setSending] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>({ errors: {} });
  const [failures, setFailures] = useState(0);
  // Before the paint: who reads that a field is wrong is already in it.
  useLayoutEffect(() => ref.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]')?.focus(), [failures]);
  const fail = (what: Trouble) => {
    setTrouble(what);
    setFailures((n) => n + 1);
  };
  const submit = async (event?: Event) => {
    event?.preventDefault();
    if (sending) return;
    const errors = check();
    if (filled(errors)) return fail({ errors });
    setTrouble({ errors });
    setSending(true);
    try {
      await act();
    } catch (error) {
      if (!isCancelled(error)) fail(explain(error));
    } finally {
      setSending(false);
    }
  };
  const edited = ({ target }: Event) => {
    const { name } = target as HTMLInputElement;
    if (trouble.errors[name]) setTrouble({ ...trouble, errors: { ...trouble.errors, [name]: '' } });
  };
  return { ref, sending, trouble, submit: (event) => void submit(event), edited };
}
