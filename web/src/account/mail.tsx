// Another address: asked for with the password, confirmed by digits at both ends.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { keepInTab, keptInTab } from '../app/tab';
import { DigitsField, MailField } from '../person/fields';
import { useForm } from '../person/form';
import { looksLikeMail, tidyMail } from '../person/mail';
import { NoMailHelp } from '../person/mail-code';
import { OwnPassword } from '../person/new-password';
import type { Account } from '../person/nouns';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { ACCOUNT, useAccount } from './load';
import { words } from './words';

const OLD_CODE_DUE = 'mail.old-code-due';

interface Props {
  of: Account;
  said: string;
  onChanged: (said: string) => void;
}

function passwordMissing(password: string): string {
  return password ? '' : personWords().password.empty;
}

function AskForm({ of, said, onChanged }: Props) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const w = words().mail;
  const p = personWords();
  const tidy = tidyMail(email);
  const check = () => ({ email: !tidy ? p.mail.empty : looksLikeMail(tidy) ? '' : p.mail.wrong, current_password: passwordMissing(password) });
  const form = useForm(check, async () => {
    const { old_code_due } = await request('POST /api/account/email', { body: { email: tidy, password } });
    keepInTab(OLD_CODE_DUE, old_code_due);
    onChanged('');
  });
  const { errors } = form.trouble;
  return (
    <Step title={w.title} back={ACCOUNT} backText={words().back} form={form} action={w.submit}>
      {said && <Notice tone="good">{said}</Notice>}
      <p class="breakable">{of.email ? `${w.now}：${of.email}` : w.none}</p>
      <MailField label={w.fresh} value={email} onValue={setEmail} error={errors.email} />
      <OwnPassword value={password} onValue={setPassword} error={errors.current_password} />
    </Step>
  );
}

function ConfirmForm({ of, pending, onChanged }: Props & { pending: string }) {
  const [fresh, setFresh] = useState('');
  const [old, setOld] = useState('');
  const w = words().mail;
  const p = personWords();
  const oldDue = of.email !== null && (keptInTab<boolean>(OLD_CODE_DUE) ?? true);
  const digits = (code: string) => (code.length === 6 ? '' : p.digits.empty);
  const form = useForm(
    () => ({ mail_code: digits(fresh), old_mail_code: oldDue ? digits(old) : '' }),
    async () => {
      const { email } = await request('POST /api/account/email/confirm', { body: { mail_code: fresh, ...(oldDue && { old_mail_code: old }) } });
      onChanged(w.done(email));
    },
  );
  const giveUp = useForm(() => ({}), async () => {
    await request('DELETE /api/account/email');
    onChanged(w.givenUp);
  });
  const { errors } = form.trouble;
  const shown = giveUp.trouble.problem ? { ...form, trouble: giveUp.trouble } : form;
  return (
    <Step title={w.confirmTitle} back={ACCOUNT} backText={words().back} form={shown} action={w.submitCodes} busy={p.checking}>
      <p>{oldDue ? w.bothLead : w.newLead}</p>
      <DigitsField label={w.newCode(pending)} value={fresh} onValue={setFresh} error={errors.mail_code} />
      {oldDue && (
        <>
          <DigitsField label={w.oldCode(of.email ?? '')} name="old_mail_code" value={old} onValue={setOld} error={errors.old_mail_code} />
          <NoMailHelp lines={[w.oldLost]} />
        </>
      )}
      <button type="button" class="button quiet" disabled={giveUp.sending} onClick={() => giveUp.submit()}>
        {w.giveUp}
      </button>
    </Step>
  );
}

export function MailScreen() {
  const { data, error, retry } = useAccount();
  const [said, setSaid] = useState('');
  const changed = (what: string) => {
    setSaid(what);
    retry();
  };
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading />;
  const pending = data.email_pending;
  return pending ? (
    <ConfirmForm key={pending} of={data} pending={pending} said={said} onChanged={changed} />
  ) : (
    <AskForm key={data.email} of={data} said={said} onChanged={changed} />
  );
}
