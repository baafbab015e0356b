// Asked before it is changed how somebody signs in: the password or a passkey once more. Whoever holds an unlocked telephone has neither.
import '../person/person.css';
import './signin.css';
import type { RefObject } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { featureWords } from '../app/i18n';
import type { Factors } from '../app/nouns';
import { isCancelled, TurnedAway } from '../app/problem';
import { proof } from '../app/words/ja/proof';
import { troubleOf, useForm } from '../person/form';
import { OwnPassword } from '../person/new-password';
import { words as personWords } from '../person/words';
import { Notice } from '../ui/notice';
import { overlay } from '../ui/overlay';
import { canShowPasskey, proveByPasskey } from './passkey';

const words = featureWords('proof', proof);

function Problem({ text }: { text?: string }) {
  if (!text) return null;
  return (
    <Notice tone="bad" urgent>
      {text}
    </Notice>
  );
}

function ByPassword({ onProved }: { onProved: () => void }) {
  const [password, setPassword] = useState('');
  const check = () => ({ current_password: password ? '' : personWords().password.empty });
  const form = useForm(check, async () => {
    await request('POST /api/session/proof', { body: { password } });
    onProved();
  });
  const w = words();
  return (
    <form ref={form.ref as RefObject<HTMLFormElement>} onSubmit={form.submit} onInput={form.edited} noValidate>
      <OwnPassword label={w.password} value={password} onValue={setPassword} error={form.trouble.errors.current_password} />
      <Problem text={form.trouble.problem} />
      <button class="button primary wide" disabled={form.sending}>
        {form.sending ? w.sending : w.submit}
      </button>
    </form>
  );
}

function ByPasskey({ primary, onProved }: { primary: boolean; onProved: () => void }) {
  const [problem, setProblem] = useState<string>();
  const w = words();
  const ask = async () => {
    setProblem(undefined);
    try {
      await proveByPasskey();
      onProved();
    } catch (error) {
      if (!isCancelled(error)) setProblem(isProblem(error, 'passkey_refused') ? w.refused : troubleOf(error).problem);
    }
  };
  return (
    <>
      <Problem text={problem} />
      <button type="button" class={`button wide ${primary ? 'primary' : ''}`} onClick={() => void ask()}>
        {w.passkey}
      </button>
    </>
  );
}

function Proof({ of, onProved, onCancel }: { of: Factors; onProved: () => void; onCancel: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const settle = useRef(onCancel);
  const title = useId();
  const w = words();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  // Closed first: that gives the focus back to where it was.
  const proved = () => {
    settle.current = onProved;
    dialog.current?.close();
  };
  const passkey = of.passkeys > 0 && canShowPasskey();
  const can = of.password || passkey;
  return (
    <dialog ref={dialog} class="dialog proof" aria-labelledby={title} onClose={() => settle.current()}>
      <h2 id={title}>{w.title}</h2>
      <p>{can ? w.lead : w.neither}</p>
      {of.password && <ByPassword onProved={proved} />}
      {of.password && passkey && <p class="or">{w.or}</p>}
      {passkey && <ByPasskey primary={!of.password} onProved={proved} />}
      <button type="button" class="button wide" onClick={() => dialog.current?.close()}>
        {can ? w.cancel : w.close}
      </button>
    </dialog>
  );
}

/** Resolves when the server knows; rejects with TurnedAway when the person doesn't want to. */
export async function askProof(): Promise<void> {
  const of = await request('GET /api/factors');
  const proved = await new Promise<boolean>((resolve) => {
    overlay.value = <Proof of={of} onProved={() => resolve(true)} onCancel={() => resolve(false)} />;
  });
  overlay.value = null;
  if (!proved) throw new TurnedAway();
}
