// Small parts that the pages of the administration share.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Notice } from '../ui/notice';

interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
  /** The label is read, not shown: the column says it. */
  quiet?: boolean;
}

export function Select({ label, value, options, onChange, quiet }: SelectProps) {
  return (
    <label class="filter">
      <span class={quiet ? 'for-readers' : undefined}>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: string;
  hint?: string;
  name?: string;
  required?: boolean;
  max?: string;
  min?: string;
  inputMode?: 'numeric';
  maxLength?: number;
}

export function Field({ label, value, onInput, hint, ...input }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input autocomplete="off" {...(input as object)} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      {hint && <span class="sub">{hint}</span>}
    </label>
  );
}

/** What happened last on this page: said where it happened, with a way back where there is one. */
export interface Told {
  tone: 'good' | 'bad' | 'warn' | 'info';
  text: string;
  action?: { text: string; run: () => void };
}

export function TellLast({ told }: { told: Told | undefined }) {
  return (
    <div class="told no-print" role="status">
      {told && (
        <Notice tone={told.tone} urgent={told.tone === 'bad'}>
          <span>{told.text}</span>
          {told.action && (
            <button type="button" class="button quiet" onClick={told.action.run}>
              {told.action.text}
            </button>
          )}
        </Notice>
      )}
    </div>
  );
}

/** One act at a time: busy while it runs, then what it says (or how it failed). */
export function useAct(explain: (error: unknown) => string) {
  const [busy, setBusy] = useState(false);
  const [told, tell] = useState<Told>();
  const act = async (work: () => Promise<Told | undefined | void>) => {
    if (busy) return;
    setBusy(true);
    try {
      tell((await work()) ?? undefined);
    } catch (error) {
      tell({ tone: 'bad', text: explain(error) });
    } finally {
      setBusy(false);
    }
  };
  return { busy, told, tell, act };
}

export function Figure({ label, children, tone }: { label: string; children: ComponentChildren; tone?: string }) {
  return (
    <div class={`total ${tone ?? ''}`}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
