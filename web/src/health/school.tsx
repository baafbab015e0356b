// 学校のようす: how many children are ill today, by grade, for guardians. Small numbers are not shown.
import { isProblem, request } from '../app/api';
import { timeOf } from '../app/days';
import type { SchoolHealthRow } from '../app/gives/health';
import { useResource } from '../app/resource';
import { words as symptomWords } from '../board/words';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';

const words = () => symptomWords().school;

function Numbers({ rows }: { rows: SchoolHealthRow[] }) {
  const w = words();
  const hidden = (row: SchoolHealthRow) => (row.grade === null && rows.some((one) => one.n !== null) ? w.hidden : w.few);
  return (
    <dl class="card facts digits">
      {rows.map((row) => (
        <div key={row.grade} data-grade={row.grade ?? 'all'}>
          <dt>{row.grade === null ? w.whole : w.grade(row.grade)}</dt>
          <dd>{row.n === null ? hidden(row) : w.people(row.n)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function SchoolHealthScreen({ params }: { params: Record<string, string> }) {
  const student_id = Number(params.id);
  const w = words();
  const heading = usePageTitle(w.title);
  const { data, error, retry } = useResource(() => request('GET /api/children/{student_id}/school-health', { path: { student_id } }), [student_id]);
  if (error && !data && !isProblem(error, 'not_found')) return <FailurePage error={error} retry={retry} />;
  const at = data?.rows[0]?.at;
  return (
    <div class="page">
      <PageTop back="/home" text={w.back} heading={heading} />
      {!data && (error ? <p class="empty">{w.none}</p> : <Loading lines={6} />)}
      {data && (
        <>
          <p>{w.lead}</p>
          <Numbers rows={data.rows} />
          <p class="sub">
            {at && <span class="digits">{w.made(timeOf(at))}</span>} {w.note}
          </p>
        </>
      )}
    </div>
  );
}
