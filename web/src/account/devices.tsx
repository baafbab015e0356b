// The devices that are signed in, and signing them out.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatInstant } from '../app/days';
import type { Device } from '../app/nouns';
import { today } from '../app/store';
import { useResource } from '../app/resource';
import { announce } from '../ui/announcer';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { words } from './security-words';

function Entry({ of, onEnd }: { of: Device; onEnd: () => void }) {
  const w = words().devices;
  const name = w.name(of.system, of.browser);
  return (
    <li class="device">
      <div>
        <strong>{name}</strong> {of.is_this && <span class="mark">{w.this}</span>} {of.shared && <span class="mark">{w.shared}</span>}
        <p class="sub">{w.since(formatInstant(of.created_at, today.value))}</p>
        {!of.is_this && <p class="sub">{w.seen(formatInstant(of.last_seen_at, today.value))}</p>}
      </div>
      {!of.is_this && (
        <button type="button" class="button" aria-label={w.endOf(name)} onClick={onEnd}>
          {w.end}
        </button>
      )}
    </li>
  );
}

export function Devices() {
  const { data, error, retry } = useResource(() => request('GET /api/sessions').then((answer) => answer.rows), []);
  const [problem, setProblem] = useState('');
  const w = words().devices;
  const act = async (work: () => Promise<string>) => {
    setProblem('');
    try {
      announce(await work());
      retry();
    } catch {
      setProblem(words().failed);
    }
  };
  const end = (device: Device) =>
    act(async () => {
      await request('DELETE /api/sessions/{id}', { path: { id: device.id } });
      return w.ended(w.name(device.system, device.browser));
    });
  const endOthers = () => act(async () => w.othersEnded((await request('DELETE /api/sessions')).ended));
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading />;
  return (
    <section class="card" aria-labelledby="devices-title">
      <h2 id="devices-title">{w.title}</h2>
      {problem && (
        <Notice tone="bad" urgent>
          {problem}
        </Notice>
      )}
      <ul class="devices">
        {data.map((device) => (
          <Entry key={device.id} of={device} onEnd={() => void end(device)} />
        ))}
      </ul>
      {data.length > 1 ? (
        <>
          <p class="sub">{w.strange}</p>
          <button type="button" class="button danger" onClick={() => void endOthers()}>
            {w.others}
          </button>
        </>
      ) : (
        <p class="sub">{w.alone}</p>
      )}
    </section>
  );
}
