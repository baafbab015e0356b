import './audit.css';
import { dayOf, formatDay, timeOf } from '../app/days';
import { place, setQuery } from '../app/router';
import { today } from '../app/store';
import { explainTo } from '../manage/explain';
import { Manage } from '../manage/frame';
import { Field, Select } from '../manage/parts';
import { StudentSearch } from '../office/student-search';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { isProblem } from '../app/api';
import { type Filters, filtersFrom, type Line, useLog } from './load';
import { words } from './words';
import { useState } from 'preact/hooks';

function actorText({ actor_name, actor_kind }: Line): string {
  if (actor_kind === 'system') return words().system;
  if (actor_kind === 'gone') return words().gone;
  return actor_name ?? words().unknownPerson;
}

function didText({ action, scope }: Line): string {
  return (words().actions[action] ?? words().unknown(action)) + (words().scope[scope] ?? '');
}

function Row({ of, filters }: { of: Line; filters: Filters }) {
  const who = actorText(of);
  return (
    <li class="audit-row" data-action={of.action}>
      <time class="digits" dateTime={of.at}>
        {timeOf(of.at)}
      </time>
      <span class="audit-sentence">
        {words().sentence(who, didText(of))}
        {of.school_name && filters.school_id === undefined && <span class="sub"> {of.school_name}</span>}
      </span>
      <span class="sub">{words().kind[of.actor_kind] ?? ''}</span>
      <span class="audit-links">
        {of.student_id && of.school_id && !filters.student_id && <a href={`/school/${of.school_id}/students/${of.student_id}`}>{words().about}</a>}
        {of.account_id && !filters.account_id && !filters.student_id && (
          <button type="button" class="button quiet small" aria-label={words().onlyThisOf(who)} onClick={() => setQuery({ account: String(of.account_id) })}>
            {words().onlyThis}
          </button>
        )}
      </span>
    </li>
  );
}

/** The child is found by name, and stands in the address by id alone. */
function ChildFilter({ school_id, chosen }: { school_id?: number; chosen?: number }) {
  const [open, setOpen] = useState(false);
  if (chosen) {
    return (
      <button type="button" class="button" onClick={() => setQuery({ student: undefined })}>
        {words().childChosen}：{words().clear}
      </button>
    );
  }
  if (school_id === undefined) return null;
  if (!open) {
    return (
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {words().anyChild}
      </button>
    );
  }
  return (
    <div class="audit-child">
      <StudentSearch
        school_id={school_id}
        describe={() => ''}
        onChoose={(child) => {
          setOpen(false);
          setQuery({ student: String(child.student_id), account: undefined, action: undefined });
        }}
      />
    </div>
  );
}

function Tools({ filters, who }: { filters: Filters; who?: string }) {
  const actions = Object.entries(words().actions).sort((a, b) => a[1].localeCompare(b[1], 'ja'));
  return (
    <div class="tools">
      <Field type="date" label={words().from} max={today.value} value={filters.from ?? ''} onInput={(from) => setQuery({ from })} />
      <Field type="date" label={words().to} max={today.value} value={filters.to ?? ''} onInput={(to) => setQuery({ to })} />
      {!filters.student_id && (
        <Select
          label={words().action}
          value={filters.action ?? ''}
          options={[['', words().allActions], ...actions]}
          onChange={(action) => setQuery({ action })}
        />
      )}
      <ChildFilter school_id={filters.school_id} chosen={filters.student_id} />
      {filters.account_id && (
        <button type="button" class="button" onClick={() => setQuery({ account: undefined })}>
          {words().personChosen(who ?? words().unknownPerson)}：{words().clear}
        </button>
      )}
    </div>
  );
}

function Days({ lines, filters }: { lines: Line[]; filters: Filters }) {
  const days = [...new Set(lines.map((line) => dayOf(line.at)))];
  return (
    <>
      {days.map((day) => (
        <section key={day} class="panel audit-day" aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`} class="digits">
            {formatDay(day)}
          </h2>
          <ol>
            {lines
              .filter((line) => dayOf(line.at) === day)
              .map((line) => (
                <Row key={line.key} of={line} filters={filters} />
              ))}
          </ol>
        </section>
      ))}
    </>
  );
}

export function AuditScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id) || undefined;
  const filters = filtersFrom(place.value.query, school_id);
  const { lines, error, ended, more, retry } = useLog(filters);
  const wrong = isProblem(error) && (error.status === 422 || error.status === 400);
  if (error !== undefined && !lines && !wrong) return <FailurePage error={error} retry={retry} />;
  return (
    <Manage school_id={school_id} tab="audit">
      <p class="sub">{words().lead}</p>
      <Tools filters={filters} who={lines?.find((line) => line.account_id === filters.account_id)?.actor_name ?? undefined} />
      {error !== undefined && (
        <Notice tone="bad" urgent>
          {explainTo(words().problem, error)}
        </Notice>
      )}
      {!lines && error === undefined && <Loading lines={8} />}
      {lines?.length === 0 && <p class="empty panel">{words().empty}</p>}
      {lines && <Days lines={lines} filters={filters} />}
      {lines && lines.length > 0 && !ended && (
        <button type="button" class="button wide" onClick={more}>
          {words().more}
        </button>
      )}
      {lines && lines.length > 0 && ended && <p class="empty">{words().ended}</p>}
    </Manage>
  );
}
