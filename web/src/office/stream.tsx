// Reports, newest first. A list that is scrolled stays where it is under the eye: what is new is offered above it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import type { Illness } from '../app/gives/illness';
import type { Absence, AbsenceRequest, SchoolClass, Standing } from '../app/nouns';
import { AcknowledgeButton } from '../staff/acknowledge-button';
import { useRowKeys } from '../staff/row-keys';
import { ReportText } from '../staff/report-text';
import { RequestLine } from '../staff/request-line';
import { className, students } from '../staff/roster';
import { Icon } from '../ui/icon';
import { FreshMark, KindMark, StandingMark, SuspendedMark } from '../ui/mark';
import { fullName, Name } from '../ui/name';
import { EditReport } from './edit-report';
import { isFiltered, filtersFrom } from './filters';
import { place } from '../app/router';

interface Props {
  rows: Absence[];
  total: number;
  classes: SchoolClass[];
  away: ReadonlyMap<number, Standing>;
  suspended: ReadonlyMap<number, Illness>;
  requests: AbsenceRequest[];
  arrived: ReadonlySet<number>;
  onEdit: (row: Absence) => void;
}

interface RowProps extends Pick<Props, 'onEdit'> {
  row: Absence;
  of?: SchoolClass;
  away: boolean;
  suspended: boolean;
  asked?: AbsenceRequest;
  fresh: boolean;
}

function StreamRow({ row, of, away, suspended, asked, fresh, onEdit }: RowProps) {
  const student = students.value.get(row.student_id);
  const isNew = fresh && !row.acknowledged_at;
  return (
    <li tabIndex={-1} class={`stream-row ${isNew ? 'fresh' : ''}`} data-absence={row.id} data-student={row.student_id}>
      <span class="marks">
        {suspended && <SuspendedMark />}
        {away && <StandingMark />}
        <KindMark kind={row.kind} />
        {isNew && <FreshMark />}
      </span>
      <span class="who-is">
        <span class="sub digits">
          {of ? className(of) : ''} {student ? t().child.number(student.number) : ''}
        </span>
        {student ? <Name of={student} /> : <span class="skeleton-line short" />}
      </span>
      <ReportText row={row} />
      <span class="act">
        <AcknowledgeButton row={row} name={student ? fullName(student) : ''} />
        <EditReport row={row} name={student ? fullName(student) : ''} onEdit={onEdit} />
      </span>
      {asked && <RequestLine of={asked} row={row} name={student ? fullName(student) : ''} mayAct />}
    </li>
  );
}

/** Which rows are shown while the list is scrolled: those that were there when the scrolling began. */
function useHeld(rows: Absence[]) {
  const list = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<ReadonlySet<number>>();
  const ids = useRef<number[]>([]);
  ids.current = rows.map((row) => row.id);
  useEffect(() => {
    const scroller = list.current;
    const onScroll = () => {
      const away = (scroller?.scrollTop ?? 0) > 8 || (list.current?.getBoundingClientRect().top ?? 0) < 0;
      setHeld((was) => (away ? (was ?? new Set(ids.current)) : undefined));
    };
    scroller?.addEventListener('scroll', onScroll, { passive: true });
    addEventListener('scroll', onScroll, { passive: true });
    return () => {
      scroller?.removeEventListener('scroll', onScroll);
      removeEventListener('scroll', onScroll);
    };
  }, []);
  const query = place.value.query.toString();
  useEffect(() => setHeld(undefined), [query]);
  const shown = held ? rows.filter((row) => held.has(row.id)) : rows;
  const release = () => {
    setHeld(undefined);
    list.current?.scrollTo({ top: 0 });
    if ((list.current?.getBoundingClientRect().top ?? 0) < 0) list.current?.scrollIntoView({ block: 'center' });
  };
  return { list, shown, hidden: rows.length - shown.length, release };
}

export function Stream({ rows, total, classes, away, suspended, requests, arrived, onEdit }: Props) {
  const { list, shown, hidden, release } = useHeld(rows);
  useRowKeys(list, 'li[data-absence]');
  const words = t().office;
  const classOf = new Map(classes.map((one) => [one.id, one]));
  const filtered = isFiltered(filtersFrom(place.value.query));
  return (
    <>
      <h2 id="stream-title" class="stream-title">
        {words.stream} <span class="sub digits">{words.shown(rows.length, total)}</span>
      </h2>
      <a class="button small stream-list" href={`${place.value.path}/absences`}>
        {words.list}
      </a>
      <div class="stream-frame">
        {hidden > 0 && (
          <button type="button" class="button primary stream-new" onClick={release}>
            <Icon name="up" />
            {t().roster.fresh(hidden)}
          </button>
        )}
        {rows.length === 0 && <p class="empty">{filtered ? words.emptyFiltered : words.empty}</p>}
        <ol class="stream" ref={list} tabIndex={0} aria-labelledby="stream-title">
          {shown.map((row) => (
            <StreamRow
              key={row.id}
              row={row}
              of={classOf.get(row.class_id)}
              away={away.has(row.student_id)}
              suspended={suspended.has(row.student_id)}
              asked={requests.find((of) => of.absence_id === row.id)}
              fresh={arrived.has(row.id)}
              onEdit={onEdit}
            />
          ))}
        </ol>
      </div>
    </>
  );
}
