// One step of a way in: heading, where one is, one question, one large button in reach of the thumb.
import './person.css';
import type { ComponentChildren, RefObject } from 'preact';
import { online } from '../app/store';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { Phones } from '../ui/phone';
import type { Form } from './form';
import { words } from './words';

export interface HasPhone {
  school_name: string;
  school_phone: string;
}

interface Props {
  title: string;
  back?: string;
  backText?: string;
  at?: number;
  of?: number;
  form: Form;
  action: string;
  busy?: string;
  /** Whom to call when something went wrong. */
  phone?: HasPhone;
  /** Can't be undone: the button is red, and at the end of what is to be read. */
  danger?: boolean;
  /** More than one question: the button stays with its own. */
  inPlace?: boolean;
  children: ComponentChildren;
}

export function SchoolPhone({ of }: { of: HasPhone | undefined }) {
  return of ? <Phones of={[{ ...of, school_id: 0 }]} /> : null;
}

export function OfflineNotice() {
  return online.value ? null : <Notice tone="warn">{words().offline}</Notice>;
}

export function Step({ title, back, backText, at, of, form, action, busy, phone, danger, inPlace, children }: Props) {
  const heading = usePageTitle(title);
  const { problem, call } = form.trouble;
  return (
    <div class="page narrow step">
      {back ? <PageTop back={back} text={backText} heading={heading} /> : heading}
      {at && of && <p class="sub">{words().step(at, of)}</p>}
      <OfflineNotice />
      <form ref={form.ref as RefObject<HTMLFormElement>} class="step-form" onSubmit={form.submit} onInput={form.edited} noValidate>
        {children}
        {problem && (
          <Notice tone="bad" urgent>
            {problem}
          </Notice>
        )}
        {call && <SchoolPhone of={phone} />}
        <div class={danger || inPlace ? 'in-place' : 'thumb'}>
          <button class={`button wide large ${danger ? 'danger' : 'primary'}`} disabled={form.sending}>
            {form.sending ? (busy ?? words().sending) : action}
          </button>
        </div>
      </form>
    </div>
  );
}
