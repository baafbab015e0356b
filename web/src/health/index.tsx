// The noon sheet: each class's illnesses in numbers, zeros too, to be copied into the surveillance of infections at schools.
import '../staff/staff.css';
import '../manage/manage.css';
import './health.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { request } from '../app/api';
import { useTopic } from '../app/connection';
import { timeOf } from '../app/days';
import type { ClosureGuide, Line, SurveillanceRow, Symptom } from '../app/gives/health';
import type { ClassGauge } from '../app/nouns';
import { useResource } from '../app/resource';
import { place, setQuery } from '../app/router';
import { today } from '../app/store';
import { JudgementMark } from '../board/mark';
import { className } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { words } from './words';

const RESTS_MS = 2_000;

type Count = 'enrolled' | 'absent' | 'suspended' | Symptom | `suspended_${Line}` | `diagnosed_${Line}`;
type Head = [count: Count, text: string];

const SYMPTOMS: Count[] = ['fever', 'headache', 'respiratory', 'diarrhea', 'nausea', 'rash', 'flu_like', 'other_symptom', 'not_told'];
const nameOf = (row: SurveillanceRow) => className({ grade: row.grade, name: row.class_name });
const headsOf = (counts: Count[]): Head[] => counts.map((count) => [count, words().heads[count] ?? count]);
const linesOf = (what: 'suspended' | 'diagnosed'): Head[] =>
  Object.entries(words().lines).map(([line, text]) => [`${what}_${line as Line}`, text]);

function stateOf(row: SurveillanceRow): string {
  const w = words();
  if (row.closed) return w.closed;
  return row.called ? w.called : w.provisional;
}

function Sheet({ id, title, lead, heads, rows, marked }: { id: string; title: string; lead?: string; heads: Head[]; rows: SurveillanceRow[]; marked?: boolean }) {
  const w = words();
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead && <p class="sub">{lead}</p>}
      <div class="health-table" tabIndex={0} role="region" aria-labelledby={id}>
        <table class="list-table">
          <thead>
            <tr>
              <th scope="col">{w.class}</th>
              {heads.map(([count, text]) => (
                <th key={count} scope="col" class="number">
                  {text}
                </th>
              ))}
              <th scope="col">{w.state}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.class_id} data-class={row.class_id}>
                <th scope="row">
                  {nameOf(row)} {marked && <JudgementMark of={row.unusual ?? 'usual'} />}
                </th>
                {heads.map(([count, text]) => (
                  <td key={count} class={`number ${row[count] === 0 ? 'zero' : ''}`} data-count={count} data-label={text}>
                    {row[count]}
                  </td>
                ))}
                <td>{stateOf(row)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{w.total}</th>
              {heads.map(([count, text]) => (
                <td key={count} class="number" data-total={count} data-label={text}>
                  {rows.reduce((sum, row) => sum + row[count], 0)}
                </td>
              ))}
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

/** What the office should know before it copies the numbers. */
function Hints({ school_id, rows, day, guide }: { school_id: number; rows: SurveillanceRow[]; day: string; guide: ClosureGuide }) {
  const w = words();
  const near = rows.filter((row) => row.near_closure && !row.closed);
  const waiting = rows.filter((row) => !row.called && !row.closed && row.enrolled > 0).length;
  return (
    <>
      {near.length > 0 && (
        <div class="notice warn" data-near={near.map((row) => row.class_id).join()}>
          <div>
            <b>{w.near}</b>　{w.nearLead(near.map(nameOf).join('、'), guide.closure_percent, guide.closure_fewest)}
          </div>
          <a class="button small" href={`/school/${school_id}/closures`}>
            {w.toClosures}
          </a>
        </div>
      )}
      {day === today.value && waiting > 0 && <p class="sub">{w.waiting(waiting)}</p>}
    </>
  );
}

function Files({ school_id, day }: { school_id: number; day: string }) {
  const w = words();
  return (
    <details class="health-files no-print">
      <summary>{w.files}</summary>
      <div class="row">
        {Object.entries(w.formats).map(([format, text]) => (
          <a key={format} class="button small" href={`/api/schools/${school_id}/surveillance?day=${day}&format=${format}`} download>
            {text}
          </a>
        ))}
      </div>
    </details>
  );
}

async function load(school_id: number, day: string) {
  const [{ rows }, guide] = await Promise.all([
    request('GET /api/schools/{school_id}/surveillance', { path: { school_id }, query: { day } }),
    request('GET /api/city/closure-guide'),
  ]);
  return { rows, guide };
}

/** Moves when a class's numbers do, and then rests: the sheet is made anew at most every few seconds. */
function useVersion(school_id: number): number {
  const { rows } = useTopic<ClassGauge>(`classes/school/${school_id}`);
  const newest = Math.max(0, ...[...rows.value.values()].map((row) => row.version));
  const [version, setVersion] = useState(newest);
  useEffect(() => {
    const timer = setTimeout(() => setVersion(newest), RESTS_MS);
    return () => clearTimeout(timer);
  }, [newest]);
  return version;
}

export function SurveillanceScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const asked = place.value.query.get('day') ?? '';
  const day = /^\d{4}-\d\d-\d\d$/.test(asked) && asked < today.value ? asked : today.value;
  const w = words();
  const heading = usePageTitle(w.title);
  const { data, error } = useResource(() => load(school_id, day), [school_id, day, useVersion(school_id)]);
  const made = useMemo(() => timeOf(Date.now()), [data]);
  if (error && !data) return <FailurePage error={error} />;
  const rows = data?.rows ?? [];
  return (
    <div class="page health-page">
      <div class="staff-head">
        <PageTop back={`/school/${school_id}`} text={w.back} heading={heading} />
        <label class="filter no-print">
          <span>{w.day}</span>
          <input type="date" max={today.value} value={day} onChange={({ currentTarget }) => currentTarget.value && setQuery({ day: currentTarget.value })} />
        </label>
        <button type="button" class="button no-print" disabled={rows.length === 0} onClick={() => print()}>
          <Icon name="print" />
          {w.print}
        </button>
      </div>
      <p class="sub">
        {w.lead} {data && <span class="digits">{w.made(made)}</span>}
      </p>
      {!data && <Loading lines={10} />}
      {data && rows.length === 0 && <p class="empty">{w.none}</p>}
      {data && rows.length > 0 && (
        <div class="stack">
          <Hints school_id={school_id} rows={rows} day={day} guide={data.guide} />
          <Sheet id="symptoms" title={w.symptoms} lead={`${w.symptomsLead}${w.unusual}`} heads={headsOf(['enrolled', 'absent', ...SYMPTOMS, 'suspended'])} rows={rows} marked />
          <Sheet id="suspended" title={w.suspended} heads={linesOf('suspended')} rows={rows} />
          <Sheet id="diagnosed" title={w.diagnosed} heads={linesOf('diagnosed')} rows={rows} />
          <Files school_id={school_id} day={day} />
        </div>
      )}
    </div>
  );
}
