import './registrants.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { download, request } from '../app/api';
import type { ClassRegistration, Registrant, RegistrantGuardian, Rights } from '../app/gives/registrants';
import { useResource } from '../app/resource';
import { place, setQuery } from '../app/router';
import { mayManage } from '../manage/area';
import { explainTo } from '../manage/explain';
import { Manage } from '../manage/frame';
import { Figure, Select, TellLast, useAct, type Told } from '../manage/parts';
import { words as shared } from '../manage/words';
import { className } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { fullName } from '../ui/name';
import { ClassCells } from './class-cells';
import { RegistrantList } from './list';
import { changeRights } from './rights';
import { type Asked, askedFrom, bodyOf, useRegistrants } from './search';
import { words } from './words';

function Totals({ classes }: { classes: ClassRegistration[] }) {
  const sum = (of: keyof ClassRegistration) => classes.reduce((n, one) => n + Number(one[of]), 0);
  const [children, registered, mail] = [sum('children'), sum('registered'), sum('mail_problems')];
  return (
    <dl class="totals">
      <Figure label={words().total}>{children}</Figure>
      <Figure label={words().registered}>
        {registered} <small>{words().percent(registered, children)}</small>
      </Figure>
      <Figure label={words().missing} tone={children > registered ? 'some open' : ''}>
        {children - registered}
      </Figure>
      <Figure label={words().mailProblems} tone={mail > 0 ? 'some absent' : ''}>
        {mail}
      </Figure>
    </dl>
  );
}

interface ToolsProps {
  asked: Asked;
  typed: string;
  onType: (text: string) => void;
  count?: number;
  children: ComponentChildren;
}

function Tools({ asked, typed, onType, count, children }: ToolsProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog');
      if (event.key !== '/' || typing) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="tools" role="search">
      <label class="field search-field">
        <span>
          {words().search} <kbd>/</kbd>
        </span>
        <input ref={input} type="search" autocomplete="off" value={typed} onInput={(event) => onType(event.currentTarget.value)} aria-keyshortcuts="/" />
      </label>
      <Select
        label={words().state}
        value={asked.state ?? ''}
        options={Object.entries(words().states)}
        onChange={(state) => setQuery({ state })}
      />
      <span class="tools-count digits" role="status">
        {count !== undefined && words().shown(count)}
      </span>
      {children}
    </div>
  );
}

function LetterLink({ school_id, classes, class_id }: { school_id: number; classes: ClassRegistration[]; class_id?: number }) {
  const missing = classes.filter((one) => !class_id || one.class_id === class_id).reduce((n, one) => n + one.children - one.registered, 0);
  return (
    <a class="button primary" href={`/school/${school_id}/letters${class_id ? `?class=${class_id}` : ''}`}>
      {missing > 0 ? words().letters(missing) : words().lettersAll}
    </a>
  );
}

interface FilesProps {
  school_id: number;
  asked: Asked;
  name: string;
  busy: boolean;
  act: (work: () => Promise<void>) => Promise<void>;
}

/** What the list shows, as a file. */
function Files({ school_id, asked, name, busy, act }: FilesProps) {
  const receive = (format: string) =>
    act(() => download('POST /api/schools/{school_id}/registrants/list', { path: { school_id }, query: { format }, body: bodyOf(asked) }));
  return (
    <div class="row" role="group" aria-label={words().files(name)}>
      {Object.entries(words().fileFormats).map(([format, text]) => (
        <button key={format} type="button" class="button small" disabled={busy} onClick={() => void receive(format)} aria-label={words().fileOf(name, text)}>
          {text}
        </button>
      ))}
    </div>
  );
}

/** Puts a guardian's new rights into the rows that are on the screen. */
function withRights(rows: Registrant[], student_id: number, account_id: number, rights: Rights): Registrant[] {
  const changed = (one: RegistrantGuardian) => (one.account_id === account_id ? { ...one, rights } : one);
  return rows.map((row) => (row.student_id === student_id ? { ...row, guardians: row.guardians.map(changed) } : row));
}

function Registrants({ school_id, classes }: { school_id: number; classes: ClassRegistration[] }) {
  const [typed, setTyped] = useState('');
  const asked = askedFrom(place.value.query, typed);
  const { rows, setRows, error, reload } = useRegistrants(school_id, asked);
  const { busy, told, act } = useAct((reason) => explainTo(words().problem, reason));
  const change = (child: Registrant, guardian: RegistrantGuardian, rights: Rights, back = false) =>
    act(async (): Promise<Told> => {
      const done = await changeRights(child.student_id, guardian.account_id, rights);
      if (!done) return { tone: 'bad', text: words().problem.not_found ?? '' };
      setRows((now) => now && withRights(now, child.student_id, guardian.account_id, rights));
      if (back) return { tone: 'good', text: shared().undone };
      const { rights: names } = words();
      return {
        tone: 'good',
        text: words().rightsChanged(fullName(guardian), names[guardian.rights], names[rights]),
        action: { text: shared().undo, run: () => void change(child, { ...guardian, rights }, guardian.rights, true) },
      };
    });
  const chosen = classes.find((one) => one.class_id === asked.class_id);
  const chosenName = chosen ? className({ grade: chosen.grade, name: chosen.class_name }) : words().allClasses;
  const shownName = asked.q || asked.state ? words().narrowed(chosenName) : chosenName;
  return (
    <Manage
      school_id={school_id}
      tab="registrants"
      beside={
        <>
          <Totals classes={classes} />
          {mayManage(school_id) && (
            <div class="row push">
              <a class="button" href={`/school/${school_id}/students/new${asked.class_id ? `?class=${asked.class_id}` : ''}`}>
                {words().addChild}
              </a>
              {chosen && (
                <a class="button" href={`/school/${school_id}/classes/${chosen.class_id}`}>
                  {words().editClass}
                </a>
              )}
              <LetterLink school_id={school_id} classes={classes} class_id={asked.class_id} />
            </div>
          )}
        </>
      }
    >
      <div class="registrants-body">
        <ClassCells classes={classes} chosen={asked.class_id} />
        <section class="registrants-side" aria-label={chosenName}>
          <Tools asked={asked} typed={typed} onType={setTyped} count={rows?.length}>
            <Files school_id={school_id} asked={asked} name={shownName} busy={busy} act={act} />
          </Tools>
          <TellLast told={told} />
          {error !== undefined && !rows ? (
            <FailurePage error={error} retry={reload} />
          ) : rows ? (
            <RegistrantList
              key={`${asked.class_id} ${asked.state}`}
              rows={rows}
              school_id={school_id}
              manages={mayManage(school_id)}
              busy={busy}
              onRights={change}
            />
          ) : (
            <Loading lines={8} />
          )}
        </section>
      </div>
    </Manage>
  );
}

export function RegistrantsScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const load = async () => (await request('GET /api/schools/{school_id}/registrants', { path: { school_id } })).rows;
  const { data, error, retry } = useResource(load, [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <Registrants school_id={school_id} classes={data} />;
}
