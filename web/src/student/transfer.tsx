// Out of the school, back into it, and (the board) to another school of the city.
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatDay } from '../app/days';
import type { StudentRecord } from '../app/gives/roster';
import type { SchoolClass } from '../app/nouns';
import { today } from '../app/store';
import { isBoard, useAreas } from '../manage/area';
import { explainTo } from '../manage/explain';
import { Field, Select, TellLast, useAct, type Told } from '../manage/parts';
import { State } from '../manage/state';
import { loadClasses } from '../staff/roster';
import { classOptions } from './record';
import { words } from './words';

interface Props {
  of: StudentRecord;
  classes: SchoolClass[];
  onChanged: () => void;
}

type Do = (work: () => Promise<unknown>, text: string) => void;

function Leave({ of, busy, run }: { of: StudentRecord; busy: boolean; run: Do }) {
  const [day, setDay] = useState(today.value);
  const leave = () => request('POST /api/students/{student_id}/leave', { path: { student_id: of.id }, body: { version: of.version, left_on: day } });
  return (
    <section aria-labelledby="leave-child">
      <h3 id="leave-child">{words().leave}</h3>
      <p class="sub">{words().leaveLead}</p>
      <div class="tools">
        <Field type="date" label={words().leftOn} value={day} max={today.value} onInput={setDay} />
        <button type="button" class="button danger" disabled={busy || !day} onClick={() => run(leave, words().leaveDone)}>
          {words().leaveDo}
        </button>
      </div>
    </section>
  );
}

function Return({ of, classes, busy, run }: Omit<Props, 'onChanged'> & { busy: boolean; run: Do }) {
  const [class_id, setClass] = useState(of.class_id);
  const [number, setNumber] = useState(String(of.number));
  const back = () =>
    request('POST /api/students/{student_id}/return', { path: { student_id: of.id }, body: { version: of.version, class_id, number: Number(number) } });
  return (
    <section aria-labelledby="return-child">
      <h3 id="return-child">{words().return}</h3>
      <p class="sub">{words().returnLead}</p>
      <div class="tools">
        <Select label={words().class} value={String(class_id)} options={classOptions(classes)} onChange={(id) => setClass(Number(id))} />
        <Field label={words().number} inputMode="numeric" value={number} onInput={setNumber} />
        <button type="button" class="button" disabled={busy} onClick={() => run(back, words().returnDone)}>
          {words().returnDo}
        </button>
      </div>
    </section>
  );
}

function Move({ of, busy, run }: { of: StudentRecord; busy: boolean; run: Do }) {
  const schools = useAreas().filter((area) => area.school_id !== undefined && area.school_id !== of.school_id);
  const [school, setSchool] = useState<number>();
  const [classes, setClasses] = useState<SchoolClass[]>([]);
  const [class_id, setClass] = useState<number>();
  const [number, setNumber] = useState('');
  useEffect(() => {
    setClass(undefined);
    setClasses([]);
    if (school) void loadClasses(school).then(setClasses, () => setClasses([]));
  }, [school]);
  const move = () =>
    request('POST /api/students/{student_id}/move', { path: { student_id: of.id }, body: { version: of.version, class_id: class_id ?? 0, number: Number(number) } });
  const name = schools.find((one) => one.school_id === school)?.name ?? '';
  return (
    <section aria-labelledby="move-child">
      <h3 id="move-child">{words().move}</h3>
      <p class="sub">{words().moveLead}</p>
      <div class="tools">
        <Select
          label={words().moveSchool}
          value={String(school ?? '')}
          options={[['', words().choose], ...schools.map((one): [string, string] => [String(one.school_id), one.name ?? ''])]}
          onChange={(id) => setSchool(Number(id) || undefined)}
        />
        <Select
          label={words().class}
          value={String(class_id ?? '')}
          options={[['', words().choose], ...classOptions(classes)]}
          onChange={(id) => setClass(Number(id) || undefined)}
        />
        <Field label={words().number} inputMode="numeric" value={number} onInput={setNumber} />
        <button type="button" class="button" disabled={busy || !class_id || !Number(number)} onClick={() => run(move, words().moveDone(name))}>
          {words().moveDo}
        </button>
      </div>
    </section>
  );
}

export function Transfers({ of, classes, onChanged }: Props) {
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const run: Do = (work, text) =>
    void act(async (): Promise<Told> => {
      try {
        await work();
      } finally {
        onChanged();
      }
      return { tone: 'good', text };
    });
  return (
    <div class="panel transfers">
      <TellLast told={told} />
      {of.left_on ? (
        <>
          <State shape="cross" tone="warn">
            {words().left(formatDay(of.left_on))}
          </State>
          <Return of={of} classes={classes} busy={busy} run={run} />
        </>
      ) : (
        <>
          <Leave of={of} busy={busy} run={run} />
          {isBoard() && <Move of={of} busy={busy} run={run} />}
        </>
      )}
    </div>
  );
}
