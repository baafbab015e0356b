// 年間行事: a school year, its entries, and the form; the school's over the city's.
import { useMemo, useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatDays, schoolYear } from '../app/days';
import type { CalendarEntry, SchoolKind } from '../app/gives/settings';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { Select, TellLast } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { CalendarFile } from './calendar-file';
import { bodyOf, EntryForm, type EntryFields, fieldsOf, missingIn, NEW_ENTRY } from './entry-form';
import { Months } from './months';
import { Act, bad, good, useSettingsAct } from './parts';
import { GRADES, stateOf, stateOfSchool } from './school-days';
import { words } from './words';

async function load(school_id?: number): Promise<{ entries: CalendarEntry[]; kind?: SchoolKind }> {
  if (school_id === undefined) return { entries: (await request('GET /api/city/calendar')).rows };
  const [entries, schools] = await Promise.all([
    request('GET /api/schools/{school_id}/calendar', { path: { school_id } }),
    request('GET /api/schools'),
  ]);
  return { entries: entries.rows, kind: schools.rows.find((one) => one.id === school_id)?.kind as SchoolKind | undefined };
}

/** The entry in the form, and what was stored when it came in. */
interface Editing {
  id?: number;
  version: number;
  draft: EntryFields;
}

function useEntries(school_id: number | undefined, reload: () => void) {
  const { busy, told, run } = useSettingsAct(reload);
  const once = useRetryKey();
  const make = (fields: EntryFields) => {
    const body = { ...(school_id === undefined ? {} : { school_id }), ...bodyOf(fields) };
    return once(body, (key) => request('POST /api/calendar', { body, key }));
  };
  const remove = (entry: CalendarEntry) =>
    run(async () => {
      await request('DELETE /api/calendar/{entry_id}', { path: { entry_id: entry.id ?? 0 } });
      const undo = () => run(async () => (await make(fieldsOf(entry)), good(words().restored)));
      return { ...good(words().removed(entry.label)), action: { text: words().undo, run: undo } };
    });
  return { busy, told, run, make, remove };
}

interface ListProps {
  entries: CalendarEntry[];
  school_id?: number;
  acts: ReturnType<typeof useEntries>;
  onEdit: (entry: CalendarEntry) => void;
}

function EntryList({ entries, school_id, acts, onEdit }: ListProps) {
  const text = words().calendar;
  return (
    <section class="panel" aria-labelledby="entries-title">
      <h2 id="entries-title">{text.list}</h2>
      {entries.length === 0 && <p class="empty">{text.listEmpty}</p>}
      <ul class="entries">
        {entries.map((one) => {
          const mine = one.id !== null && (school_id === undefined || Boolean(one.school_id));
          const whom = [one.school_kind && text.schoolKind[one.school_kind], one.grades?.map(text.grade).join('・')].filter(Boolean).join(' ');
          const what = one.kind === 'national' ? text.national : text.kind[one.kind];
          return (
            <li key={one.id ?? one.first_day}>
              <span class="digits">{formatDays(one.first_day, one.last_day)}</span>
              <b>{one.label}</b>
              <span class="sub">{[what, whom, school_id !== undefined && !one.school_id && one.id !== null && words().city].filter(Boolean).join('　')}</span>
              {mine && (
                <span class="row push">
                  <Act text={words().edit} of={words().editOf(one.label)} busy={acts.busy} onClick={() => onEdit(one)} />
                  <Act text={words().remove} of={words().removeOf(one.label)} busy={acts.busy} onClick={() => acts.remove(one)} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A first press begins, a second on a later day makes it a period. */
function pressed(draft: EntryFields, day: string): Partial<EntryFields> {
  const open = draft.first_day && (!draft.last_day || draft.last_day === draft.first_day);
  return open && day > draft.first_day ? { last_day: day } : { first_day: day, last_day: day };
}

const NEW: Editing = { version: 0, draft: NEW_ENTRY };

export function Calendar({ school_id }: { school_id?: number }) {
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  const [year, setYear] = useState(schoolYear(today.value));
  const [shown, setShown] = useState({ kind: '' as SchoolKind | '', grade: 0 });
  const [editing, setEditing] = useState<Editing>(NEW);
  const acts = useEntries(school_id, retry);
  const kind = data?.kind ?? (shown.kind || undefined);
  const grades = kind ? GRADES[kind] : 6;
  const state = useMemo(
    () => (day: string) => (shown.grade ? stateOf(data?.entries ?? [], day, shown.grade, kind) : stateOfSchool(data?.entries ?? [], day, grades, kind)),
    [data, shown, kind, grades],
  );
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  const text = words().calendar;
  const [first, last] = [`${year}-04-01`, `${year + 1}-03-31`];
  const current = data.entries.find((one) => one.id !== null && one.id === editing.id);
  const theirs = current && current.version !== editing.version ? fieldsOf(current) : undefined;
  const change = (part: Partial<EntryFields>) => setEditing((now) => ({ ...now, draft: { ...now.draft, ...part } }));
  const edit = (one: CalendarEntry) => setEditing({ id: one.id ?? undefined, version: one.version ?? 0, draft: fieldsOf(one) });
  const save = () =>
    acts.run(async () => {
      const missing = missingIn(editing.draft);
      if (missing) return bad(missing);
      if (editing.id) {
        const body = { version: current?.version ?? editing.version, ...bodyOf(editing.draft) };
        await request('PUT /api/calendar/{entry_id}', { path: { entry_id: editing.id }, body });
      } else await acts.make(editing.draft);
      setEditing(NEW);
      return good(words().saved);
    });
  const gradeOptions = [[0, text.wholeSchool] as const, ...Array.from({ length: grades }, (_, i) => [i + 1, text.grade(i + 1)] as const)];
  return (
    <>
      <p>{text.lead}</p>
      <TellLast told={acts.told} />
      <div class="calendar">
        <div class="stack calendar-side">
          <EntryForm
            key={editing.id ?? 0}
            draft={editing.draft}
            change={change}
            theirs={theirs}
            onTake={() => current && edit(current)}
            isNew={!editing.id}
            city={school_id === undefined}
            grades={school_id === undefined && editing.draft.school_kind ? GRADES[editing.draft.school_kind] : grades}
            busy={acts.busy}
            onSave={save}
            onClose={editing.id ? () => setEditing(NEW) : undefined}
          />
        </div>
        <div class="stack">
          <div class="tools">
            <button type="button" class="button small" onClick={() => setYear(year - 1)}>
              {text.before}
            </button>
            <h2 aria-live="polite">{text.year(year)}</h2>
            <button type="button" class="button small" onClick={() => setYear(year + 1)}>
              {text.after}
            </button>
            {school_id === undefined && (
              <Select
                label={text.forKind}
                value={shown.kind}
                options={[['', text.anyKind], ...(Object.entries(text.schoolKind) as [SchoolKind, string][])]}
                onChange={(one) => setShown({ kind: one as SchoolKind | '', grade: 0 })}
              />
            )}
            <Select
              label={text.view}
              value={String(shown.grade)}
              options={gradeOptions.map(([value, name]) => [String(value), name] as const)}
              onChange={(one) => setShown({ ...shown, grade: Number(one) })}
            />
          </div>
          <Months year={year} stateOf={state} chosen={editing.draft} onChoose={(day) => change(pressed(editing.draft, day))} />
          <CalendarFile key={year} school_id={school_id} year={year} reload={retry} />
          <EntryList entries={data.entries.filter((one) => one.first_day <= last && one.last_day >= first)} school_id={school_id} acts={acts} onEdit={edit} />
        </div>
      </div>
    </>
  );
}
