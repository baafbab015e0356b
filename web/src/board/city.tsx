import { useTopic } from '../app/connection';
import { formatDay } from '../app/days';
import { request } from '../app/api';
import { t } from '../app/i18n';
import type { ArrivalGauge, DayFigure, School, SchoolGauge } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { Totals } from '../staff/totals';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { usePageTitle } from '../ui/page';
import { Arrivals } from './arrivals';
import { Districts } from './districts';
import { judge, rateOf, usualOf } from './judge';
import { Legend } from './mark';
import { Tile } from './tile';
import { BoardViews } from './views';

interface Loaded {
  schools: School[];
  history: DayFigure[];
}

async function load(): Promise<Loaded> {
  const [schools, history] = await Promise.all([
    request('GET /api/schools'),
    request('GET /api/city/history', { query: { days: 5 } }).catch(() => ({ rows: [] })),
  ]);
  return { schools: schools.rows, history: history.rows };
}

const NONE = {
  students: 0,
  absent: 0,
  late: 0,
  leave_early: 0,
  unacknowledged: 0,
  classes: 0,
  called: 0,
  unaccounted: 0,
  contradicted: 0,
  suspended: 0,
  standing: 0,
};

function sumOf(gauges: readonly SchoolGauge[]): SchoolGauge {
  const sum = { ...NONE, id: 0, version: 0 };
  for (const gauge of gauges) {
    for (const name of Object.keys(NONE) as (keyof typeof NONE)[]) sum[name] += gauge[name];
  }
  return sum;
}

function gaugeOf(school: School, gauges: ReadonlyMap<number, SchoolGauge>): SchoolGauge {
  return gauges.get(school.id) ?? { ...NONE, id: school.id, version: 0, students: school.students, classes: school.classes };
}

function City({ schools, history }: Loaded) {
  const topic = useTopic<SchoolGauge>('city/all');
  const arrivals = useTopic<ArrivalGauge>('arrivals/all');
  const heading = usePageTitle(t().board.title);
  if (topic.state.value === 'gone') return <FailurePage reason="forbidden" />;
  if (schools.length === 0) return <p class="empty">{t().board.noSchools}</p>;
  const gauges = topic.rows.value;
  const usual = usualOf(history.filter((day) => day.day < today.value));
  const sum = sumOf(schools.map((school) => gaugeOf(school, gauges)));
  const counts = { usual: 0, raised: 0, high: 0 };
  for (const school of schools) counts[judge(gaugeOf(school, gauges), usual.get(school.id))] += 1;
  const loading = topic.state.value === 'loading';
  return (
    <div class={`board ${topic.state.value === 'stale' ? 'stale' : ''}`} data-state={topic.state.value}>
      <div class="board-head">
        <div class="board-title">
          {heading}
          <div class="row">
            <p class="head-day digits">{formatDay(today.value)}</p>
            <BoardViews />
            <a class="button small" href="/city/absences">
              {t().board.file}
            </a>
          </div>
          <Legend counts={counts} high={t().board.legendHigh} raised={t().board.legendRaised} />
        </div>
        <div class="board-sum">
          <p class="board-rate digits">
            <span class="sub">{t().board.rate}</span>
            {rateOf(sum).toFixed(1)}
            <small>%</small>
          </p>
          <Totals
            figures={{ absent: sum.absent, suspended: sum.suspended, standing: sum.standing, late: sum.late, early: sum.leave_early, open: sum.unacknowledged }}
            students={sum.students}
          />
          <p class="digits" data-total="called">
            {t().roster.calledOf(sum.called, sum.classes)}　{t().roster.unaccounted} {sum.unaccounted}
          </p>
        </div>
        <Arrivals gauges={[...arrivals.rows.value.values()]} />
      </div>
      {loading ? (
        <Loading lines={8} />
      ) : (
        <Districts schools={schools} tile={(school, name) => <Tile key={school.id} school={school} name={name} gauge={gaugeOf(school, gauges)} usual={usual.get(school.id)} />} />
      )}
    </div>
  );
}

export function CityScreen() {
  const { data, error, retry } = useResource(load, []);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <City {...data} />;
}
