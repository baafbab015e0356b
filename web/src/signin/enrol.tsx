// An authenticator app is registered: a picture to scan, the first code, recovery codes.
import './signin.css';
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { t } from '../app/i18n';
import { isCancelled, Problem } from '../app/problem';
import { loadSession, session } from '../app/session';
import { announce } from '../ui/announcer';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { Qr } from '../ui/qr';
import { CodeField } from './code-field';
import { explainCode } from './explain';
import { canMakePasskey, makePasskey } from './passkey';
import { deviceName } from './passkey-bytes';
import { RecoveryCodes } from './recovery-codes';
import { words } from './words';

interface App {
  secret: string;
  uri: string;
}

/** In groups of four, as people read them aloud. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

function useEnrolment(onCodes: (codes: string[]) => void) {
  const [app, setApp] = useState<App>();
  const [code, setCode] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const begin = async () => {
    setApp(undefined);
    setProblem('');
    try {
      setApp(await request('POST /api/factors/totp'));
    } catch (error) {
      setProblem(isCancelled(error) ? words().enrol.proofDue : explainCode(error, false));
    }
  };
  useEffect(() => void begin(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!code.trim()) return setProblem(words().code.empty);
    setSending(true);
    setProblem('');
    try {
      onCodes((await request('POST /api/factors/totp/confirm', { body: { code } })).recovery_codes);
    } catch (error) {
      if (isCancelled(error)) return;
      setProblem(error instanceof Problem && error.status === 403 ? words().enrol.late : explainCode(error, false));
      setCode('');
    } finally {
      setSending(false);
    }
  };
  return { app, begin, code, setCode, sending, problem, submit };
}

function Secret({ of }: { of: App }) {
  const w = words().enrol;
  const copy = async () => {
    await navigator.clipboard.writeText(of.secret).catch(() => undefined);
    announce(w.copied);
  };
  return (
    <>
      <Qr text={of.uri} label={w.qr} />
      <a class="button open-app" href={of.uri}>
        {w.open}
      </a>
      <p>{w.byHand}</p>
      <p class="secret">
        <code>{grouped(of.secret)}</code>
        <button type="button" class="button" onClick={() => void copy()}>
          {w.copy}
        </button>
      </p>
    </>
  );
}

function Steps({ title, lead, onCodes }: { title: string; lead?: string; onCodes: (codes: string[]) => void }) {
  const form = useEnrolment(onCodes);
  const w = words().enrol;
  const heading = usePageTitle(title);
  return (
    <div class="page narrow">
      <form class="card enrol" onSubmit={form.submit} noValidate>
        {heading}
        {lead && <p>{lead}</p>}
        <ol class="steps">
          <li>
            <h2>{w.app}</h2>
            <p>{w.appHint}</p>
          </li>
          <li>
            <h2>{w.scan}</h2>
            {form.app ? <Secret of={form.app} /> : !form.problem && <Loading />}
          </li>
          <li>
            <h2>{w.code}</h2>
            <CodeField label={words().code.label} value={form.code} onValue={form.setCode} />
          </li>
        </ol>
        {form.problem && (
          <Notice tone="bad" urgent>
            {form.problem}
          </Notice>
        )}
        {!form.app && form.problem ? (
          <button type="button" class="button wide" onClick={() => void form.begin()}>
            {w.again}
          </button>
        ) : (
          <button class="button primary wide" disabled={form.sending || !form.app}>
            {form.sending ? words().code.sending : w.submit}
          </button>
        )}
      </form>
    </div>
  );
}

/** All of it; `onDone` when the recovery codes have been noted. */
export function Enrolment({ lead, onDone }: { lead?: string; onDone: () => void }) {
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  return <Steps title={words().enrol.title} lead={lead} onCodes={setCodes} />;
}

function Choose({ onApp }: { onApp: () => void }) {
  const [problem, setProblem] = useState('');
  const w = words().enrol;
  const heading = usePageTitle(w.title);
  const make = async () => {
    setProblem('');
    try {
      await makePasskey(w.device(deviceName()));
    } catch (error) {
      if (!isCancelled(error)) setProblem(words().passkey.refused);
    }
  };
  return (
    <div class="page narrow">
      <div class="card enrol">
        {heading}
        <p>{w.lead}</p>
        <p>{w.choose}</p>
        {problem && (
          <Notice tone="bad" urgent>
            {problem}
          </Notice>
        )}
        {session.value?.shared ? (
          <p class="sub">{w.shared}</p>
        ) : (
          <button type="button" class="choice" onClick={() => void make()}>
            <span>
              <strong>{w.passkey}</strong>
              <span class="sub">{w.passkeyHint}</span>
            </span>
          </button>
        )}
        <button type="button" class="choice" onClick={onApp}>
          <span>
            <strong>{w.useApp}</strong>
            <span class="sub">{w.useAppHint}</span>
          </span>
        </button>
      </div>
    </div>
  );
}

/** At the first sign-in of a member of staff: a passkey where the device can make one, or an app. */
export function Enrol() {
  const [way, setWay] = useState<'asking' | 'choose' | 'app'>('asking');
  const [failed, setFailed] = useState(false);
  useEffect(() => void canMakePasskey().then((can) => setWay(can ? 'choose' : 'app')), []);
  const done = () => loadSession().catch(() => setFailed(true));
  if (way === 'asking') return <Loading />;
  if (way === 'choose') return <Choose onApp={() => setWay('app')} />;
  return (
    <>
      {failed && (
        <Notice tone="bad" urgent>
          {t().signin.busy}
        </Notice>
      )}
      <Enrolment lead={words().enrol.lead} onDone={() => void done()} />
    </>
  );
}
