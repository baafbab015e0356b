// /account/notifications: what somebody is told, and where.
import './security.css';
import './notifications.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatInstant } from '../app/days';
import type { MailChoice, PushDevice, Topic } from '../app/gives/notifications';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { OfflineNotice } from '../person/step';
import { announce } from '../ui/announcer';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { ACCOUNT } from './load';
import { words } from './notification-words';
import { ThisDevice, Try } from './notify-device';

const MAILS: MailChoice[] = ['always', 'else', 'never'];

function Choice({ of, onChoose }: { of: Topic; onChoose: (to: Topic) => void }) {
  const w = words().topics;
  const [name, lead] = w.names[of.topic] ?? [of.topic, ''];
  return (
    <li class="topic">
      <div>
        <h3>{name}</h3>
        <p class="sub">{lead}</p>
      </div>
      {of.choosable ? (
        <div class="topic-ways">
          <label class="check">
            <input type="checkbox" checked={of.push} aria-label={w.pushOf(name)} onChange={(event) => onChoose({ ...of, push: event.currentTarget.checked })} />
            <span>{w.push}</span>
          </label>
          <label class="topic-mail">
            <span>{w.mail}</span>
            <select value={of.mail} aria-label={w.mailOf(name)} onChange={(event) => onChoose({ ...of, mail: event.currentTarget.value as MailChoice })}>
              {MAILS.map((mail) => (
                <option key={mail} value={mail}>
                  {w.choices[mail]}
                </option>
              ))}
            </select>
          </label>
        </div>
      ) : (
        <p class="mark plain">{w.always}</p>
      )}
    </li>
  );
}

function Topics() {
  const { data, error, retry } = useResource(() => request('GET /api/account/notifications/topics').then(({ rows }) => rows), []);
  const [chosen, setChosen] = useState<Record<string, Topic>>({});
  const [trouble, setTrouble] = useState('');
  const w = words().topics;
  const choose = async (to: Topic) => {
    const before = chosen[to.topic];
    setTrouble('');
    setChosen((all) => ({ ...all, [to.topic]: to }));
    try {
      await request('PUT /api/account/notifications/topics', { body: { topic: to.topic, push: to.push, mail: to.mail } });
      announce(w.saved(w.names[to.topic]?.[0] ?? to.topic));
    } catch {
      setChosen((all) => {
        const { [to.topic]: _, ...rest } = all;
        return before ? { ...rest, [to.topic]: before } : rest;
      });
      setTrouble(words().failed);
    }
  };
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading />;
  if (data.length === 0) return null;
  return (
    <section class="card" aria-labelledby="topics-title">
      <h2 id="topics-title">{w.title}</h2>
      <p class="sub">{w.lead}</p>
      {trouble && (
        <Notice tone="bad" urgent>
          {trouble}
        </Notice>
      )}
      <ul class="topics">
        {data.map((topic) => (
          <Choice key={topic.topic} of={chosen[topic.topic] ?? topic} onChoose={(to) => void choose(to)} />
        ))}
      </ul>
    </section>
  );
}

function Device({ of, onRemove }: { of: PushDevice; onRemove: (name: string) => void }) {
  const w = words().devices;
  const name = w.name(of.system, of.browser);
  return (
    <li class="device">
      <div>
        <strong>{name}</strong> {of.is_this && <span class="mark">{w.this}</span>}
        <p class="sub">
          {w.since(formatInstant(of.made_at, today.value))}
          {of.delivered_at && `、${w.delivered(formatInstant(of.delivered_at, today.value))}`}
        </p>
      </div>
      {!of.is_this && (
        <button type="button" class="button" aria-label={w.removeOf(name)} onClick={() => onRemove(name)}>
          {w.remove}
        </button>
      )}
    </li>
  );
}

function Devices({ turn, onChange }: { turn: number; onChange: () => void }) {
  const { data } = useResource(() => request('GET /api/account/notifications/devices').then(({ rows }) => rows), [turn]);
  const [trouble, setTrouble] = useState('');
  const w = words().devices;
  const remove = async (id: number, name: string) => {
    setTrouble('');
    try {
      await request('DELETE /api/account/notifications/devices/{id}', { path: { id } });
      announce(w.removed(name));
      onChange();
    } catch {
      setTrouble(words().failed);
    }
  };
  if (!data || data.length === 0) return null;
  return (
    <section class="card" aria-labelledby="push-devices-title">
      <h2 id="push-devices-title">{w.title}</h2>
      {trouble && (
        <Notice tone="bad" urgent>
          {trouble}
        </Notice>
      )}
      <ul class="devices">
        {data.map((device) => (
          <Device key={device.id} of={device} onRemove={(name) => void remove(device.id, name)} />
        ))}
      </ul>
    </section>
  );
}

export function NotificationsScreen() {
  const [turn, setTurn] = useState(0);
  const { data, error, retry } = useResource(() => request('GET /api/account/notifications'), [turn]);
  const heading = usePageTitle(words().title);
  const changed = () => setTurn((now) => now + 1);
  if (error && !data) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow security">
      <PageTop back={ACCOUNT} text={words().back} heading={heading} />
      <OfflineNotice />
      {data ? (
        <>
          <ThisDevice of={data} onChange={changed} />
          <Try of={data} />
        </>
      ) : (
        <Loading />
      )}
      <Topics />
      <Devices turn={turn} onChange={changed} />
    </div>
  );
}
