import { useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { draftOf, inputOf } from '../app/draft';
import { explain } from '../app/explain';
import { t } from '../app/i18n';
import type { Absence, Child, Reason } from '../app/nouns';
import { Unreachable } from '../app/problem';
import { useResource } from '../app/resource';
import { navigate } from '../app/router';
import { useSteadyKey } from '../app/steady-key';
import { today } from '../app/store';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { Name } from '../ui/name';
import { PageTop, usePageTitle } from '../ui/page';
import { Phones } from '../ui/phone';
import { loadChildren, loadReasons } from './children';
import { ReportForm } from './report-form';

interface Loaded {
  row: Absence;
  child: Child | undefined;
  reasons: Reason[];
}

async function load(id: number): Promise<Loaded> {
  const [row, children] = await Promise.all([request('GET /api/absences/{id}', { path: { id } }), loadChildren()]);
  const child = children.find((one) => one.student_id === row.student_id);
  return { row, child, reasons: await loadReasons(row.school_id) };
}

function why(error: unknown): string {
  if (error instanceof Unreachable) return t().report.offlineCorrect;
  if (isProblem(error, 'stale_version')) return t().report.stale;
  return explain(error);
}

function Correcting({ row, child, reasons }: Loaded) {
  const [draft, setDraft] = useState(() => draftOf(row, today.value));
  const [version, setVersion] = useState(row.version);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');
  const keyOf = useSteadyKey();
  const submit = async () => {
    setSending(true);
    setProblem('');
    try {
      const reason = reasons.find((one) => one.label === draft.reason);
      const body = { ...inputOf(draft, today.value, reason), version };
      await request('PUT /api/absences/{id}', { path: { id: row.id }, body, key: keyOf(body) });
      navigate(`/sent/${row.id}`, { replace: true });
    } catch (error) {
      setProblem(why(error));
      if (isProblem(error, 'stale_version')) {
        setVersion((await request('GET /api/absences/{id}', { path: { id: row.id } })).version);
      }
    } finally {
      setSending(false);
    }
  };
  return (
    <ReportForm
      draft={draft}
      onChange={(change) => setDraft({ ...draft, ...change })}
      reasons={reasons}
      names={child ? [t().child.san(child.given_name)] : []}
      sending={sending}
      onSubmit={submit}
      correcting={row}
      before={
        child && (
          <p class="only-child">
            <Name of={child} ruby={false} />
          </p>
        )
      }
      problems={
        problem && (
          <Notice tone="bad" urgent>
            {problem}
            {child && <Phones of={[child]} />}
          </Notice>
        )
      }
    />
  );
}

export function CorrectScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const { data, error, retry } = useResource(() => load(id), [id]);
  const heading = usePageTitle(t().report.correctTitle);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  return (
    <div class="page narrow">
      <PageTop back={`/sent/${id}`} heading={heading} />
      {data ? <Correcting {...data} /> : <Loading lines={6} />}
    </div>
  );
}
