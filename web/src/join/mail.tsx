import { request } from '../app/api';
import { navigate } from '../app/router';
import { MailField } from '../person/fields';
import { useForm } from '../person/form';
import { looksLikeMail, tidyMail } from '../person/mail';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { answers, notStarted, pathOf } from './answers';
import { words } from './words';

/** Nothing was changed since the mail went out: the digits that are on their way still serve. */
function underWay(email: string): boolean {
  const { token, by_mail, sent_to } = answers.now.value;
  return Boolean(token) && by_mail && sent_to === email;
}

async function start(email: string | undefined): Promise<void> {
  const { code } = answers.now.value;
  const { token, by_mail } = await request('POST /api/registrations', { body: email ? { code, email } : { code } });
  answers.change({ ...notStarted(), token, by_mail, sent: by_mail ? Date.now() : 0, sent_to: email ?? '' });
  navigate(pathOf(by_mail ? 'confirm' : 'name'));
}

export function MailStep() {
  const { invitation, email } = answers.now.value;
  const w = words().mail;
  const p = personWords();
  const tidy = tidyMail(email);
  const check = () => ({ email: !tidy ? p.mail.empty : looksLikeMail(tidy) ? '' : p.mail.wrong });
  const withMail = useForm(check, async () => {
    if (underWay(tidy)) return navigate(pathOf('confirm'));
    await start(tidy);
  });
  const without = useForm(() => ({}), () => start(undefined));
  const shown = without.trouble.problem ? { ...withMail, trouble: without.trouble } : withMail;
  return (
    <Step title={w.title} back={pathOf('child')} at={3} of={6} form={shown} action={w.submit} phone={invitation}>
      <p>{w.lead}</p>
      <MailField value={email} onValue={(typed) => answers.change({ email: typed })} error={withMail.trouble.errors.email} />
      <section class="aside">
        <h2>{w.withoutTitle}</h2>
        <p>{w.withoutLead}</p>
        <button type="button" class="button" disabled={without.sending} onClick={() => without.submit()}>
          {without.sending ? w.starting : w.without}
        </button>
      </section>
    </Step>
  );
}
