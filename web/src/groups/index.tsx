// グループ: whom a school writes to together, whatever class they are in.
import './groups.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { Group, Purpose } from '../app/gives/groups';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { explainTo } from '../manage/explain';
import { Manage } from '../manage/frame';
import { Field, Select, TellLast, type Told, useAct } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { SureButton } from '../manage/sure';
import { loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Members } from './members';
import { words } from './words';

interface Loaded {
  groups: Group[];
  classes: SchoolClass[];
}

async function load(school_id: number): Promise<Loaded> {
  const [{ rows }, classes] = await Promise.all([request('GET /api/schools/{school_id}/groups', { path: { school_id } }), loadClasses(school_id)]);
  return { groups: rows, classes: classes.filter((one) => one.school_id === school_id) };
}

const purposeOptions = () => Object.entries(words().purposes);

interface FormProps {
  title: string;
  submit: string;
  stored?: Group;
  busy: boolean;
  onSave: (name: string, purpose: Purpose) => void;
}

function GroupForm({ title, submit, stored, busy, onSave }: FormProps) {
  const [name, setName] = useState(stored?.name ?? '');
  const [purpose, setPurpose] = useState<Purpose>(stored?.purpose ?? 'club');
  return (
    <form
      class="panel stack"
      aria-label={title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSave(name.trim(), purpose);
      }}
    >
      <h2>{title}</h2>
      <Field label={words().name} value={name} onInput={setName} maxLength={60} />
      <Select label={words().purpose} value={purpose} options={purposeOptions()} onChange={(value) => setPurpose(value as Purpose)} />
      <button class="button primary" disabled={busy}>
        {submit}
      </button>
    </form>
  );
}

function GroupLine({ group, onOpen }: { group: Group; onOpen: () => void }) {
  return (
    <li class="panel group-line" data-group={group.id}>
      <b>{group.name}</b> <span class="sub">{words().purposes[group.purpose]}</span> <span class="digits">{words().members(group.members)}</span>
      <button type="button" class="button small" aria-label={words().openOf(group.name)} onClick={onOpen}>
        {words().open}
      </button>
    </li>
  );
}

function useGroups(reload: () => Promise<void>) {
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const run = (work: () => Promise<Told>) =>
    void act(async () => {
      const done = await work();
      await reload();
      return done;
    });
  return { busy, told, run };
}

function OpenGroup({ group, classes, acts, onClose }: { group: Group; classes: SchoolClass[]; acts: ReturnType<typeof useGroups>; onClose: () => void }) {
  const text = words();
  const { busy, run } = acts;
  const put = (name: string, purpose: Purpose, ended: boolean) =>
    request('PUT /api/groups/{id}', { path: { id: group.id }, body: { version: group.version, name, purpose, ...(ended ? { ended } : {}) } });
  const save = (name: string, purpose: Purpose) =>
    run(async () => {
      if (!name) return { tone: 'bad', text: text.nameMissing };
      await put(name, purpose, false);
      return { tone: 'good', text: text.saved };
    });
  const end = () =>
    run(async () => {
      await put(group.name, group.purpose, true);
      onClose();
      return { tone: 'good', text: text.ended(group.name) };
    });
  return (
    <>
      <div class="row">
        <button type="button" class="button" onClick={onClose}>
          {text.close}
        </button>
        <h2>{group.name}</h2>
        {group.may_change && <SureButton quiet button={text.end} label={text.endOf(group.name)} title={text.endSure} lead={text.endLead(group.name)} keep={text.keep} disabled={busy} onSure={end} />}
      </div>
      {!group.may_change && <p class="sub">{text.readOnly}</p>}
      <div class="two-columns">
        <div class="panel stack">
          <Members group={group} classes={classes} busy={busy} run={run} />
        </div>
        {group.may_change && <GroupForm key={group.version} title={text.change} submit={text.save} stored={group} busy={busy} onSave={save} />}
      </div>
    </>
  );
}

function Groups({ school_id, groups, classes, reload }: Loaded & { school_id: number; reload: () => Promise<void> }) {
  const acts = useGroups(reload);
  const once = useRetryKey();
  const [opened, setOpened] = useState<number>();
  const [turn, setTurn] = useState(0);
  const text = words();
  const group = groups.find((one) => one.id === opened);
  const make = (name: string, purpose: Purpose) =>
    acts.run(async () => {
      if (!name) return { tone: 'bad', text: text.nameMissing };
      const body = { school_id, name, purpose, holds: 'students' as const };
      const { id } = await once(body, (key) => request('POST /api/groups', { body, key }));
      setOpened(id);
      setTurn((n) => n + 1);
      return { tone: 'good', text: text.made(name) };
    });
  return (
    <Manage school_id={school_id} tab="groups">
      <TellLast told={acts.told} />
      {group ? (
        <OpenGroup key={group.id} group={group} classes={classes} acts={acts} onClose={() => setOpened(undefined)} />
      ) : (
        <>
          <p>{text.lead}</p>
          <div class="two-columns">
            <ul class="stack" aria-label={text.list}>
              {groups.length === 0 && <li class="empty">{text.empty}</li>}
              {groups.map((one) => (
                <GroupLine key={one.id} group={one} onOpen={() => setOpened(one.id)} />
              ))}
            </ul>
            <GroupForm key={turn} title={text.add} submit={text.add} busy={acts.busy} onSave={make} />
          </div>
        </>
      )}
    </Manage>
  );
}

export function GroupsScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={8} />;
  return <Groups key={school_id} school_id={school_id} {...data} reload={retry} />;
}
