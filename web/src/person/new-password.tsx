// A new password, with its strength in words; and the one that is there, asked for again.
import { useState } from 'preact/hooks';
import { TextField } from './fields';
import { PASSWORD_MAX, PASSWORD_MIN, strengthOf } from './password';
import { words } from './words';

interface Props {
  label?: string;
  value: string;
  onValue: (text: string) => void;
  error?: string;
}

export function passwordError(password: string): string {
  const w = words().password;
  if (!password) return w.empty;
  return [...password].length < PASSWORD_MIN ? w.short : '';
}

function Show({ shown, onChange }: { shown: boolean; onChange: (shown: boolean) => void }) {
  return (
    <label class="tick">
      <input type="checkbox" checked={shown} onChange={() => onChange(!shown)} />
      <span>{words().password.show}</span>
    </label>
  );
}

function Strength({ password, known }: { password: string; known: string[] }) {
  const w = words().password.strength;
  if (!password) return <p class="strength" role="status" />;
  const strength = strengthOf(password, known);
  const text = strength === 'short' ? w.short(PASSWORD_MIN - [...password].length) : w[strength];
  return (
    <p class={`strength ${strength}`} role="status">
      <span class="bars" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {text}
    </p>
  );
}

/** `username`: what it belongs to, so that the browser's own keeper files it rightly. */
export function NewPassword({ label, value, onValue, error, username }: Props & { username: string }) {
  const [shown, setShown] = useState(false);
  const w = words().password;
  return (
    <>
      <input class="for-keeper" type="text" name="username" autocomplete="username" value={username} readOnly tabIndex={-1} aria-hidden="true" />
      <TextField
        label={label ?? w.label}
        name="password"
        type={shown ? 'text' : 'password'}
        value={value}
        onValue={onValue}
        hint={w.hint}
        error={error}
        autocomplete="new-password"
        autocapitalize="none"
        spellcheck={false}
        maxLength={PASSWORD_MAX}
        below={<Strength password={value} known={[username.split('@')[0] ?? '']} />}
      />
      <Show shown={shown} onChange={setShown} />
    </>
  );
}

export function OwnPassword({ label, value, onValue, error }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <TextField
        label={label ?? words().password.label}
        name="current_password"
        type={shown ? 'text' : 'password'}
        value={value}
        onValue={onValue}
        error={error}
        autocomplete="current-password"
        autocapitalize="none"
        spellcheck={false}
      />
      <Show shown={shown} onChange={setShown} />
    </>
  );
}
