// What the forms of the settings share.
import type { ComponentChildren } from 'preact';
import { isProblem } from '../app/api';
import { explainTo } from '../manage/explain';
import { type Told, useAct } from '../manage/parts';
import { words } from './words';

interface ChipsProps<T extends string | number> {
  legend: string;
  options: readonly (readonly [value: T, text: string])[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
}

/** Several of a few. */
export function Chips<T extends string | number>({ legend, options, chosen, onChange }: ChipsProps<T>) {
  const toggle = (value: T) => onChange(options.map(([one]) => one).filter((one) => (one === value) !== chosen.includes(one)));
  return (
    <fieldset class="field-set">
      <legend>{legend}</legend>
      <div class="chips">
        {options.map(([value, text]) => (
          <label key={value} class="chip">
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  name: string;
  options: readonly (readonly [value: T, text: string])[];
  chosen: T;
  onChange: (chosen: T) => void;
}

/** One of a few. */
export function Choice<T extends string>({ legend, name, options, chosen, onChange }: ChoiceProps<T>) {
  return (
    <fieldset class="field-set">
      <legend>{legend}</legend>
      <div class="chips">
        {options.map(([value, text]) => (
          <label key={value} class="chip">
            <input type="radio" name={name} checked={value === chosen} onChange={() => onChange(value)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Tick({ checked, onChange, children }: { checked: boolean; onChange: (checked: boolean) => void; children: ComponentChildren }) {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}

/** A button that says what it does, and to a reader also of what. */
export function Act({ text, of, busy, onClick }: { text: string; of: string; busy: boolean; onClick: () => void }) {
  return (
    <button type="button" class="button small" disabled={busy} aria-label={of} onClick={onClick}>
      {text}
    </button>
  );
}

interface FormProps {
  title: string;
  busy: boolean;
  submit: string;
  onSubmit: () => void;
  onClose?: () => void;
  children: ComponentChildren;
}

export function SettingsForm({ title, busy, submit, onSubmit, onClose, children }: FormProps) {
  return (
    <form
      class="panel settings-form"
      aria-labelledby="settings-form-title"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <h2 id="settings-form-title">{title}</h2>
      {children}
      <div class="row">
        <button class="button primary" disabled={busy}>
          {submit}
        </button>
        {onClose && (
          <button type="button" class="button" onClick={onClose}>
            {words().close}
          </button>
        )}
      </div>
    </form>
  );
}

export type Run = (work: () => Promise<Told | undefined | void>) => void;

/** One act at a time; what is shown is read anew after each, also when somebody else was first. */
export function useSettingsAct(reload: () => void) {
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const run: Run = (work) =>
    void act(async () => {
      try {
        const done = await work();
        reload();
        return done;
      } catch (error) {
        if (isProblem(error, 'stale_version') || isProblem(error, 'not_found')) reload();
        throw error;
      }
    });
  return { busy, told, run, act };
}

export const bad = (text: string): Told => ({ tone: 'bad', text });
export const good = (text: string): Told => ({ tone: 'good', text });
