// The authenticator app and the recovery codes of one's own account.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatDay } from '../app/days';
import type { Factors } from '../app/nouns';
import { isProblem } from '../app/api';
import { isCancelled } from '../app/problem';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { Confirm } from './confirm';
import { words } from './security-words';

function useAct() {
  const [problem, setProblem] = useState('');
  const act = async (work: () => Promise<void>) => {
    setProblem('');
    try {
      await work();
    } catch (error) {
      if (isCancelled(error)) return;
      const w = words();
      setProblem(isProblem(error, 'last_factor') ? w.app.required : isProblem(error, 'prove_first') ? w.app.first : w.failed);
    }
  };
  return { problem, act };
}

export function AppFactor({ of, onAdd, onChange }: { of: Factors; onAdd: () => void; onChange: () => void }) {
  const { problem, act } = useAct();
  const w = words().app;
  const remove = () =>
    act(async () => {
      await request('DELETE /api/factors/totp');
      announce(w.removed);
      onChange();
    });
  return (
    <section class="card" aria-labelledby="app-title">
      <h2 id="app-title">{w.title}</h2>
      {problem && (
        <Notice tone="bad" urgent>
          {problem}
        </Notice>
      )}
      <p>{of.totp_since ? w.since(formatDay(of.totp_since.slice(0, 10))) : w.none}</p>
      <div class="row">
        <button type="button" class="button" onClick={onAdd}>
          {of.totp ? w.change : w.add}
        </button>
        {of.totp && !(of.required && of.passkeys === 0) && (
          <Confirm text={w.remove} lead={w.removeLead} danger onConfirm={() => void remove()} />
        )}
      </div>
      {of.totp && of.required && of.passkeys === 0 && <p class="sub">{w.required}</p>}
    </section>
  );
}

export function Recovery({ of, onCodes }: { of: Factors; onCodes: (codes: string[]) => void }) {
  const { problem, act } = useAct();
  const w = words().recovery;
  if (!of.totp) return null;
  const renew = () => act(async () => onCodes((await request('POST /api/factors/recovery-codes')).recovery_codes));
  return (
    <section class="card" aria-labelledby="recovery-title">
      <h2 id="recovery-title">{w.title}</h2>
      {problem && (
        <Notice tone="bad" urgent>
          {problem}
        </Notice>
      )}
      <p>{w.left(of.recovery_codes)}</p>
      <div class="row">
        <Confirm text={w.renew} lead={w.renewLead} go={w.confirm} onConfirm={() => void renew()} />
      </div>
    </section>
  );
}
