import { request } from '../app/api';
import { navigate } from '../app/router';
import { CodeField, codeError, TextField } from '../person/fields';
import { useForm } from '../person/form';
import { tidyMail } from '../person/mail';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { Notice } from '../ui/notice';
import { answers, notStarted, pathOf } from './answers';
import { words } from './words';

function Over() {
  return answers.now.value.over ? <Notice tone="info">{personWords().trouble.recovery_over}</Notice> : null;
}

async function start(login: string): Promise<void> {
  const { token, by_mail, sent_to } = answers.now.value;
  if (!token || !by_mail || sent_to !== login) {
    const started = await request('POST /api/recoveries', { body: { login } });
    answers.change({ ...notStarted(), token: started.token, by_mail: true, sent: Date.now(), sent_to: login });
  }
  navigate(pathOf('confirm'));
}

export function WhoStep() {
  const { login } = answers.now.value;
  const w = words().who;
  const form = useForm(() => ({ login: login.trim() ? '' : w.empty }), () => start(tidyMail(login)));
  return (
    <Step title={w.title} back="/signin" form={form} action={w.submit}>
      <Over />
      <p>{w.lead}</p>
      <TextField
        label={w.label}
        name="login"
        value={login}
        onValue={(typed) => answers.change({ login: typed })}
        error={form.trouble.errors.login}
        autocomplete="username"
        autocapitalize="none"
        inputMode="email"
        spellcheck={false}
      />
      <section class="aside">
        <p>{w.office}</p>
        <a class="button" href={pathOf('code')}>
          {w.code}
        </a>
        <p>{w.stopLead}</p>
        <a class="button" href={pathOf('stop')}>
          {w.stop}
        </a>
      </section>
    </Step>
  );
}

export function CodeStep() {
  const { code } = answers.now.value;
  const w = words().code;
  const p = personWords();
  const form = useForm(() => ({ code: codeError(code) }), async () => {
    const { token } = await request('POST /api/recoveries', { body: { code } });
    answers.change({ ...notStarted(), token });
    navigate(pathOf('password'));
  });
  return (
    <Step title={w.title} back={pathOf('who')} form={form} action={p.next} busy={p.checking}>
      <Over />
      <p>{w.lead}</p>
      <CodeField label={p.code.resetLabel} value={code} onValue={(typed) => answers.change({ code: typed })} error={form.trouble.errors.code} />
    </Step>
  );
}
