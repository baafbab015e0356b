// The register of a class for a month: a child a line, a day of school a column, sums at the end.
import '../staff/staff.css';
import '../manage/manage.css';
import './register.css';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatDay, timeOf, weekday } from '../app/days';
import type { RegisterDay, RegisterRow } from '../app/gives/register';
import { t } from '../app/i18n';
import type { SchoolClass } from '../app/nouns';
import { useResource } from '../app/resource';
import { place, setQuery } from '../app/router';
import { today } from '../app/store';
import { className, loadClasses, schoolName } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { fullName, Name } from '../ui/name';
import { PageTop, usePageTitle } from '../ui/page';
import { CorrectDialog } from './correct';
import { type Marks, monthAfter, monthBefore, monthOf, signOf, wordOf } from './marks';
import { words } from './words';

const SUMS = ['school_days', 'suspended', 'due', 'absent', 'attended', 'late', 'leave_early'] as const;

interface Loaded {
  of: SchoolClass | undefined;
  rows: RegisterRow[];
  days: RegisterDay[];
  marks: Marks;
}

async function load(class_id: number, first_day: string, last_day: string): Promise<Loaded> {
  const asked = { path: { class_id }, query: { first_day, last_day } };
  const [classes, { rows }, head, marks] = await Promise.all([
    loadClasses(),
    request('GET /api/classes/{class_id}/register', asked),
    request('GET /api/classes/{class_id}/register/head', asked),
    request('GET /api/marks'),
  ]);
  return { of: classes.find((one) => one.id === class_id), rows, days: head.rows, marks: new Map(marks.rows.map((one) => [one.code, one])) };
}

function Month({ first }: { first: string }) {
  const say = words();
  const go = (day: string) => setQuery({ month: day.slice(0, 7) });
  return (
    <div class="row no-print">
      <button type="button" class="button small" onClick={() => go(monthBefore(first))}>
        {say.before}
      </button>
      <b class="digits">{say.month(first)}</b>
      <button type="button" class="button small" disabled={monthAfter(first) > today.value} onClick={() => go(monthAfter(first))}>
        {say.after}
      </button>
    </div>
  );
}

function PrintButton() {
  return (
    <button type="button" class="button small" onClick={() => print()}>
      <Icon name="print" />
      {words().print}
    </button>
  );
}

function Files({ class_id, first, last }: { class_id: number; first: string; last: string }) {
  const say = words();
  const to = (path: string, format: string) => `/api/classes/${class_id}/register${path}?first_day=${first}&last_day=${last}&format=${format}`;
  return (
    <details class="register-files no-print">
      <summary>{say.files}</summary>
      <div class="row">
      {Object.entries(say.formats).map(([format, text]) => (
        <a key={format} class="button small" href={to('', format)} download>
          {say.totalsFile(text)}
        </a>
      ))}
      {Object.entries(say.formats).map(([format, text]) => (
        <a key={format} class="button small" href={to('/days', format)} download>
          {say.daysFile(text)}
        </a>
      ))}
      </div>
    </details>
  );
}

function Table({ rows, days, marks, mayAct, onCell }: Loaded & { mayAct: boolean; onCell: (row: RegisterRow, day: string) => void }) {
  const say = words();
  return (
    <table class="register">
      <thead>
        <tr>
          <th scope="col">{say.number}</th>
          <th scope="col" class="register-name">
            {say.name}
          </th>
          {days.map(({ day, closed, called }) => (
            <th key={day} scope="col" class={`digits ${closed ? 'closed' : ''}`}>
              {Number(day.slice(8))}
              <span class="sub">{weekday(day)}</span>
              {!called && day <= today.value && <span class="uncalled-word">{say.uncalled}</span>}
            </th>
          ))}
          {SUMS.map((sum) => (
            <th key={sum} scope="col" class="register-sum">
              {say.sums[sum]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.student_id} data-student={row.student_id}>
            <td class="digits">{row.number}</td>
            <th scope="row" class="register-name">
              <Name of={row} />
            </th>
            {days.map(({ day }) => {
              const of = row.marks[day];
              const label = say.cell(fullName(row), day, wordOf(of, marks));
              return (
                <td key={day} class={`register-cell ${of?.mark ? 'away' : ''} ${of?.source === 'hand' ? 'hand' : ''}`} data-day={day}>
                  {mayAct && day <= today.value ? (
                    <button type="button" class="prints" aria-label={label} onClick={() => onCell(row, day)}>
                      {signOf(of, marks)}
                    </button>
                  ) : (
                    day <= today.value && (
                      <>
                        <span aria-hidden="true">{signOf(of, marks)}</span>
                        <span class="for-readers">{label}</span>
                      </>
                    )
                  )}
                </td>
              );
            })}
            {SUMS.map((sum) => (
              <td key={sum} class="digits register-sum" data-sum={sum}>
                {row[sum]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Register({ id, first, last, loaded, reload }: { id: number; first: string; last: string; loaded: Loaded; reload: () => void }) {
  const [cell, setCell] = useState<{ row: RegisterRow; day: string }>();
  const frame = useRef<HTMLDivElement>(null);
  // Where the month does not fit, it opens on today.
  useLayoutEffect(() => {
    const column = frame.current?.querySelector<HTMLElement>(`[data-day="${today.value}"]`);
    if (frame.current && column) frame.current.scrollLeft = column.offsetLeft + column.offsetWidth - frame.current.clientWidth;
  }, [first]);
  const say = words();
  const name = loaded.of ? className(loaded.of) : t().app.school;
  const heading = usePageTitle(say.title(name));
  return (
    <div class="page register-page">
      <div class="staff-head no-print">
        <PageTop back={`/class/${id}`} heading={heading} />
        <Month first={first} />
        <PrintButton />
      </div>
      <p class="sub no-print">{say.lead}</p>
      <Files class_id={id} first={first} last={last} />
      <p class="print-only">{say.printHead(schoolName(loaded.of?.school_id), name, say.month(first), `${formatDay(today.value)} ${timeOf(Date.now())}`)}</p>
      {loaded.days.length === 0 ? (
        <p class="empty panel">{say.noDays}</p>
      ) : (
        <div class="table-frame" ref={frame} tabIndex={0} role="region" aria-label={say.title(name)}>
          <Table {...loaded} mayAct={loaded.of?.may_act ?? false} onCell={(row, day) => setCell({ row, day })} />
        </div>
      )}
      <p class="sub">
        {[...loaded.marks.values()].map((one) => `${one.symbol} ${one.label}`).join('　')}　{say.legend}
      </p>
      {cell && (
        <CorrectDialog
          {...cell}
          marks={loaded.marks}
          onClose={(changed) => {
            setCell(undefined);
            if (changed) reload();
          }}
        />
      )}
    </div>
  );
}

export function RegisterScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const asked = place.value.query.get('month');
  const [first, last] = monthOf(asked && /^\d{4}-\d{2}$/.test(asked) ? `${asked}-01` : today.value);
  const { data, error, retry } = useResource(() => load(id, first, last), [id, first]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <Register id={id} first={first} last={last} loaded={data} reload={retry} />;
}

export { ClosuresScreen } from './closures';
