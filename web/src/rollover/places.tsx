// One school's next year: the classes with their numbers, who is in them, and single corrections.
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import type { NextClass, Place, RosterImport } from '../app/gives/roster';
import { explainTo } from '../manage/explain';
import { Field, Select, TellLast, useAct, type Told } from '../manage/parts';
import { State } from '../manage/state';
import { className } from '../staff/roster';
import { Loading } from '../ui/loading';
import { fullName, Name } from '../ui/name';
import { words } from './words';

const LEAVES = 'leaves';
interface ClassKey {
  school_id: number | null;
  grade: number | null;
  class_name: string | null;
  class_kind: string | null;
}

/** Next year's classes have no ids yet. */
const keyOf = (of: ClassKey) => JSON.stringify([of.school_id, of.grade, of.class_name, of.class_kind]);

function nextText(of: Place, school_id: number): string {
  if (of.leaves) return words().leaves;
  if (of.school_id !== null && of.school_id !== school_id) return words().onward;
  if (of.undecided || of.grade === null) return words().undecided;
  return className({ grade: of.grade, name: of.class_name ?? '' });
}

interface EditProps {
  of: Place;
  classes: NextClass[];
  busy: boolean;
  onSave: (key: string, number: string) => void;
  onClear?: () => void;
  onClose: () => void;
}

function Edit({ of, classes, busy, onSave, onClear, onClose }: EditProps) {
  const now = of.leaves ? LEAVES : keyOf(of);
  const [key, setKey] = useState(now);
  const [number, setNumber] = useState(String(of.next_number ?? ''));
  const options = classes.map((one): [string, string] => [keyOf(one), className({ grade: one.grade, name: one.class_name })]);
  const known = options.some(([one]) => one === key) || key === LEAVES;
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(key, number);
      }}
    >
      <Select
        label={words().toClass}
        value={known ? key : ''}
        options={[...(known ? [] : [['', words().undecided] as [string, string]]), ...options, [LEAVES, words().toLeave]]}
        onChange={setKey}
      />
      {key !== LEAVES && <Field label={words().number} hint={words().numberHint} inputMode="numeric" value={number} onInput={setNumber} />}
      <button class="button primary" disabled={busy || !known}>
        {words().save}
      </button>
      {onClear && (
        <button type="button" class="button" disabled={busy} onClick={onClear}>
          {words().clear}
        </button>
      )}
      <button type="button" class="button" onClick={onClose}>
        {words().keep}
      </button>
    </form>
  );
}

function usePlaces(of: RosterImport, school_id: number) {
  const [places, setPlaces] = useState<Place[]>();
  const [classes, setClasses] = useState<NextClass[]>([]);
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const path = { import_id: of.id };
  const load = async () => {
    const [coming, going, next] = await Promise.all([
      request('GET /api/roster/imports/{import_id}/places', { path, query: { school_id } }),
      request('GET /api/roster/imports/{import_id}/places', { path, query: { from_school_id: school_id } }),
      request('GET /api/roster/imports/{import_id}/classes', { path, query: { school_id } }),
    ]);
    // Who stays is in both; who leaves, goes on or is undecided in the second alone.
    setPlaces([...new Map([...coming.rows, ...going.rows].map((one) => [one.student_id, one])).values()]);
    setClasses(next.rows);
  };
  useEffect(() => {
    setPlaces(undefined);
    void act(load);
  }, [of.id, of.planned_at, school_id]);
  const save = (place: Place, key: string, number: string) =>
    act(async (): Promise<Told> => {
      const [school, grade, class_name, class_kind] = key === LEAVES ? [] : (JSON.parse(key) as [number, number, string, NextClass['class_kind']]);
      const body =
        key === LEAVES
          ? { student_id: place.student_id, leaves: true }
          : { student_id: place.student_id, school_id: school, grade, class_name, class_kind, ...(Number(number) ? { number: Number(number) } : {}) };
      await request('PUT /api/roster/imports/{import_id}/places', { path, body });
      await load();
      return { tone: 'good', text: words().saved(fullName(place)) };
    });
  const clear = (place: Place) =>
    act(async (): Promise<Told> => {
      await request('POST /api/roster/imports/{import_id}/places/clear', { path, body: { student_id: place.student_id } });
      await load();
      return { tone: 'good', text: words().cleared(fullName(place)) };
    });
  return { places, classes, busy, told, save, clear };
}

type Filter = 'all' | 'undecided' | string;

export function Places({ of, school_id, name }: { of: RosterImport; school_id: number; name: string }) {
  const { places, classes, busy, told, save, clear } = usePlaces(of, school_id);
  const [filter, setFilter] = useState<Filter>('all');
  const [editing, setEditing] = useState<number>();
  const mayEdit = of.state === 'checked' || of.state === 'scheduled';
  const undecided = (places ?? []).filter((one) => one.undecided);
  const shown = (places ?? []).filter((one) => filter === 'all' || (filter === 'undecided' ? one.undecided : keyOf(one) === filter));
  const chip = (key: Filter, text: string) => (
    <button key={key} type="button" class="chip-button digits" aria-pressed={filter === key} onClick={() => setFilter(key)}>
      {text}
    </button>
  );
  return (
    <section class="stack" aria-labelledby="places-title">
      <h2 id="places-title">{words().placesTitle(name)}</h2>
      <div class="chips" role="group" aria-label={words().classes}>
        {chip('all', words().everyone)}
        {undecided.length > 0 && chip('undecided', words().onlyUndecided(undecided.length))}
        {classes.map((one) => chip(keyOf(one), words().classCount(className({ grade: one.grade, name: one.class_name }), one.students)))}
      </div>
      {filter === 'undecided' && <p class="sub">{words().undecidedNote}</p>}
      <TellLast told={told} />
      {!places && <Loading lines={6} />}
      {places && shown.length === 0 && <p class="empty panel">{words().empty}</p>}
      {shown.length > 0 && (
        <table class="list-table places">
          <thead>
            <tr>
              <th scope="col">{words().child}</th>
              <th scope="col">{words().now}</th>
              <th scope="col">{words().next}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.student_id} data-student={one.student_id}>
                <th scope="row" class="change-who">
                  <Name of={one} />
                </th>
                <td class="digits place-now" data-label={words().now}>
                  {className({ grade: one.from_grade, name: one.from_class })} {one.number}
                </td>
                <td>
                  {editing === one.student_id ? (
                    <Edit
                      of={one}
                      classes={classes}
                      busy={busy}
                      onSave={(key, number) => {
                        setEditing(undefined);
                        void save(one, key, number);
                      }}
                      onClear={
                        one.source === 'manual'
                          ? () => {
                              setEditing(undefined);
                              void clear(one);
                            }
                          : undefined
                      }
                      onClose={() => setEditing(undefined)}
                    />
                  ) : (
                    <div class="place-next">
                      {one.undecided ? (
                        <State shape="alert" tone="warn">
                          {words().undecided}
                        </State>
                      ) : (
                        <b class="digits">
                          {nextText(one, school_id)} {one.school_id === school_id && one.next_number}
                        </b>
                      )}
                      <span class="sub">{words().source[one.source]}</span>
                      {mayEdit && (
                        <button type="button" class="button small" aria-label={words().correctOf(fullName(one))} onClick={() => setEditing(one.student_id)}>
                          {words().correct}
                        </button>
                      )}
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
