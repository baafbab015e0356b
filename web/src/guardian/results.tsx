// What became of each child's report, where it was sent from; what was typed stays.
import { explainRefusal } from './refusal';
import { t } from '../app/i18n';
import type { Child } from '../app/nouns';
import type { Report } from '../app/queue';
import { Notice } from '../ui/notice';
import { Phones } from '../ui/phone';

export interface ChildResult {
  child: Child;
  /** The report's id, or its key while it waits. */
  ref?: string;
  problem?: Report['problem'];
}

function Refused({ child, problem }: { child: Child; problem: NonNullable<Report['problem']> }) {
  const name = t().child.san(child.given_name);
  const words = t().report;
  if (problem.code === 'already_reported') {
    const id = Number(problem.members.absence_id);
    return (
      <Notice tone="warn" urgent>
        {words.already(name)} {id > 0 && <a href={`/sent/${id}`}>{words.alreadyLink}</a>}
      </Notice>
    );
  }
  return (
    <Notice tone="bad" urgent>
      <strong>{name}</strong>：{explainRefusal(problem)}
      <Phones of={[child]} />
    </Notice>
  );
}

export function Results({ results }: { results: ChildResult[] }) {
  const words = t().report;
  if (results.length === 0) return null;
  return (
    <div class="results">
      {results.some((r) => r.ref) && <p>{words.partly}</p>}
      {results.map((result) =>
        result.problem ? (
          <Refused key={result.child.student_id} child={result.child} problem={result.problem} />
        ) : (
          <Notice key={result.child.student_id} tone="good">
            {words.done(t().child.san(result.child.given_name))} <a href={`/sent/${result.ref}`}>{words.doneLink}</a>
          </Notice>
        ),
      )}
    </div>
  );
}
