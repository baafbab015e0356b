// Half signed in: what is still due.
import './signin.css';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { isCancelled, Unreachable } from '../app/problem';
import { session, showCode } from '../app/session';
import { demoCode } from '../demo/accounts';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { CodeField } from './code-field';
import { Enrol } from './enrol';
import { explainCode } from './explain';
import { signInWithPasskey } from './passkey';
import { words } from './words';

function useCode(recovery: boolean) {
  const [code, setCode] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!code.trim()) return setProblem(words().code.empty);
    setSending(true);
    setProblem('');
    try {
      await showCode(code);
    } catch (error) {
      setProblem(explainCode(error, recovery));
      setCode('');
    } finally {
      setSending(false);
    }
  };
  return { code, setCode, sending, problem, setProblem, submit };
}

/** A demonstration's code fills itself in. */
function useDemoCode(setCode: (code: string) => void): void {
  useEffect(() => {
    if (!session.value?.demo) return;
    demoCode().then(
      (code) => {
        if (!code) return;
        setCode(code);
        announce(words().code.demo);
      },
      () => undefined,
    );
  }, []);
}

function Code() {
  const [recovery, setRecovery] = useState(false);
  const form = useCode(recovery);
  const w = words().code;
  const heading = usePageTitle(w.title);
  useDemoCode(form.setCode);
  const turn = () => {
    setRecovery(!recovery);
    form.setCode('');
    form.setProblem('');
  };
  return (
    <div class="page signin">
      <form class="card" onSubmit={form.submit} noValidate>
        {heading}
        <p>{recovery ? w.recoveryLead : w.lead}</p>
        {form.problem && (
          <Notice tone="bad" urgent>
            {form.problem}
          </Notice>
        )}
        <CodeField
          key={String(recovery)}
          label={recovery ? w.recoveryLabel : w.label}
          value={form.code}
          onValue={form.setCode}
          recovery={recovery}
        />
        <button class="button primary wide" disabled={form.sending}>
          {form.sending ? w.sending : w.submit}
        </button>
        <button type="button" class="button quiet" onClick={turn}>
          {recovery ? w.useApp : w.useRecovery}
        </button>
        <p class="sub">{w.lost}</p>
      </form>
    </div>
  );
}

/** Nothing but a passkey is there: it opens a session of its own. */
function PasskeyOnly() {
  const [problem, setProblem] = useState('');
  const w = words().passkey;
  const heading = usePageTitle(w.title);
  const ask = async () => {
    setProblem('');
    try {
      await signInWithPasskey(session.value?.shared ?? false);
    } catch (error) {
      if (!isCancelled(error)) setProblem(error instanceof Unreachable ? t().signin.busy : w.refused);
    }
  };
  return (
    <div class="page signin">
      <div class="card">
        {heading}
        <p>{w.lead}</p>
        {problem && (
          <Notice tone="bad" urgent>
            {problem}
          </Notice>
        )}
        <button type="button" class="button primary wide" onClick={() => void ask()}>
          {w.submit}
        </button>
        <p class="sub">{w.lost}</p>
      </div>
    </div>
  );
}

export function SecondFactorScreen() {
  const due = session.value?.second_factor;
  if (due === 'enrol') return <Enrol />;
  return due === 'passkey' ? <PasskeyOnly /> : <Code />;
}
