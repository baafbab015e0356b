import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { OwnPassword, NewPassword, passwordError } from '../person/new-password';
import { useForm } from '../person/form';
import type { Account } from '../person/nouns';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { ACCOUNT, useAccount } from './load';
import { words } from './words';

function PasswordForm({ of }: { of: Account }) {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [done, setDone] = useState(false);
  const w = words().password;
  const p = personWords().password;
  const form = useForm(
    () => ({ current_password: of.has_password && !old ? p.empty : '', password: passwordError(fresh) }),
    async () => {
      setDone(false);
      await request('PUT /api/account/password', { body: { ...(of.has_password && { old_password: old }), password: fresh } });
      setOld('');
      setFresh('');
      setDone(true);
    },
  );
  const { errors } = form.trouble;
  return (
    <Step title={w.title} back={ACCOUNT} backText={words().back} form={form} action={w.submit} busy={words().saving}>
      {done && (
        <Notice tone="good" urgent>
          {w.done}
        </Notice>
      )}
      {of.has_password && <OwnPassword label={w.old} value={old} onValue={setOld} error={errors.current_password} />}
      <NewPassword label={p.newLabel} value={fresh} onValue={setFresh} error={errors.password} username={of.email ?? of.login_id} />
      <p class="sub">{w.note}</p>
    </Step>
  );
}

export function PasswordScreen() {
  const { data, error, retry } = useAccount();
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return data ? <PasswordForm of={data} /> : <Loading />;
}
