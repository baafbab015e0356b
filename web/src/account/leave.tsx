// Leaving: said plainly what goes and what stays, asked once, and a certificate of what was erased.
import { useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { request } from '../app/api';
import { live } from '../app/connection';
import { dayOf, formatDay, timeOf } from '../app/days';
import { forgetAll } from '../app/kept';
import { useResource } from '../app/resource';
import { navigate } from '../app/router';
import { session } from '../app/session';
import { keepInTab, keptInTab } from '../app/tab';
import { useForm } from '../person/form';
import { OwnPassword } from '../person/new-password';
import type { Certificate, OwnData } from '../person/nouns';
import { Step } from '../person/step';
import { words as personWords } from '../person/words';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { words } from './words';

const DATA = '/account/data';
const certificate = signal(keptInTab<Certificate>('certificate'));

async function erase(password: string): Promise<void> {
  const erased = await request('POST /api/own-data/erase', { body: password ? { password } : {} });
  certificate.value = erased;
  keepInTab('certificate', erased);
  live.stop();
  forgetAll();
  session.value = null;
  navigate('/left', { replace: true });
}

function Effects({ alone }: { alone: OwnData['leaving']['alone'] }) {
  const w = words().leave;
  return (
    <>
      <p>{w.lead}</p>
      {alone.length > 0 && (
        <Notice tone="warn">{w.alone(alone.map((child) => `${child.family_name} ${child.given_name}さん`).join('、'))}</Notice>
      )}
      {([[w.erasedTitle, w.erased], [w.keptTitle, w.kept]] as const).map(([title, lines]) => (
        <section key={title}>
          <h2>{title}</h2>
          <ul class="plain-list">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
      <p class="sub">{w.backups}</p>
    </>
  );
}

function LeaveForm({ of, hasPassword }: { of: OwnData['leaving']; hasPassword: boolean }) {
  const [password, setPassword] = useState('');
  const [sure, setSure] = useState(false);
  const w = words().leave;
  const check = () => ({ sure: sure ? '' : w.understandEmpty, current_password: password || !hasPassword ? '' : personWords().password.empty });
  const form = useForm(check, () => erase(password));
  const { errors } = form.trouble;
  return (
    <Step title={w.title} back={DATA} form={form} action={w.submit} busy={w.sending} danger>
      <Effects alone={of.alone} />
      <label class="tick">
        <input
          type="checkbox"
          name="sure"
          checked={sure}
          aria-invalid={errors.sure ? 'true' : undefined}
          aria-describedby={errors.sure ? 'sure-error' : undefined}
          onChange={() => setSure(!sure)}
        />
        <span>{w.understand}</span>
      </label>
      {errors.sure && (
        <p class="field-error" id="sure-error" role="alert">
          {errors.sure}
        </p>
      )}
      {hasPassword && <OwnPassword value={password} onValue={setPassword} error={errors.current_password} />}
    </Step>
  );
}

function MayNot() {
  const w = words().leave;
  const heading = usePageTitle(w.title);
  return (
    <div class="page narrow">
      <PageTop back={DATA} heading={heading} />
      <Notice tone="warn">{w.staff}</Notice>
    </div>
  );
}

export function LeaveScreen() {
  const { data, error, retry } = useResource(() => request('GET /api/own-data'), []);
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading />;
  return data.leaving.may ? <LeaveForm of={data.leaving} hasPassword={data.account.has_password} /> : <MayNot />;
}

function Erased({ of }: { of: Certificate }) {
  const w = words().left;
  const kinds = Object.entries(of.counts).filter(([, rows]) => rows > 0);
  return (
    <section class="card certificate">
      <h2>{w.certificate}</h2>
      <dl class="facts">
        <div>
          <dt>{w.number}</dt>
          <dd class="digits">{of.id}</dd>
        </div>
        <div>
          <dt>{w.at}</dt>
          <dd>{`${dayOf(of.applied_at).slice(0, 4)}年${formatDay(dayOf(of.applied_at))} ${timeOf(of.applied_at)}`}</dd>
        </div>
        {kinds.map(([kind, rows]) => (
          <div key={kind}>
            <dt>{w.counts[kind] ?? w.otherCount}</dt>
            <dd class="digits">{w.rows(rows)}</dd>
          </div>
        ))}
      </dl>
      <p>{w.backups(of.backups_until.slice(0, 10))}</p>
    </section>
  );
}

/** After leaving: nobody is signed in any more. */
export function LeftScreen() {
  const w = words().left;
  const heading = usePageTitle(w.title);
  return (
    <div class="page narrow">
      {heading}
      <p>{certificate.value ? w.lead : w.none}</p>
      {certificate.value && <Erased of={certificate.value} />}
      <div class="row no-print">
        {certificate.value && (
          <button type="button" class="button" onClick={() => print()}>
            <Icon name="print" />
            {w.print}
          </button>
        )}
        <a class="button" href="/signin">
          {w.start}
        </a>
      </div>
    </div>
  );
}
