import { request } from '../app/api';
import { navigate } from '../app/router';
import { DigitsField } from '../person/fields';
import { useForm } from '../person/form';
import { NoMailHelp, SendAgain } from '../person/mail-code';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { answers, pathOf } from './answers';
import { orRestart } from './restart';
import { words } from './words';

export function ConfirmStep() {
  const { token = '', mail_code, sent, confirmed } = answers.now.value;
  const w = words().confirm;
  const p = personWords();
  const confirm = async () => {
    if (!confirmed) {
      const { login_id } = await request('POST /api/recoveries/confirm', { body: { token, mail_code } });
      answers.change({ confirmed: true, login_id });
    }
    navigate(pathOf('password'));
  };
  const again = async () => {
    await request('POST /api/recoveries/resend', { body: { token } });
    answers.change({ sent: Date.now(), mail_code: '' });
  };
  const form = useForm(() => ({ mail_code: mail_code.length === 6 ? '' : p.digits.empty }), () => orRestart(confirm));
  return (
    <Step title={w.title} back={pathOf('who')} form={form} action={p.next} busy={p.checking}>
      <p>{w.lead}</p>
      <DigitsField
        label={p.digits.label}
        value={mail_code}
        onValue={(digits) => answers.change({ mail_code: digits })}
        error={form.trouble.errors.mail_code}
      />
      <NoMailHelp lines={w.help} />
      <div class="row">
        <SendAgain sent={sent} send={() => orRestart(again)} />
        <a class="button quiet" href={pathOf('who')}>
          {w.other}
        </a>
      </div>
    </Step>
  );
}
