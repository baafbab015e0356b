// Before there is a plan: where each elementary school's sixth grade goes, and the day.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { schoolYear } from '../app/days';
import type { NextSchool, RosterImport } from '../app/gives/roster';
import type { School } from '../app/nouns';
import { today } from '../app/store';
import { explainTo } from '../manage/explain';
import { Field, Select, TellLast, useAct, type Told } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { words } from './words';

const LONG_MS = 120_000;

export function NextSchools({ schools, onward }: { schools: School[]; onward: NextSchool[] }) {
  const [rows, setRows] = useState(onward);
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const targets = schools.filter((one) => one.kind === 'junior_high');
  const set = (of: NextSchool, id: number | undefined) =>
    act(async (): Promise<Told> => {
      await request('PUT /api/schools/{school_id}/next-school', { path: { school_id: of.school_id }, body: id ? { next_school_id: id } : {} });
      const name = targets.find((one) => one.id === id)?.name ?? null;
      setRows((now) => now.map((one) => (one.school_id === of.school_id ? { ...one, next_school_id: id ?? null, next_school_name: name } : one)));
      return { tone: 'good', text: words().nextSaved(of.school_name, name ?? words().undecided) };
    });
  return (
    <section class="panel" aria-labelledby="next-title">
      <h2 id="next-title">{words().nextSchools}</h2>
      <TellLast told={told} />
      <ul class="next-schools">
        {rows.map((one) => (
          <li key={one.school_id} class={one.next_school_id ? undefined : 'undecided'}>
            <span>{one.school_name}</span>
            <span class={busy ? 'stale' : undefined}>
              <Select
                quiet
                label={words().nextSchool(one.school_name)}
                value={String(one.next_school_id ?? '')}
                options={[['', words().undecided], ...targets.map((school): [string, string] => [String(school.id), school.name])]}
                onChange={(id) => void set(one, Number(id) || undefined)}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Prepare({ onMade }: { onMade: (made: RosterImport) => void }) {
  const year = schoolYear(today.value) + 1;
  const [on, setOn] = useState(`${year}-04-01`);
  const [readDays, setReadDays] = useState('30');
  const once = useRetryKey();
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const prepare = () =>
    act(async () => {
      const body = { on_day: on, read_days: Number(readDays) || 0 };
      onMade(await once(body, (key) => request('POST /api/roster/rollovers', { body, key, deadline: LONG_MS })));
    });
  return (
    <section class="panel" aria-labelledby="prepare-title">
      <h2 id="prepare-title">{words().title(year)}</h2>
      <p>{words().lead}</p>
      <ol class="rollover-steps">
        {words().steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div class="tools">
        <Field type="date" label={words().on} value={on} min={today.value} onInput={setOn} />
        <Field label={words().readDays} inputMode="numeric" value={readDays} onInput={setReadDays} />
      </div>
      <TellLast told={told} />
      <div class="row">
        <button type="button" class="button primary" disabled={busy || !on} onClick={() => void prepare()}>
          {busy ? words().preparing : words().prepare}
        </button>
      </div>
    </section>
  );
}
