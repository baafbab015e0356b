import './signin.css';
import { useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import type { DemoAccount } from '../app/nouns';
import { signIn } from '../app/session';
import { chosenDemo, DemoAccounts } from '../demo/accounts';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { explainSignin } from './explain';

function useSignin() {
  const [id, setId] = useState('');
  const [password, setPassword] = useState('');
  const [shared, setShared] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!id.trim() || !password) return setProblem(t().signin.empty);
    setSending(true);
    setProblem('');
    try {
      await signIn(id.trim(), password, shared);
    } catch (error) {
      setProblem(explainSignin(error));
    } finally {
      setSending(false);
    }
  };
  return { id, setId, password, setPassword, shared, setShared, sending, problem, submit };
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
    chosenDemo.value = account.login_id;
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
        <label class="tick">
          <input type="checkbox" checked={form.shared} onChange={() => form.setShared(!form.shared)} />
          <span>
            {words.shared}
            <span class="sub">{words.sharedHint}</span>
          </span>
        </label>
        <button ref={button} class="button primary wide" disabled={form.sending}>
          {form.sending ? words.sending : words.submit}
        </button>
        <nav class="ways" aria-label={words.title}>
          <a href="/recover">{words.forgotten}</a>
          <a href="/join">{words.first}</a>
        </nav>
      </form>
      <DemoAccounts onChoose={choose} />
    </div>
  );
}
