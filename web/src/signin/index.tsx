import './signin.css';
import { useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import type { DemoAccount } from '../app/nouns';
import { Problem, Unreachable } from '../app/problem';
import { signIn } from '../app/session';
import { DemoAccounts } from '../demo/accounts';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';

function explain(error: unknown): string {
  const words = t().signin;
  if (error instanceof Unreachable) return navigator.onLine ? words.busy : words.noNetwork;
  if (!(error instanceof Problem)) return t().problem.unknown ?? '';
  if (error.status === 429 || error.code === 'locked') return words.locked;
  if (error.status === 401 || error.status === 400 || error.status === 404) return words.wrong;
  return error.detail || (t().problem.unknown ?? '');
}

function useSignin() {
  const [id, setId] = useState('');
  const [password, setPassword] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!id.trim() || !password) return setProblem(t().signin.empty);
    setSending(true);
    setProblem('');
    try {
      await signIn(id.trim(), password);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setSending(false);
    }
  };
  return { id, setId, password, setPassword, sending, problem, submit };
}

function Password({ shown, value, onInput }: { shown: boolean; value: string; onInput: (text: string) => void }) {
  const common = {
    name: 'password',
    autocomplete: 'current-password',
    value,
    onInput: (event: { currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
  } as const;
  return shown ? <input {...common} type="text" autocapitalize="none" spellcheck={false} /> : <input {...common} type="password" />;
}

export function SigninScreen() {
  const form = useSignin();
  const [shown, setShown] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const words = t().signin;
  const heading = usePageTitle(words.title);
  const choose = (account: DemoAccount) => {
    form.setId(account.login_id);
    form.setPassword(account.password);
    announce(words.filled(account.label));
    button.current?.focus();
  };
  return (
    <div class="page signin">
      <form class="card" onSubmit={form.submit} noValidate>
        {heading}
        <p>{words.lead}</p>
        {form.problem && (
          <Notice tone="bad" urgent>
            {form.problem}
          </Notice>
        )}
        <label class="field">
          <span>{words.id}</span>
          <input
            name="login_id"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            value={form.id}
            onInput={(event) => form.setId(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{words.password}</span>
          <Password shown={shown} value={form.password} onInput={form.setPassword} />
        </label>
        <label class="tick">
          <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} />
          <span>{words.show}</span>
        </label>
        <button ref={button} class="button primary wide" disabled={form.sending}>
          {form.sending ? words.sending : words.submit}
        </button>
        <p class="sub">{words.help}</p>
      </form>
      <DemoAccounts onChoose={choose} />
    </div>
  );
}
