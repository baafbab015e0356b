// A new password, for who knows the old one.
import { useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { words } from './security-words';

const MIN = 8;

function explain(error: unknown): string {
  const w = words().password;
  if (isProblem(error, 'wrong_password')) return w.wrong;
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

function useForm(onDone: () => void) {
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
      await request('PUT /api/account/password', { body: { old_password: old, password: fresh } });
      announce(words().password.changed);
      onDone();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setSending(false);
    }
  };
  return { old, setOld, fresh, setFresh, sending, problem, submit };
}

function Form({ onDone }: { onDone: () => void }) {
  const form = useForm(onDone);
  const [shown, setShown] = useState(false);
  const w = words().password;
  return (
    <form class="password" onSubmit={form.submit} noValidate>
      {form.problem && (
        <Notice tone="bad" urgent>
          {form.problem}
        </Notice>
      )}
      <Field label={w.old} shown={shown} value={form.old} autocomplete="current-password" onValue={form.setOld} />
      <Field label={w.fresh} shown={shown} value={form.fresh} autocomplete="new-password" onValue={form.setFresh} />
      <p class="sub">{w.hint}</p>
      <label class="tick">
        <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} />
        <span>{w.show}</span>
      </label>
      <div class="row">
        <button class="button primary" disabled={form.sending}>
          {form.sending ? w.saving : w.save}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {words().cancel}
        </button>
      </div>
    </form>
  );
}

export function Password() {
  const [open, setOpen] = useState(false);
  const w = words().password;
  return (
    <section class="card" aria-labelledby="password-title">
      <h2 id="password-title">{w.title}</h2>
      <p>{w.lead}</p>
      {open ? (
        <Form onDone={() => setOpen(false)} />
      ) : (
        <div>
          <button type="button" class="button" onClick={() => setOpen(true)}>
            {w.change}
          </button>
        </div>
      )}
    </section>
  );
}
