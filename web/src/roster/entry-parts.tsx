// What the two forms of the entry by hand share.
import '../person/person.css';
import type { ComponentChildren, RefObject } from 'preact';
import { useId } from 'preact/hooks';
import { Problem } from '../app/problem';
import { type Form, type Trouble, troubleOf } from '../person/form';
import { words as person } from '../person/words';
import { Notice } from '../ui/notice';
import { words } from './entry-words';

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  options: [value: string, text: string][];
  onValue: (value: string) => void;
  error?: string;
}

export function Choice({ label, name, value, options, onValue, error }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field filter">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        value={value}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** `fields` says which field a problem of the roster is about, and what to say there. */
export function explainBy(fields: Record<string, readonly [field: string, text: string]>) {
  return (error: unknown): Trouble => {
    if (!(error instanceof Problem)) return troubleOf(error);
    const known = fields[error.code];
    if (known) return { errors: { [known[0]]: known[1] } };
    if (error.errors.length === 0) return { ...troubleOf(error), call: false };
    const kana = person().names.kana;
    const refused = words().problem.refused;
    return { errors: Object.fromEntries(error.errors.map(({ field }) => [field, field.endsWith('_kana') ? kana : refused])) };
  };
}

interface EntryProps {
  form: Form;
  lead: string;
  save: string;
  /** There is nothing to save. */
  disabled?: boolean;
  children: ComponentChildren;
}

export function EntryForm({ form, lead, save, disabled, children }: EntryProps) {
  return (
    <form ref={form.ref as RefObject<HTMLFormElement>} class="panel entry-form" onSubmit={form.submit} onInput={form.edited} noValidate>
      <p>{lead}</p>
      {children}
      {form.trouble.problem && (
        <Notice tone="bad" urgent>
          {form.trouble.problem}
        </Notice>
      )}
      <div class="row">
        <button class="button primary" disabled={form.sending || disabled}>
          {save}
        </button>
      </div>
    </form>
  );
}
