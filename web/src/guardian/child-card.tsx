import { useTopic } from '../app/connection';
import { formatDays, formatInstant } from '../app/days';
import { t } from '../app/i18n';
import { isSuspended } from '../app/illness';
import type { Absence, Child, Standing } from '../app/nouns';
import { awayOn } from '../app/standing';
import { today } from '../app/store';
import { IllnessCards, illnessWords, useIllnesses } from '../illness/card';
import { Icon } from '../ui/icon';
import { KindMark, StandingMark, StateMark, SuspendedMark } from '../ui/mark';
import { Name } from '../ui/name';
import { Phones } from '../ui/phone';
import { comingAfter, reportOn } from './child-state';
import { InquiryCard } from './inquiry';

function sentence(row: Absence | undefined, away: Standing | undefined): string {
  const words = t().home;
  if (!row) return away ? words.away : words.none;
  const what = row.via === 'school' ? words.reportedBySchool(row.kind) : words.reported(row.kind);
  if (row.acknowledged_at) return what + words.acknowledged(t().seenBy(row.acknowledged_role), formatInstant(row.acknowledged_at, today.value));
  return row.via === 'school' ? what : what + words.unacknowledged;
}

function Coming({ rows }: { rows: Absence[] }) {
  if (rows.length === 0) return null;
  return (
    <div class="coming">
      <h3>{t().home.coming}</h3>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <a href={`/sent/${row.id}`}>
              {formatDays(row.first_day, row.last_day)} <KindMark kind={row.kind} />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ChildCard({ child }: { child: Child }) {
  const topic = useTopic<Absence>(`absences/student/${child.student_id}`);
  const standing = useTopic<Standing>(`standing/student/${child.student_id}`);
  const state = topic.state.value;
  const row = reportOn(topic.rows.value, today.value);
  const away = awayOn(standing.rows.value, today.value).get(child.student_id);
  const illnesses = useIllnesses(child.student_id);
  const suspended = illnesses.some((one) => isSuspended(one, today.value));
  const words = t().home;
  return (
    <article class={`card child-card ${row ? 'has-report' : ''}`} aria-labelledby={`child-${child.student_id}`}>
      <h2 id={`child-${child.student_id}`}>
        <Name of={child} ruby={false} />
      </h2>
      <InquiryCard child={child} report={row} />
      <p class="sub">{t().child.place(child.school_name, child.grade, child.class_name)}</p>
      <div class={state === 'stale' ? 'stale' : undefined} data-state={state}>
        {(row || away || suspended) && (
          <p class="marks">
            {suspended && <SuspendedMark />}
            {away && <StandingMark />}
            {row && <KindMark kind={row.kind} />}
            {row && <StateMark row={row} />}
          </p>
        )}
        <p class="sentence">{state === 'gone' ? words.gone : state === 'loading' && !row ? words.checking : suspended && !row ? illnessWords().stays : sentence(row, away)}</p>
        {away && (
          <p class="sub">{[formatDays(away.first_day, away.last_day), away.reason, away.note].filter(Boolean).join('　')}</p>
        )}
        <IllnessCards rows={illnesses} child={child} />
        <Coming rows={comingAfter(topic.rows.value, today.value)} />
      </div>
      {!child.may_report && <p class="sub">{words.noRight}</p>}
      {(!child.may_report || state === 'gone') && <Phones of={[child]} />}
      <p class="links">
        {away && !row && child.may_report && (
          <a href={`/report?child=${child.student_id}`}>
            {words.attend}
            <Icon name="arrow" />
          </a>
        )}
        {row && (
          <a href={`/sent/${row.id}`}>
            {words.see}
            <Icon name="arrow" />
          </a>
        )}
        {child.may_report && (
          <a href={`/children/${child.student_id}/illness`}>
            {illnessWords().tellLink}
            <Icon name="arrow" />
          </a>
        )}
        {child.shows_health && (
          <a href={`/children/${child.student_id}/school-health`}>
            {words.schoolHealth}
            <Icon name="arrow" />
          </a>
        )}
        <a href={`/children/${child.student_id}/history`}>
          {words.history}
          <Icon name="arrow" />
        </a>
      </p>
    </article>
  );
}
