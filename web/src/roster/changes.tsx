import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import type { ChangeCount, RosterChange, RosterImport } from '../app/gives/roster';
import { place, setQuery } from '../app/router';
import { words as shared } from '../manage/words';
import { className, loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Name } from '../ui/name';
import { type ClassNames, differences, groupOf, subject } from './change-text';
import { bySchool, countText, countsOf } from './sentence';
import { words } from './words';

const PAGE = 200;

/** Exchange classes are told by id: the schools that have such a change are asked what they are called. */
async function exchangeNames(rows: RosterChange[]): Promise<[number, string][]> {
  const schools = [...new Set(rows.filter((one) => one.kinds.includes('exchange')).map((one) => one.school_id))];
  const lists = await Promise.all(schools.map((id) => loadClasses(id).catch(() => [])));
  return lists.flat().map((one) => [one.id, className(one)]);
}

/** The plan's changes, page after page, for one kind and school. */
function useChanges(import_id: number, filter: { kind?: string; school_id?: number }) {
  const [rows, setRows] = useState<RosterChange[]>();
  const [names, setNames] = useState<ClassNames>(new Map());
  const [error, setError] = useState<unknown>();
  const [all, setAll] = useState(false);
  const load = async (before: RosterChange[]) => {
    const last = before.at(-1);
    const query = { ...(filter.kind ? { kind: filter.kind } : {}), ...(filter.school_id ? { school_id: filter.school_id } : {}), ...(last ? { after: last.id } : {}) };
    const answer = await request('GET /api/roster/imports/{import_id}/changes', { path: { import_id }, query });
    const known = await exchangeNames(answer.rows);
    setNames((now) => new Map([...now, ...known]));
    setRows([...before, ...answer.rows]);
    setAll(answer.rows.length < PAGE);
  };
  useEffect(() => {
    setRows(undefined);
    setError(undefined);
    load([]).catch(setError);
  }, [import_id, filter.kind, filter.school_id]);
  return { rows, names, error, all, more: () => void load(rows ?? []).catch(setError) };
}

function Change({ of, names }: { of: RosterChange; names: ClassNames }) {
  const who = subject(of);
  return (
    <tr data-change={of.id}>
      <th scope="row" class="change-who">
        {typeof who === 'string' ? who : <Name of={who} />}
      </th>
      <td>
        {of.kinds.map((kind) => (
          <span key={kind} class={`change-kind ${kind}`}>
            {words().kinds[kind] ?? kind}
          </span>
        ))}
        {of.matched_by && words().matched[of.matched_by] && <p class="sub">{words().matched[of.matched_by]}</p>}
      </td>
      <td>
        <ul class="differences">
          {differences(of, names).map((one) => (
            <li key={one.column}>
              <span class="sub">{one.column}</span> {one.before && <>{one.before} → </>}
              <b>{one.after}</b>
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

function Groups({ rows, names, schools }: { rows: RosterChange[]; names: ClassNames; schools: boolean }) {
  const groups = new Map<string, RosterChange[]>();
  for (const row of rows) {
    const title = [schools ? row.school_name : '', groupOf(row)].filter(Boolean).join(' ');
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return (
    <>
      {[...groups].map(([title, some]) => (
        <section key={title} class="change-group" aria-label={title || words().changes}>
          {title && <h3>{title}</h3>}
          <table class="list-table changes">
            <thead>
              <tr>
                <th scope="col">{words().who}</th>
                <th scope="col">{words().what}</th>
                <th scope="col">
                  {words().before} → {words().after}
                </th>
              </tr>
            </thead>
            <tbody>
              {some.map((one) => (
                <Change key={one.id} of={one} names={names} />
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}

/** Numbers by kind, each a filter. */
function Kinds({ of, chosen }: { of: RosterImport; chosen?: string }) {
  return (
    <div class="chips" role="group" aria-label={words().changes}>
      <button type="button" class="chip-button" aria-pressed={!chosen} onClick={() => setQuery({ kind: undefined })}>
        {words().all}
      </button>
      {countsOf(of).map(([kind, n]) => (
        <button key={kind} type="button" class="chip-button digits" aria-pressed={kind === chosen} onClick={() => setQuery({ kind })}>
          {countText(kind, n)}
        </button>
      ))}
    </div>
  );
}

/** A city's plan, school by school. */
export function Schools({ summary, chosen, all }: { summary: ChangeCount[]; chosen?: number; all?: boolean }) {
  return (
    <section class="panel" aria-labelledby="by-school">
      <h2 id="by-school">{words().bySchool}</h2>
      <ul class="school-counts">
        {all && (
          <li>
            <button type="button" class="school-count" aria-pressed={chosen === undefined} onClick={() => setQuery({ school: undefined })}>
              <b>{words().allSchools}</b>
            </button>
          </li>
        )}
        {bySchool(summary).map(({ id, name, text }) => (
          <li key={id}>
            <button type="button" class="school-count" aria-pressed={id === chosen} onClick={() => setQuery({ school: String(id) })}>
              <b>{name}</b> <span class="digits">{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Changes({ of, summary }: { of: RosterImport; summary: ChangeCount[] }) {
  const kind = place.value.query.get('kind') ?? undefined;
  const school_id = Number(place.value.query.get('school')) || undefined;
  const { rows, names, error, all, more } = useChanges(of.id, { kind, school_id });
  const city = of.school_id === null;
  if (countsOf(of).length === 0) return <p class="empty panel">{words().nothing}</p>;
  return (
    <div class={city ? 'changes-of-city' : undefined}>
      {city && <Schools all summary={summary} chosen={school_id} />}
      <section class="stack" aria-labelledby="changes-title">
        <h2 id="changes-title">{of.state === 'applied' ? words().changesDone : words().changes}</h2>
        <Kinds of={of} chosen={kind} />
        {error !== undefined && !rows ? <FailurePage error={error} /> : rows ? <Groups rows={rows} names={names} schools={city && !school_id} /> : <Loading lines={6} />}
        {rows && !all && (
          <button type="button" class="button wide" onClick={more}>
            {shared().moreRows}
          </button>
        )}
      </section>
    </div>
  );
}
