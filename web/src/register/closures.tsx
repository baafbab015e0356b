// Closures of a school: what is to come, a new one, and those that are over.
import '../staff/staff.css';
import '../manage/manage.css';
import './register.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatDays } from '../app/days';
import { explain } from '../app/explain';
import type { Cause, Closure } from '../app/gives/register';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { useSteadyKey } from '../app/steady-key';
import { today } from '../app/store';
import { Field, Select, TellLast, useAct } from '../manage/parts';
import { SureButton } from '../manage/sure';
import { className, loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { words } from './words';

interface Loaded {
  classes: SchoolClass[];
  closures: Closure[];
}

async function load(school_id: number): Promise<Loaded> {
  const [classes, { rows }] = await Promise.all([loadClasses(), request('GET /api/schools/{school_id}/closures', { path: { school_id } })]);
  return { classes: classes.filter((one) => one.school_id === school_id), closures: rows };
}

function scopeText(of: Pick<Closure, 'class_id' | 'grade'>, classes: SchoolClass[]): string {
  const say = words().closures;
  const one = classes.find((each) => each.id === of.class_id);
  if (one) return className(one);
  return of.grade ? say.grade(of.grade) : say.whole;
}

function scopeOf(choice: string): { class_id?: number; grade?: number } {
  const [kind, id] = choice.split(':');
  return kind === 'class' ? { class_id: Number(id) } : kind === 'grade' ? { grade: Number(id) } : {};
}

function NewClosure({ school_id, classes, onMade }: { school_id: number; classes: SchoolClass[]; onMade: () => void }) {
  const say = words().closures;
  const firstClass = classes[0];
  const [scope, setScope] = useState(firstClass ? `class:${firstClass.id}` : '');
  const [first, setFirst] = useState(today.value);
  const [last, setLast] = useState(today.value);
  const [cause, setCause] = useState<Cause>('influenza');
  const [note, setNote] = useState('');
  const { busy, told, act } = useAct(explain);
  const keyOf = useSteadyKey();
  const grades = [...new Set(classes.map((one) => one.grade))].sort((a, b) => a - b);
  const body = { ...scopeOf(scope), first_day: first, last_day: last, cause, ...(note.trim() && { note: note.trim() }) };
  const make = () =>
    act(async () => {
      await request('POST /api/schools/{school_id}/closures', { path: { school_id }, body, key: keyOf(body) });
      setNote('');
      onMade();
      return { tone: 'good', text: say.made };
    });
  return (
    <section class="panel closure-new" aria-labelledby="closure-new">
      <h2 id="closure-new">{say.new}</h2>
      <TellLast told={told} />
      <div class="closure-fields">
        <Select
          label={say.scope}
          value={scope}
          options={[
            ...classes.map((one) => [`class:${one.id}`, className(one)] as const),
            ...grades.map((grade) => [`grade:${grade}`, say.grade(grade)] as const),
            ['', say.whole] as const,
          ]}
          onChange={setScope}
        />
        <Field
          label={say.first}
          type="date"
          value={first}
          onInput={(value) => {
            setFirst(value);
            if (last < value) setLast(value);
          }}
        />
        <Field label={say.last} type="date" value={last} min={first} onInput={setLast} />
        <Select label={say.cause} value={cause} options={Object.entries(say.causes)} onChange={(value) => setCause(value as Cause)} />
      </div>
      <label class="field">
        <span>{say.note}</span>
        <textarea rows={2} maxLength={500} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <SureButton
        button={say.submit}
        title={say.new}
        lead={say.sure(scopeText({ class_id: body.class_id ?? null, grade: body.grade ?? null }, classes), formatDays(first, last))}
        keep={say.keep}
        disabled={busy || !first || !last}
        onSure={() => void make()}
        calm
      />
    </section>
  );
}

function OneClosure({ of, classes, onChanged }: { of: Closure; classes: SchoolClass[]; onChanged: () => void }) {
  const say = words().closures;
  const [last, setLast] = useState(of.last_day);
  const { busy, told, act } = useAct(explain);
  const { id, version, first_day, cause } = of;
  const body = { version, first_day, cause, ...(of.note && { note: of.note }) };
  const change = (last_day: string, ended: boolean, text: string) =>
    act(async () => {
      await request('PUT /api/closures/{id}', { path: { id }, body: { ...body, last_day, ...(ended && { ended }) } });
      onChanged();
      return { tone: 'good', text };
    });
  const who = scopeText(of, classes);
  return (
    <li class="closure" data-closure={id}>
      <b>{who}</b>
      <span class="digits">{formatDays(first_day, of.last_day)}</span>
      <span>{say.causes[cause]}</span>
      {of.note && <span class="sub">{of.note}</span>}
      <span class="closure-act">
        <Field label={say.last} type="date" value={last} min={first_day} onInput={setLast} />
        <button type="button" class="button small" disabled={busy || last === of.last_day || !last} onClick={() => void change(last, false, say.changed)}>
          {say.shorten}
        </button>
        <SureButton
          button={say.takeBack}
          title={say.takeBackTitle}
          lead={say.takeBackLead}
          keep={say.keep}
          disabled={busy}
          label={`${who} ${say.takeBack}`}
          onSure={() => void change(of.last_day, true, say.takenBack)}
        />
      </span>
      <TellLast told={told} />
    </li>
  );
}

function Closures({ school_id, classes, closures, reload }: Loaded & { school_id: number; reload: () => void }) {
  const say = words().closures;
  const heading = usePageTitle(say.title);
  const standing = closures.filter((one) => !one.ended_at);
  const coming = standing.filter((one) => one.last_day >= today.value);
  const past = standing.filter((one) => one.last_day < today.value);
  return (
    <div class="page closures-page">
      <div class="staff-head">
        <PageTop back={`/school/${school_id}`} text={say.back} heading={heading} />
      </div>
      <p class="sub">{say.lead}</p>
      {coming.length === 0 && <p class="empty panel">{say.none}</p>}
      <ul class="closures">
        {coming.map((one) => (
          <OneClosure key={`${one.id} ${one.version}`} of={one} classes={classes} onChanged={reload} />
        ))}
      </ul>
      <NewClosure school_id={school_id} classes={classes} onMade={reload} />
      {past.length > 0 && (
        <section>
          <h2>{say.past}</h2>
          <ul class="closures">
            {past.map((one) => (
              <li key={one.id} class="closure">
                <b>{scopeText(one, classes)}</b>
                <span class="digits">{formatDays(one.first_day, one.last_day)}</span>
                <span>{say.causes[one.cause]}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

export function ClosuresScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={8} />;
  return <Closures school_id={school_id} {...data} reload={retry} />;
}
