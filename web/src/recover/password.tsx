import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { navigate } from '../app/router';
import { loadSession } from '../app/session';
import { useForm } from '../person/form';
import { NewPassword, passwordError } from '../person/new-password';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { usePageTitle } from '../ui/page';
import { answers, pathOf } from './answers';
import { orRestart } from './restart';
import { words } from './words';

export function LoginId({ id, label }: { id: string; label: string }) {
  return (
    <p class="card login-id">
      <span class="sub">{label}</span>
      <strong>{id}</strong>
    </p>
  );
}

export function PasswordStep() {
  const { token = '', login_id, by_mail } = answers.now.value;
  const [password, setPassword] = useState('');
  const w = words().password;
  const finish = async () => {
    const made = await request('POST /api/recoveries/finish', { body: { token, password } });
    await loadSession().catch(() => undefined);
    answers.forget();
    answers.change({ done: true, login_id: made.login_id });
    navigate(pathOf('done'), { replace: true });
  };
  const form = useForm(() => ({ password: passwordError(password) }), () => orRestart(finish));
  return (
    <Step title={w.title} back={pathOf(by_mail ? 'confirm' : 'code')} form={form} action={w.submit}>
      {login_id && (
        <>
          <LoginId id={login_id} label={w.idIs} />
          <p>
            {w.onlyId}
            <a href="/signin">{w.toSignIn}</a>
          </p>
        </>
      )}
      <NewPassword
        label={personWords().password.newLabel}
        value={password}
        onValue={setPassword}
        error={form.trouble.errors.password}
        username={login_id}
      />
      <p class="sub">{w.note}</p>
    </Step>
  );
}

export function DoneStep() {
  const { login_id } = answers.now.value;
  const w = words().done;
  const heading = usePageTitle(w.title);
  return (
    <div class="page narrow step done">
      <div class="headline">
        <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <circle cx="16" cy="16" r="16" />
          <path d="M8 17l6 6L25 10" />
        </svg>
        {heading}
      </div>
      <p>{w.lead}</p>
      {login_id && <LoginId id={login_id} label={words().password.idIs} />}
      <div class="thumb">
        <a class="button primary wide large" href="/" onClick={() => queueMicrotask(answers.forget)}>
          {w.home}
        </a>
      </div>
    </div>
  );
}
