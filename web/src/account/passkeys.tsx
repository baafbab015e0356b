// One's own passkeys: made on this device, named, removed.
import { useEffect, useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { formatInstant } from '../app/days';
import type { Passkey } from '../app/nouns';
import { isCancelled } from '../app/problem';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { canMakePasskey, isKnown, makePasskey } from '../signin/passkey';
import { deviceName } from '../signin/passkey-bytes';
import { announce } from '../ui/announcer';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { Confirm } from './confirm';
import { words } from './security-words';

function explain(error: unknown): string {
  const w = words().passkeys;
  if (isKnown(error)) return w.known;
  if (isProblem(error, 'last_way_in')) return w.lastWayIn;
  if (isProblem(error, 'last_factor')) return w.lastFactor;
  if (isProblem(error, 'prove_first')) return words().app.first;
  return isProblem(error, 'passkey_refused') ? w.refused : words().failed;
}

function Rename({ of, onName }: { of: Passkey; onName: (name: string) => void }) {
  const [name, setName] = useState(of.name);
  const w = words().passkeys;
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim()) onName(name.trim());
  };
  return (
    <form class="rename" onSubmit={submit}>
      <label class="field">
        <span>{w.name}</span>
        <input value={name} maxLength={60} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <button class="button primary">{w.save}</button>
    </form>
  );
}

function Entry({ of, act }: { of: Passkey; act: (work: () => Promise<string>) => Promise<void> }) {
  const [renaming, setRenaming] = useState(false);
  const w = words().passkeys;
  const rename = (name: string) =>
    act(async () => {
      await request('PUT /api/passkeys/{id}', { path: { id: of.id }, body: { name } });
      setRenaming(false);
      return w.renamed;
    });
  const remove = () =>
    act(async () => {
      await request('DELETE /api/passkeys/{id}', { path: { id: of.id } });
      return w.removed;
    });
  return (
    <li class="device">
      <div>
        <strong>{of.name}</strong>
        <p class="sub">{w.made(formatInstant(of.made_at, today.value))}</p>
        {of.last_used_at && <p class="sub">{w.used(formatInstant(of.last_used_at, today.value))}</p>}
        {of.backed_up && <p class="sub">{w.synced}</p>}
      </div>
      <div class="row">
        <button type="button" class="button" aria-label={w.renameOf(of.name)} aria-expanded={renaming} onClick={() => setRenaming(!renaming)}>
          {w.rename}
        </button>
        <Confirm text={w.remove} label={w.removeOf(of.name)} lead={w.removeLead} danger onConfirm={() => void remove()} />
      </div>
      {renaming && <Rename of={of} onName={(name) => void rename(name)} />}
    </li>
  );
}

export function Passkeys({ onChange }: { onChange: () => void }) {
  const { data, error, retry } = useResource(() => request('GET /api/passkeys').then((answer) => answer.rows), []);
  const [can, setCan] = useState(true);
  const [problem, setProblem] = useState('');
  const w = words().passkeys;
  useEffect(() => void canMakePasskey().then(setCan), []);
  const act = async (work: () => Promise<string>) => {
    setProblem('');
    try {
      announce(await work());
      retry();
      onChange();
    } catch (failure) {
      if (!isCancelled(failure)) setProblem(explain(failure));
    }
  };
  const add = () =>
    act(async () => {
      await makePasskey(w.device(deviceName()));
      return w.added;
    });
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading />;
  return (
    <section class="card" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{w.title}</h2>
      <p>{w.lead}</p>
      {problem && (
        <Notice tone="bad" urgent>
          {problem}
        </Notice>
      )}
      {data.length > 0 ? (
        <ul class="devices">
          {data.map((passkey) => (
            <Entry key={passkey.id} of={passkey} act={act} />
          ))}
        </ul>
      ) : (
        <p class="sub">{w.none}</p>
      )}
      {can ? (
        <button type="button" class="button" onClick={() => void add()}>
          {w.add}
        </button>
      ) : (
        <p class="sub">{w.cant}</p>
      )}
    </section>
  );
}
