// A new password: for who knows the old one, or the first of somebody who signs in by passkey.
import { useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { isCancelled } from '../app/problem';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { words } from './security-words';

const MIN = 8;

function explain(error: unknown, first: boolean): string {
  const w = words().password;
  if (isProblem(error, 'wrong_password')) return first ? w.proveFirst : w.wrong;
  if (isProblem(error, 'weak_password') || isProblem(error, 'validation')) return w.weak;
  return isProblem(error) && error.status === 429 ? w.many : words().failed;
}

interface FieldProps {
  label: string;
  shown: boolean;
  value: string;
  autocomplete: 'current-password' | 'new-password';
  onValue: (text: string) => void;
}

function Field({ label, shown, value, autocomplete, onValue }: FieldProps) {
  const common = {
    autocomplete,
    maxLength: 200,
    value,
    onInput: (event: { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  };
  return (
    <label class="field">
      <span>{label}</span>
      {shown ? <input {...common} type="text" autocapitalize="none" spellcheck={false} /> : <input {...common} type="password" />}
    </label>
  );
}

function useForm(first: boolean, onDone: () => void) {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    if ([...fresh].length < MIN) return setProblem(words().password.short);
    setSending(true);
    setProblem('');
    try {
      await request('PUT /api/account/password', { body: { ...(first ? {} : { old_password: old }), password: fresh } });
      announce(first ? words().password.made : words().password.changed);
      onDone();
    } catch (error) {
      if (!isCancelled(error)) setProblem(explain(error, first));
    } finally {
      setSending(false);
    }
  };
  return { old, setOld, fresh, setFresh, sending, problem, submit };
}

interface Props {
  /** There is none yet. */
  first: boolean;
  onDone: () => void;
}

function Form({ first, onDone, onCancel }: Props & { onCancel: () => void }) {
  const form = useForm(first, onDone);
  const [shown, setShown] = useState(false);
  const w = words().password;
  return (
    <form class="password" onSubmit={form.submit} noValidate>
      {form.problem && (
        <Notice tone="bad" urgent>
          {form.problem}
        </Notice>
      )}
      {!first && <Field label={w.old} shown={shown} value={form.old} autocomplete="current-password" onValue={form.setOld} />}
      <Field label={w.fresh} shown={shown} value={form.fresh} autocomplete="new-password" onValue={form.setFresh} />
      <p class="sub">{w.hint}</p>
      <label class="tick">
        <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} />
        <span>{w.show}</span>
      </label>
      <div class="row">
        <button class="button primary" disabled={form.sending}>
          {form.sending ? w.saving : first ? w.make : w.save}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {words().cancel}
        </button>
      </div>
    </form>
  );
}

export function Password({ first, onDone }: Props) {
  const [open, setOpen] = useState(false);
  const w = words().password;
  return (
    <section class="card" aria-labelledby="password-title">
      <h2 id="password-title">{w.title}</h2>
      <p>{first ? w.firstLead : w.lead}</p>
      {open ? (
        <Form
          first={first}
          onDone={() => {
            setOpen(false);
            onDone();
          }}
          onCancel={() => setOpen(false)}
        />
      ) : (
        <div>
          <button type="button" class="button" onClick={() => setOpen(true)}>
            {first ? w.first : w.change}
          </button>
        </div>
      )}
    </section>
  );
}
