// One school's classes: numbers only.
import { request } from '../app/api';
import { useTopic } from '../app/connection';
import { formatDay } from '../app/days';
import { t } from '../app/i18n';
import type { ClassGauge, SchoolClass } from '../app/nouns';
import type { Rows } from '../app/rows';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import type { Figures } from '../staff/figures';
import { className, loadClasses } from '../staff/roster';
import { Totals } from '../staff/totals';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { JudgementMark } from './mark';
import { PageTop, usePageTitle } from '../ui/page';

async function load(id: number) {
  const [classes, schools] = await Promise.all([loadClasses(id), request('GET /api/schools')]);
  return { classes, school: schools.rows.find((one) => one.id === id) };
}

/** One in ten, but never for one or two children of a small class. */
function isHigh(away: number, rate: number): boolean {
  return away >= 3 && rate >= 10;
}

function figuresOf(gauges: readonly (ClassGauge | undefined)[]): Figures {
  const sum = (of: (gauge: ClassGauge) => number) => gauges.reduce((n, gauge) => n + (gauge ? of(gauge) : 0), 0);
  return {
    absent: sum((one) => one.absent),
    suspended: sum((one) => one.suspended),
    standing: sum((one) => one.standing),
    late: sum((one) => one.late),
    early: sum((one) => one.leave_early),
    open: sum((one) => one.unacknowledged),
  };
}

function ClassTable({ classes, rows }: { classes: SchoolClass[]; rows: Rows<ClassGauge> }) {
  const words = t();
  return (
    <table class="class-table">
      <thead>
        <tr>
          <th scope="col">{words.board.class}</th>
          <th scope="col">{words.board.students}</th>
          <th scope="col">{words.kind.absent}</th>
          <th scope="col">{words.state.suspended}</th>
          <th scope="col">{words.state.standing}</th>
          <th scope="col">{words.board.rate}</th>
          <th scope="col">{words.kind.late}</th>
          <th scope="col">{words.kind.leave_early}</th>
          <th scope="col">{words.state.unacknowledged}</th>
          <th scope="col">{words.roster.roll}</th>
          <th scope="col">{words.roster.unaccounted}</th>
        </tr>
      </thead>
      <tbody class="digits">
        {classes.map((one) => {
          const figures = figuresOf([rows.get(one.id)]);
          const away = figures.absent + figures.suspended;
          const rate = one.students > 0 ? (100 * away) / one.students : 0;
          return (
            <tr key={one.id} class={isHigh(away, rate) ? 'high' : undefined} data-class={one.id}>
              <th scope="row">
                {className(one)} {isHigh(away, rate) && <JudgementMark of="raised" />}
              </th>
              <td>{one.students}</td>
              <td>{figures.absent}</td>
              <td>{figures.suspended}</td>
              <td>{figures.standing}</td>
              <td>{rate.toFixed(1)}%</td>
              <td>{figures.late}</td>
              <td>{figures.early}</td>
              <td>{figures.open}</td>
              <td>{rows.get(one.id)?.closed ? words.roster.closed : rows.get(one.id)?.called_at ? words.roster.called : ''}</td>
              <td>{rows.get(one.id)?.unaccounted ?? 0}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function SchoolNumbers({ id, name, classes }: { id: number; name: string; classes: SchoolClass[] }) {
  const topic = useTopic<ClassGauge>(`classes/school/${id}`);
  const rows = topic.rows.value;
  const heading = usePageTitle(t().board.schoolTitle(name));
  if (topic.state.value === 'gone') return <FailurePage reason="forbidden" />;
  return (
    <div class={`page ${topic.state.value === 'stale' ? 'stale' : ''}`} data-state={topic.state.value}>
      <div class="staff-head">
        <PageTop back="/city" text={t().board.back} heading={heading} />
        <p class="head-day digits">{formatDay(today.value)}</p>
        <Totals figures={figuresOf([...rows.values()])} students={classes.reduce((sum, one) => sum + one.students, 0)} />
        <a class="button" href={`/school/${id}/registrants`}>
          {t().board.manage}
        </a>
      </div>
      <p class="sub">{t().board.pageNote}</p>
      <div class="table-frame" tabIndex={0} role="region" aria-label={t().board.class}>
        <ClassTable classes={classes} rows={rows} />
      </div>
    </div>
  );
}

export function CitySchoolScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const { data, error, retry } = useResource(() => load(id), [id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <SchoolNumbers id={id} name={data.school?.name ?? ''} classes={data.classes} />;
}
