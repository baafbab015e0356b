// A guardian's view of what keeps a child at home, until it is over: from when it may come again, and the return form.
import './illness.css';
import { useTopic } from '../app/connection';
import { addDays } from '../app/days';
import type { Illness } from '../app/gives/illness';
import { freeFrom } from '../app/illness';
import type { Child } from '../app/nouns';
import { today } from '../app/store';
import { Icon } from '../ui/icon';
import { reckoning, useDiseases } from './diseases';
import { words } from './words';

const SHOWN_DAYS = 14;

/** Until it is over, and for a while what lacks its return form. */
function isCurrent(row: Illness, day: string): boolean {
  if (row.withdrawn_at) return false;
  if (row.suspended_from === null) return row.onset_on >= addDays(day, -SHOWN_DAYS) && !row.ended_on && !row.returned_on;
  return (freeFrom(row) ?? day) >= (row.returned_on ? day : addDays(day, -SHOWN_DAYS));
}

function when(row: Illness): string {
  const w = words();
  if (row.returned_on) return w.returns(row.returned_on);
  if (row.earliest_return) return w.earliest(row.earliest_return);
  return [row.not_before && w.notBefore(row.not_before), row.needs && w.needs[row.needs]].filter(Boolean).join('');
}

function Card({ row, child }: { row: Illness; child: Child }) {
  const w = words();
  const disease = useDiseases()?.find((one) => one.code === row.disease);
  const suspends = row.suspended_from !== null;
  const path = `/children/${child.student_id}/illness/${row.id}`;
  const mayEdit = child.may_report && !(row.returned_on && row.returned_on <= today.value);
  return (
    <section class="illness-card" data-illness={row.id} data-version={row.version}>
      <h3>{suspends ? w.suspended(row.label) : w.ill(row.label)}</h3>
      {suspends && (
        <p>
          <b>{when(row)}</b>
        </p>
      )}
      {disease && !row.returned_on && <p class="sub">{reckoning(disease)}</p>}
      {row.return_stated_at && <p class="sub">{w.stated}</p>}
      {mayEdit && (
        <p class="links">
          {suspends && (
            <a href={`${path}/return`}>
              {row.returned_on ? w.editReturn : w.writeReturn}
              <Icon name="arrow" />
            </a>
          )}
          {row.via !== 'school' && (
            <a href={path}>
              {w.edit}
              <Icon name="arrow" />
            </a>
          )}
        </p>
      )}
    </section>
  );
}

export function useIllnesses(student_id: number): Illness[] {
  const { rows } = useTopic<Illness>(`illnesses/student/${student_id}`);
  return [...rows.value.values()].filter((row) => isCurrent(row, today.value)).sort((a, b) => b.onset_on.localeCompare(a.onset_on) || b.id - a.id);
}

export function IllnessCards({ rows, child }: { rows: Illness[]; child: Child }) {
  return (
    <>
      {rows.map((row) => (
        <Card key={row.id} row={row} child={child} />
      ))}
    </>
  );
}

/** After a report of absence: the diagnosis often comes later. */
export function TellDiagnosis({ child }: { child: Child }) {
  return (
    <div>
      <p class="sub">{words().tellAfter}</p>
      <p class="links">
        <a href={`/children/${child.student_id}/illness`}>
          {words().tellLink}
          <Icon name="arrow" />
        </a>
      </p>
    </div>
  );
}

export { words as illnessWords } from './words';
