import './signin.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import type { DemoAccount } from '../app/nouns';
import { isCancelled } from '../app/problem';
import { session, signIn } from '../app/session';
import { chosenDemo, DemoAccounts } from '../demo/accounts';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { explainSignin } from './explain';
import { OidcButtons } from './oidc';
import { canShowPasskey, offerPasskeys, signInWithPasskey } from './passkey';

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
  const latest = useRef(shared);
  latest.current = shared;
  const withPasskey = async (work: () => Promise<void>) => {
    setProblem('');
    try {
      await work();
    } catch (error) {
      if (!isCancelled(error)) setProblem(explainSignin(error));
    }
  };
  // A browser asks one question at a time: the button takes the place of the suggestions, and gives it back.
  const offered = useRef(new AbortController());
  const offer = () => {
    offered.current = new AbortController();
    void withPasskey(() => offerPasskeys(offered.current.signal, () => latest.current));
  };
  const askPasskey = async () => {
    offered.current.abort();
    await withPasskey(() => signInWithPasskey(shared));
    if (!session.value) offer();
  };
  useEffect(() => {
    offer();
    return () => offered.current.abort();
  }, []);
  return { setProblem, askPasskey, id, setId, password, setPassword, shared, setShared, sending, problem, submit };
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
            autocomplete="username webauthn"
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
        {canShowPasskey() && (
          <>
            <p class="or">{words.or}</p>
            <button type="button" class="button wide" onClick={() => void form.askPasskey()}>
              {words.passkey}
            </button>
            <p class="sub">{words.passkeyHint}</p>
          </>
        )}
        <OidcButtons onProblem={form.setProblem} />
        <nav class="ways" aria-label={words.title}>
          <a href="/recover">{words.forgotten}</a>
          <a href="/join">{words.first}</a>
          <a href="/staff-join">{words.invited}</a>
        </nav>
      </form>
      <DemoAccounts onChoose={choose} />
    </div>
  );
}
