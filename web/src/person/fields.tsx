// The fields that registration, recovery and the own account share. Each says what is wrong beside itself.
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../app/i18n';
import { codeState, formatCode, missingSymbols, strangeSymbols } from './code';
import type { Relation } from './nouns';
import { words } from './words';

type Attributes = Omit<JSX.IntrinsicElements['input'], 'value' | 'onInput' | 'name' | 'id'>;

interface FieldProps extends Attributes {
  label: string;
  name: string;
  value: string;
  onValue: (text: string, input: HTMLInputElement) => void;
  hint?: string;
  error?: string;
  below?: ComponentChildren;
}

export function TextField({ label, name, value, onValue, hint, error, below, ...attributes }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const input = { ...attributes, id, name, value, 'aria-invalid': error ? 'true' : undefined, 'aria-describedby': described || undefined };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="sub" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input {...(input as object)} onInput={(event) => onValue(event.currentTarget.value, event.currentTarget)} />
      {below}
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function codeHint(typed: string): string {
  const w = words().code;
  const state = codeState(typed);
  if (state === 'short') return w.more(missingSymbols(typed));
  if (state === 'strange') return w.strange(strangeSymbols(typed).join(' '));
  if (state === 'empty') return '';
  return w[state];
}

/** What still stands in the way of sending a code. */
export function codeError(typed: string): string {
  const w = words().code;
  const state = codeState(typed);
  if (state === 'good') return '';
  return state === 'strange' ? w.strange(strangeSymbols(typed).join(' ')) : w[state];
}

interface CodeProps {
  label: string;
  value: string;
  onValue: (text: string) => void;
  error?: string;
}

/** A code from paper: shown in groups while it is typed, its check symbol looked at once it is whole. */
export function CodeField({ label, value, onValue, error }: CodeProps) {
  const state = codeState(value);
  const type = (typed: string, input: HTMLInputElement) => {
    const atEnd = input.selectionStart === typed.length;
    onValue(atEnd && /^[\x20-\x7e]*$/.test(typed) ? formatCode(typed) : typed);
  };
  return (
    <TextField
      label={label}
      name="code"
      value={value}
      onValue={type}
      onBlur={() => onValue(formatCode(value))}
      hint={words().code.hint}
      error={error}
      class="code-input"
      autocomplete="off"
      autocapitalize="characters"
      spellcheck={false}
      placeholder="XXXX-XXXX-XXXX"
      below={
        !error && (
          <p class={`code-state ${state}`} role="status">
            {codeHint(value)}
          </p>
        )
      }
    />
  );
}

/** Six digits from a mail, in any width; the phone offers them by itself. */
export function DigitsField({ label, name = 'mail_code', value, onValue, error }: CodeProps & { name?: string }) {
  return (
    <TextField
      label={label}
      name={name}
      value={value}
      onValue={(typed) => onValue(digitsOf(typed))}
      error={error}
      class="digits-input"
      inputMode="numeric"
      autocomplete="one-time-code"
      placeholder="000000"
    />
  );
}

function digitsOf(typed: string): string {
  return typed.normalize('NFKC').replace(/\D/g, '').slice(0, 6);
}

export function MailField(props: { label?: string; name?: string; value: string; onValue: (text: string) => void; hint?: string; error?: string }) {
  return (
    <TextField
      name="email"
      {...props}
      label={props.label ?? words().mail.label}
      type="email"
      inputMode="email"
      autocomplete="email"
      autocapitalize="none"
      spellcheck={false}
    />
  );
}

export const RELATIONS: Relation[] = ['mother', 'father', 'grandparent', 'other'];

export function RelationField({ chosen, onChange, error }: { chosen: string; onChange: (relation: Relation) => void; error?: string }) {
  const w = words().relation;
  const id = useId();
  return (
    <fieldset class="field-set" aria-describedby={error ? id : undefined}>
      <legend>{w.legend}</legend>
      <div class="chips">
        {RELATIONS.map((relation) => (
          <label key={relation} class="chip">
            <input
              type="radio"
              name="relation"
              checked={chosen === relation}
              data-invalid={error ? 'true' : undefined}
              onChange={() => onChange(relation)}
            />
            <span>{w[relation]}</span>
          </label>
        ))}
      </div>
      {error && (
        <p class="field-error" id={id} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** School and class of a child, and the name. */
export function ChildPlace({ of }: { of: { school_name: string; grade: number; class_name: string; family_name: string; given_name: string } }) {
  return (
    <div class="card child-place">
      <p class="sub">{t().child.place(of.school_name, of.grade, of.class_name)}</p>
      <p class="child-name">
        {of.family_name} {of.given_name}
      </p>
    </div>
  );
}
