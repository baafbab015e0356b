import { useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { navigate } from '../app/router';
import { loadSession } from '../app/session';
import { useForm } from '../person/form';
import { tidyNames } from '../person/names';
import { NewPassword, passwordError } from '../person/new-password';
import { Step } from '../person/step';
import type { Terms } from '../person/nouns';
import { forgetTerms, loadTerms, TermsButton, TermsText } from '../person/terms';
import { Notice } from '../ui/notice';
import { answers, pathOf } from './answers';
import { orRestart } from './restart';
import { words } from './words';

async function finish(password: string): Promise<void> {
  const { token = '', relation, invitation, sent_to, ...rest } = answers.now.value;
  if (!relation) return;
  const { version: consent_version } = await loadTerms();
  const made = await request('POST /api/registrations/finish', {
    body: { token, ...tidyNames(rest), relation, password, consent_version },
  });
  await loadSession().catch(() => undefined);
  answers.forget();
  answers.change({
    done: { login_id: made.login_id, child: `${invitation?.family_name} ${invitation?.given_name}` },
    sent_to,
  });
  navigate(pathOf('done'), { replace: true });
}

interface ConsentProps {
  given: boolean;
  onChange: (given: boolean) => void;
  error?: string;
  /** The terms that became new while somebody was typing. */
  changed?: Terms;
}

function Consent({ given, onChange, error, changed }: ConsentProps) {
  const w = words().password;
  return (
    <div class="consent">
      <p>{w.consentLead}</p>
      {changed?.changes && <Notice tone="info">{changed.changes}</Notice>}
      {changed ? <TermsText of={changed} /> : <TermsButton />}
      <label class="tick">
        <input
          type="checkbox"
          name="consent"
          checked={given}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'consent-error' : undefined}
          onChange={() => onChange(!given)}
        />
        <span>{w.consent}</span>
      </label>
      {error && (
        <p class="field-error" id="consent-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export function PasswordStep() {
  const { invitation, sent_to } = answers.now.value;
  const [password, setPassword] = useState('');
  const [consent, setConsent] = useState(false);
  const [changed, setChanged] = useState<Terms>();
  const w = words().password;
  const check = () => ({ password: passwordError(password), consent: consent ? '' : w.consentEmpty });
  const send = async () => {
    try {
      await finish(password);
    } catch (error) {
      if (isProblem(error, 'terms_changed')) {
        setConsent(false);
        forgetTerms();
        setChanged(await loadTerms());
      }
      throw error;
    }
  };
  const form = useForm(check, () => orRestart(send));
  const { errors } = form.trouble;
  return (
    <Step title={w.title} back={pathOf('name')} at={6} of={6} form={form} action={w.submit} busy={w.sending} phone={invitation}>
      <NewPassword value={password} onValue={setPassword} error={errors.password} username={sent_to} />
      <Consent given={consent} onChange={setConsent} error={errors.consent} changed={changed} />
    </Step>
  );
}
