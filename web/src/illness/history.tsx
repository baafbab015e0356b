// What a child had, with every version: for its guardians, and for the school on the child's screen.
import './illness.css';
import { request } from '../app/api';
import type { Illness, IllnessVersion } from '../app/gives/illness';
import { t } from '../app/i18n';
import { freeFrom } from '../app/illness';
import { useResource } from '../app/resource';
import { State } from '../manage/state';
import { Versions } from '../ui/versions';
import { words } from './words';

type Facts = Pick<Illness, 'onset_on' | 'diagnosed_on' | 'institution' | 'ended_on' | 'treated_until' | 'cleared_on' | 'note'>;

export function illnessFacts(of: Facts): string[] {
  const w = words().staff;
  return [
    w.onset(of.onset_on),
    of.diagnosed_on && w.diagnosed(of.diagnosed_on),
    of.institution,
    of.ended_on && w.over(of.ended_on),
    of.treated_until && w.treated(of.treated_until),
    of.cleared_on && w.cleared(of.cleared_on),
    of.note,
  ].flatMap((text) => text || []);
}

function versionFacts(of: IllnessVersion): string[] {
  const w = words();
  const days = [of.suspended_from && w.version.from(of.suspended_from), of.returned_on && w.returns(of.returned_on)];
  return [of.label, ...illnessFacts(of), ...days].flatMap((text) => text || []);
}

export function IllnessVersions({ of }: { of: Illness }) {
  const path = { id: of.id };
  return (
    <Versions<IllnessVersion>
      load={() => request('GET /api/illnesses/{id}/versions', { path })}
      of={`${of.id}.${of.version}`}
      what={(one) => words().version.action[one.return_stated_at && one.action === 'returned' ? 'stated' : one.action]}
      by={(one) => t().history.by[one.by]}
      facts={(one) => (one.action === 'withdrawn' ? [] : versionFacts(one))}
    />
  );
}

function Entry({ row }: { row: Illness }) {
  const w = words();
  return (
    <li class={`card entry ${row.withdrawn_at ? 'off' : ''}`} data-illness={row.id}>
      <p class="row">
        <b>{row.label}</b>
        {row.withdrawn_at && (
          <State shape="cross" tone="quiet">
            {w.staff.withdrawn}
          </State>
        )}
      </p>
      {row.suspended_from && !row.withdrawn_at && <p>{w.staff.period(row.suspended_from, freeFrom(row))}</p>}
      <p>{illnessFacts(row).join('　')}</p>
      <IllnessVersions of={row} />
    </li>
  );
}

/** Nothing where there was none: most children have no such section. */
export function IllnessHistory({ student_id }: { student_id: number }) {
  const { data } = useResource(() => request('GET /api/students/{student_id}/illnesses', { path: { student_id } }), [student_id]);
  if (!data?.rows.length) return null;
  return (
    <section aria-labelledby="illness-history" data-section="illness-history">
      <h2 id="illness-history" class="month">
        {words().staff.title}
      </h2>
      <ul class="entries">
        {data.rows.map((row) => (
          <Entry key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}
