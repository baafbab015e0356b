import type { JSX } from 'preact';

interface Props {
  label: string;
  value: string;
  onValue: (text: string) => void;
  /** Letters and digits, not six digits of an app. */
  recovery?: boolean;
}

/** Six digits, which telephones offer to fill in; or a recovery code. */
export function CodeField({ label, value, onValue, recovery = false }: Props): JSX.Element {
  return (
    <label class="field code-field">
      <span>{label}</span>
      <input
        name="code"
        inputMode={recovery ? 'text' : 'numeric'}
        autocomplete={recovery ? 'off' : 'one-time-code'}
        autocapitalize={recovery ? 'characters' : 'none'}
        spellcheck={false}
        maxLength={40}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}
