// Who is in a group: those who are, and a class at a time to tick from.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { Group, GroupMember, Reach } from '../app/gives/groups';
import type { SchoolClass, Student } from '../app/nouns';
import { useResource } from '../app/resource';
import { Select, type Told } from '../manage/parts';
import { Tick } from '../settings/parts';
import { className, loadRoster } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Name } from '../ui/name';
import { words } from './words';

interface Props {
  group: Group;
  classes: SchoolClass[];
  busy: boolean;
  run: (work: () => Promise<Told>) => void;
}

interface Loaded {
  members: GroupMember[];
  reach: Reach | undefined;
}

async function load({ id, may_change }: Group): Promise<Loaded> {
  const { rows: members } = await request('GET /api/groups/{id}/members', { path: { id } });
  if (!may_change || members.length === 0) return { members, reach: undefined };
  const { rows } = await request('POST /api/audience', { body: { audience: [`group/${id}`] } });
  return { members, reach: rows[0] };
}

function ReachLine({ reach }: { reach: Reach }) {
  return (
    <p>
      <span class="digits">{words().reach(reach.children, reach.guardians)}</span>
      {reach.unreached > 0 && <b> {words().unreached(reach.unreached)}</b>}
    </p>
  );
}

function classOf(classes: SchoolClass[], id: number | null): string {
  const one = classes.find((each) => each.id === id);
  return one ? className(one) : '';
}

/** Whether a child is to be in, where that is not so already. */
type Marks = ReadonlyMap<number, boolean>;

interface TicksProps extends Props {
  members: GroupMember[];
  change: (add: number[], remove: number[]) => Promise<void>;
}

/** A class's children with a tick for each. Ticks are kept from class to class until they are saved together. */
function ClassTicks({ classes, busy, run, members, change }: TicksProps) {
  const [class_id, setClass] = useState(classes[0]?.id ?? 0);
  const [marks, setMarks] = useState<Marks>(new Map());
  const { data: students, error, retry } = useResource(() => (class_id ? loadRoster(class_id) : Promise.resolve([])), [class_id]);
  const inside = new Set(members.map((one) => one.student_id));
  const text = words();
  const mark = (of: Student[], on: boolean) => {
    const next = new Map(marks);
    for (const { student_id } of of) {
      if (inside.has(student_id) === on) next.delete(student_id);
      else next.set(student_id, on);
    }
    setMarks(next);
  };
  const add = [...marks].filter(([, on]) => on).map(([id]) => id);
  const remove = [...marks].filter(([, on]) => !on).map(([id]) => id);
  const save = () =>
    run(async () => {
      await change(add, remove);
      setMarks(new Map());
      const undo = () => run(async () => (await change(remove, add), { tone: 'good', text: text.undone }));
      return { tone: 'good', text: text.changed(add.length, remove.length), action: { text: text.undo, run: undo } };
    });
  return (
    <section class="stack" aria-label={text.pick}>
      <h3>{text.pick}</h3>
      <div class="row">
        <Select label={text.class} value={String(class_id)} options={classes.map((one) => [String(one.id), className(one)] as const)} onChange={(value) => setClass(Number(value))} />
        <button type="button" class="button small" disabled={!students} onClick={() => mark(students ?? [], true)}>
          {text.all}
        </button>
        <button type="button" class="button small" disabled={!students} onClick={() => mark(students ?? [], false)}>
          {text.none}
        </button>
      </div>
      {error !== undefined && !students ? (
        <FailurePage error={error} retry={retry} />
      ) : students ? (
        <div class="group-ticks">
          {students.map((one) => (
            <Tick key={one.student_id} checked={marks.get(one.student_id) ?? inside.has(one.student_id)} onChange={(on) => mark([one], on)}>
              <span class="digits">{one.number}</span> <Name of={one} />
            </Tick>
          ))}
        </div>
      ) : (
        <Loading lines={6} />
      )}
      <button type="button" class="button primary" disabled={busy || marks.size === 0} onClick={save}>
        {text.saveTicks(add.length, remove.length)}
      </button>
    </section>
  );
}

export function Members(props: Props) {
  const { group, classes } = props;
  const { data, error, retry } = useResource(() => load(group), [group.id, group.version]);
  const text = words();
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={6} />;
  const change = async (add: number[], remove: number[]) => {
    await request('PUT /api/groups/{id}/members', { path: { id: group.id }, body: { ...(add.length ? { add } : {}), ...(remove.length ? { remove } : {}) } });
    await retry();
  };
  const title = group.holds === 'students' ? text.who : text.guardians;
  return (
    <>
      {data.reach && <ReachLine reach={data.reach} />}
      {group.may_change && group.holds === 'students' && classes.length > 0 && <ClassTicks {...props} members={data.members} change={change} />}
      <section class="stack" aria-label={title}>
        <h3>
          {title} <span class="digits">{text.members(data.members.length)}</span>
        </h3>
        {data.members.length === 0 && <p class="empty">{text.nobody}</p>}
        <ul class="group-ticks">
          {data.members.map((one) => (
            <li key={one.student_id ?? one.account_id}>
              <Name of={one} /> <span class="sub digits">{classOf(classes, one.class_id)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
