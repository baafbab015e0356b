import { request } from '../app/api';
import { formatDays, formatInstant, formatMonth } from '../app/days';
import { factsOf, pickUpText, symptomsText, timesText } from '../app/content';
import { t } from '../app/i18n';
import type { Absence, Version } from '../app/nouns';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { IllnessHistory } from '../illness/history';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { KindMark, StateMark } from '../ui/mark';
import { PageTop, usePageTitle } from '../ui/page';
import { Versions } from '../ui/versions';
import { children, loadChildren } from './children';
import { byMonth } from './months';

/** By whom: an acknowledgement says the role, where it is the one that holds. */
function by(version: Version, row: Absence): string {
  const seen = version.action === 'acknowledged' && version.made_at === row.acknowledged_at && row.acknowledged_role;
  return seen ? t().acting[seen] : t().history.by[version.by];
}

function Entry({ row }: { row: Absence }) {
  const words = t().history;
  return (
    <li class={`card entry ${row.cancelled_at ? 'off' : ''}`}>
      <a class="entry-day digits" href={`/sent/${row.id}`}>
        {formatDays(row.first_day, row.last_day)}
        <Icon name="arrow" />
      </a>
      <p class="marks">
        <KindMark kind={row.kind} />
        <StateMark row={row} />
      </p>
      <p>{[timesText(row), row.reason, symptomsText(row), pickUpText(row), row.note].filter(Boolean).join('　')}</p>
      <p class="sub digits">
        {row.via === 'school' ? words.viaSchool : words.viaGuardian}（{formatInstant(row.reported_at, today.value)}）
        {row.acknowledged_at && ` ${t().home.acknowledged(t().seenBy(row.acknowledged_role), formatInstant(row.acknowledged_at, today.value))}`}
      </p>
      <Versions<Version>
        load={() => request('GET /api/absences/{id}/versions', { path: { id: row.id } })}
        of={`${row.id}.${row.version}`}
        what={(version) => words.action[version.action]}
        by={(version) => by(version, row)}
        facts={(version) => (version.action === 'acknowledged' ? [] : factsOf(version).flatMap(([, text]) => text || []))}
      />
    </li>
  );
}

function Months({ rows }: { rows: Absence[] }) {
  return (
    <>
      {byMonth(rows).map((month) => (
        <section key={month.month} aria-labelledby={`month-${month.month}`}>
          <h2 id={`month-${month.month}`} class="month">
            {formatMonth(`${month.month}-01`)}
            <span class="sub digits">{t().history.count(month.absent, month.late, month.early)}</span>
          </h2>
          <ul class="entries">
            {month.rows.map((row) => (
              <Entry key={row.id} row={row} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

export function HistoryScreen({ params }: { params: Record<string, string> }) {
  const student_id = Number(params.id);
  useResource(loadChildren, []);
  const { data, error, retry } = useResource(
    () => request('GET /api/children/{student_id}/absences', { path: { student_id } }),
    [student_id],
  );
  const child = children.value?.find((one) => one.student_id === student_id);
  const heading = usePageTitle(t().history.title(child ? t().child.san(child.given_name) : ''));
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow">
      <PageTop back="/home" heading={heading} />
      {!data && <Loading lines={6} />}
      {data?.rows.length === 0 && <p class="empty">{t().history.empty}</p>}
      {data && <IllnessHistory student_id={student_id} />}
      {data && <Months rows={data.rows} />}
    </div>
  );
}
