import '../roster/roster.css';
import './rollover.css';
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { RosterImport } from '../app/gives/roster';
import { useResource } from '../app/resource';
import { place } from '../app/router';
import { nameOf, useAreas } from '../manage/area';
import { Manage } from '../manage/frame';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Schools } from '../roster/changes';
import { Places } from './places';
import { PlanPanel } from './plan';
import { NextSchools, Prepare } from './prepare';
import { words } from './words';

/** The newest roll-over that isn't over. */
async function current(): Promise<RosterImport | undefined> {
  const { rows } = await request('GET /api/roster/imports');
  return rows.find((one) => one.kind === 'rollover' && one.state !== 'undone' && one.state !== 'discarded');
}

async function load(city: boolean) {
  const of = await current();
  const summary = of && city ? (await request('GET /api/roster/imports/{import_id}/summary', { path: { import_id: of.id } })).rows : [];
  const [onward, schools] = city ? await Promise.all([request('GET /api/roster/next-schools'), request('GET /api/schools')]) : [{ rows: [] }, { rows: [] }];
  return { of, summary, onward: onward.rows, schools: schools.rows };
}

function City({ of, summary, onward, schools, reload }: Awaited<ReturnType<typeof load>> & { reload: () => void }) {
  const [newer, setNewer] = useState<RosterImport>();
  const plan = newer && newer.id === of?.id ? newer : of;
  const chosen = Number(place.value.query.get('school')) || undefined;
  const name = summary.find((one) => one.school_id === chosen)?.school_name ?? schools.find((one) => one.id === chosen)?.name ?? '';
  if (!plan || plan.state === 'discarded' || plan.state === 'undone') {
    return (
      <div class="two-columns">
        <Prepare onMade={reload} />
        <NextSchools schools={schools} onward={onward} />
      </div>
    );
  }
  const done = (next: RosterImport) => {
    setNewer(next);
    reload();
  };
  return (
    <>
      <PlanPanel of={plan} onDone={done} />
      <div class="changes-of-city">
        <div class="stack">
          <Schools summary={summary} chosen={chosen} />
          {plan.state !== 'applied' && (
            <details class="next-later">
              <summary>{words().nextSchools}</summary>
              <NextSchools schools={schools} onward={onward} />
            </details>
          )}
        </div>
        {chosen && <Places key={chosen} of={plan} school_id={chosen} name={name} />}
      </div>
    </>
  );
}

function School({ of, school_id }: { of?: RosterImport; school_id: number }) {
  const areas = useAreas();
  return of ? <Places of={of} school_id={school_id} name={nameOf(areas, school_id)} /> : <p class="empty panel">{words().none}</p>;
}

export function RolloverScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id) || undefined;
  const { data, error, retry } = useResource(() => load(school_id === undefined), [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return (
    <Manage school_id={school_id} tab="rollover">
      {school_id === undefined ? <City {...data} reload={retry} /> : <School of={data.of} school_id={school_id} />}
    </Manage>
  );
}
