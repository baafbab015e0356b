// This device's notifications: on, off, or why they can't be.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { Notifications } from '../app/gives/notifications';
import { type PushState, pushState, switchOff, switchOn } from '../app/push';
import { useResource } from '../app/resource';
import { session } from '../app/session';
import { announce } from '../ui/announcer';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { words } from './notification-words';

function HomeScreen() {
  const w = words().device;
  return (
    <>
      <p>{w.homeScreen}</p>
      <ol class="steps-list">
        {w.homeScreenSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </>
  );
}

/** Why there is no button, where there is none. */
function WhyNot({ of, state }: { of: Notifications; state: PushState }) {
  const w = words().device;
  if (!of.push_key) return <p>{w.none}</p>;
  if (of.shared) return <p>{w.shared}</p>;
  if (state === 'home-screen') return <HomeScreen />;
  if (state === 'denied') return <Notice tone="warn">{w.denied}</Notice>;
  return <p>{w.unsupported}</p>;
}

function Switch({ of, state, onDone }: { of: Notifications & { push_key: string }; state: PushState; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const w = words().device;
  const on = state === 'on' && of.this_device !== null;
  const act = async (work: () => Promise<string>) => {
    setBusy(true);
    setTrouble('');
    try {
      announce(await work());
    } catch {
      setTrouble(words().failed);
    } finally {
      setBusy(false);
      onDone();
    }
  };
  const turnOn = () =>
    act(async () => {
      if (await switchOn(of.push_key, session.value?.account_id ?? 0)) return w.turnedOn;
      setTrouble(w.notGiven);
      return w.notGiven;
    });
  const turnOff = () => act(() => switchOff().then(() => w.turnedOff));
  return (
    <>
      <p class={on ? 'push-state on' : 'push-state'}>{on ? w.on : w.off}</p>
      {!on && <p class="sub">{w.lead}</p>}
      {trouble && (
        <Notice tone="bad" urgent>
          {trouble}
        </Notice>
      )}
      <button type="button" class={on ? 'button' : 'button primary'} disabled={busy} onClick={() => void (on ? turnOff() : turnOn())}>
        {busy ? w.turningOn : on ? w.turnOff : w.turnOn}
      </button>
    </>
  );
}

export function ThisDevice({ of, onChange }: { of: Notifications; onChange: () => void }) {
  const { data: state, retry } = useResource(pushState, [of.this_device]);
  const done = () => {
    retry();
    onChange();
  };
  return (
    <section class="card" aria-labelledby="this-device-title">
      <h2 id="this-device-title">{words().device.title}</h2>
      {!state ? (
        <Loading lines={2} />
      ) : of.push_key && !of.shared && (state === 'on' || state === 'off') ? (
        <Switch of={{ ...of, push_key: of.push_key }} state={state} onDone={done} />
      ) : (
        <WhyNot of={of} state={state} />
      )}
    </section>
  );
}

/** To the devices, or by mail: does it arrive? */
export function Try({ of }: { of: Notifications }) {
  const [told, setTold] = useState<{ tone: 'good' | 'warn' | 'bad'; text: string }>();
  const [busy, setBusy] = useState(false);
  const w = words().test;
  const send = async () => {
    setBusy(true);
    try {
      const { devices, mail } = await request('POST /api/account/notifications/test', { key: crypto.randomUUID() });
      setTold(devices ? { tone: 'good', text: w.devices(devices) } : mail ? { tone: 'good', text: w.mail } : { tone: 'warn', text: w.nowhere });
    } catch (error) {
      const tooMany = (error as { code?: string }).code === 'too_many';
      setTold({ tone: 'bad', text: tooMany ? w.tooMany : words().failed });
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="card">
      {of.devices === 0 && of.mail !== 'ok' && <Notice tone="warn">{words().mail.unreached}</Notice>}
      {of.mail !== 'ok' && (
        <p>
          {words().mail[of.mail]} <a href="/account/mail">{words().mail.change}</a>
        </p>
      )}
      {told && (
        <Notice tone={told.tone} urgent>
          {told.text}
        </Notice>
      )}
      <button type="button" class="button" disabled={busy} onClick={() => void send()}>
        {busy ? w.sending : w.button}
      </button>
    </section>
  );
}
