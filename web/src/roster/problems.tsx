// What is wrong in a file: where (file, line, column) and what to do; never what stands there.
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import type { RosterImport, RosterProblem } from '../app/gives/roster';
import { State } from '../manage/state';
import { words as shared } from '../manage/words';
import { words } from './words';

function placeText(of: RosterProblem): string {
  const line = of.line ? words().line(of.line) : '';
  const column = of.column_no ? words().problemColumn(of.column_no, of.column_name ?? '') : (of.column_name ?? '');
  return words().problemPlace(of.file ?? '', line, column) || words().wholeFile;
}

export function Problems({ of }: { of: RosterImport }) {
  const [rows, setRows] = useState<RosterProblem[]>([]);
  const total = of.n_errors + of.n_warnings;
  const load = async (before: RosterProblem[]) => {
    const last = before.at(-1);
    const answer = await request('GET /api/roster/imports/{import_id}/problems', { path: { import_id: of.id }, query: last ? { after: last.id } : {} });
    setRows([...before, ...answer.rows]);
  };
  useEffect(() => {
    if (total > 0) void load([]).catch(() => setRows([]));
  }, [of.id, of.planned_at]);
  if (total === 0) return null;
  return (
    <section class="panel problems" aria-labelledby="problems-title">
      <h2 id="problems-title">{words().problems}</h2>
      <p class="digits">{words().problemsLead(of.n_errors, of.n_warnings)}</p>
      <ul class="problem-rows">
        {rows.map((one) => (
          <li key={one.id}>
            <State shape="alert" tone={one.severity === 'error' ? 'bad' : 'warn'}>
              {words()[one.severity]}
            </State>
            <b class="digits">{placeText(one)}</b>
            <span>{one.text}</span>
          </li>
        ))}
      </ul>
      {rows.length > 0 && rows.length < total && (
        <button type="button" class="button" onClick={() => void load(rows)}>
          {shared().more(total - rows.length)}
        </button>
      )}
    </section>
  );
}
