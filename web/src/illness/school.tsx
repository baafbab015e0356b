// The school's list: who is suspended, who may come by now without a return form, who else is ill.
import '../manage/manage.css';
import './illness.css';
import { useEffect } from 'preact/hooks';
import { useTopic } from '../app/connection';
import { formatShortDay } from '../app/days';
import type { Illness } from '../app/gives/illness';
import { t } from '../app/i18n';
import { freeFrom, isSuspended } from '../app/illness';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { className, loadClasses, loadRoster, students } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Name } from '../ui/name';
import { PageTop, usePageTitle } from '../ui/page';
import { words } from './words';

function returns(row: Illness): string {
  const w = words().staff;
  if (row.returned_on) return w.expected(row.returned_on);
  if (row.earliest_return) return w.earliest(row.earliest_return);
  return row.needs ? (w.unknown[row.needs] ?? '') : '';
}

interface ListProps {
  id: string;
  title: string;
  none: string;
  rows: Illness[];
  classes: SchoolClass[];
}

function Line({ row, classes }: { row: Illness; classes: SchoolClass[] }) {
  const student = students.value.get(row.student_id);
  const at = classes.find((one) => one.id === row.class_id);
  return (
    <tr data-illness={row.id}>
      <td>{at ? className(at) : ''}</td>
      <td class="number">{student && t().child.number(student.number)}</td>
      <th scope="row">
        <a href={`/school/${row.school_id}/students/${row.student_id}`}>{student ? <Name of={student} /> : row.student_id}</a>
      </th>
      <td>{row.label}</td>
      <td class="digits">{formatShortDay(row.onset_on)}</td>
      <td>{returns(row)}</td>
    </tr>
  );
}

function List({ id, title, none, rows, classes }: ListProps) {
  return (
    <section class="panel" aria-labelledby={id} data-list={id}>
      <h2 id={id}>
        {title} <span class="digits">{rows.length}</span>
      </h2>
      {rows.length === 0 ? (
        <p class="empty">{none}</p>
      ) : (
        <div class="illness-table" tabIndex={0} role="region" aria-labelledby={id}>
          <table class="list-table">
            <thead>
              <tr>
                {words().staff.head.map((word) => (
                  <th key={word} scope="col">
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Line key={row.id} row={row} classes={classes} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Lists({ id, classes }: { id: number; classes: SchoolClass[] }) {
  const topic = useTopic<Illness>(`illnesses/school/${id}`);
  const place = new Map(classes.map((one, i) => [one.id, i]));
  const number = (row: Illness) => students.value.get(row.student_id)?.number ?? 0;
  const rows = [...topic.rows.value.values()]
    .filter((row) => !row.withdrawn_at)
    .sort((a, b) => (place.get(a.class_id) ?? 0) - (place.get(b.class_id) ?? 0) || number(a) - number(b) || a.id - b.id);
  const of = [...new Set(rows.map((row) => row.class_id))].sort((a, b) => a - b);
  useEffect(() => {
    for (const one of of) void loadRoster(one).catch(() => undefined);
  }, [of.join()]);
  const day = today.value;
  const w = words().staff;
  if (topic.state.value === 'gone') return <FailurePage reason="forbidden" />;
  if (topic.state.value === 'loading') return <Loading lines={8} />;
  const now = rows.filter((row) => isSuspended(row, day));
  const due = rows.filter((row) => row.suspended_from !== null && !row.returned_on && (freeFrom(row) ?? '9999') <= day);
  const others = rows.filter((row) => row.suspended_from === null);
  return (
    <div class={topic.state.value === 'stale' ? 'stack stale' : 'stack'}>
      <List id="now" title={w.now} none={w.nowNone} rows={now} classes={classes} />
      <List id="due" title={w.due} none={w.dueNone} rows={due} classes={classes} />
      <List id="others" title={w.others} none={w.othersNone} rows={others} classes={classes} />
    </div>
  );
}

export function IllnessesScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const { data, error, retry } = useResource(() => loadClasses(), [id]);
  const w = words().staff;
  const heading = usePageTitle(w.pageTitle);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page">
      <PageTop back={`/school/${id}`} text={w.back} heading={heading} />
      <p class="sub">{w.pageLead}</p>
      {data ? <Lists id={id} classes={data.filter((one) => one.school_id === id)} /> : <Loading lines={8} />}
    </div>
  );
}
