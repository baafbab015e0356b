// The sheets of a day: each class on paper (A4), every child by number, what is reported, and a blank to tick for the others.
import '../staff/staff.css';
import '../office/office.css';
import './absence-list.css';
import { request } from '../app/api';
import { formatDay, timeOf } from '../app/days';
import { comesLate, leavesEarly } from '../app/draft';
import type { DaySheetRow } from '../app/gives/absence-list';
import type { Kind } from '../app/nouns';
import { useResource } from '../app/resource';
import { place, setQuery } from '../app/router';
import { today } from '../app/store';
import { Select } from '../manage/parts';
import { className } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { PageTop, usePageTitle } from '../ui/page';
import { detailsOf } from './table';
import { sheetWords, words } from './words';

const nameOf = (row: DaySheetRow) => className({ grade: row.grade, name: row.class_name });
const suspended = (row: DaySheetRow) => row.illness_id !== null && (row.kind ?? 'absent') === 'absent';
const away = (row: DaySheetRow) => !suspended(row) && (row.kind === 'absent' || (row.kind === null && row.standing_id !== null));

function byClass(rows: DaySheetRow[]): DaySheetRow[][] {
  const classes = new Map<number, DaySheetRow[]>();
  for (const row of rows) classes.set(row.class_id, [...(classes.get(row.class_id) ?? []), row]);
  return [...classes.values()];
}

function Marks({ row }: { row: DaySheetRow }) {
  const { marks } = sheetWords();
  const kind = row.kind as Kind | null;
  const shown = [suspended(row) && marks.suspended, away(row) && marks.absent, kind && comesLate(kind) && marks.late, kind && leavesEarly(kind) && marks.leave_early].filter(Boolean);
  if (shown.length === 0) return <span class="sheet-box" />;
  return <b>{shown.join('・')}</b>;
}

function keptText(row: DaySheetRow): string {
  const w = sheetWords();
  const long = row.standing_id !== null && row.id === null && w.standing(row.standing_reason ?? '');
  return [row.illness_id !== null && w.suspended(row.free_from), long].filter(Boolean).join('　');
}

function reportOf(row: DaySheetRow): string {
  const w = words();
  if (row.id === null) return keptText(row);
  const { symptoms, pick_up, pick_up_note, arrive_at, leave_at } = row;
  const open = row.acknowledged_at ? '' : `［${sheetWords().unacknowledged}］`;
  return [keptText(row), w.kinds[row.kind ?? ''], row.reason, detailsOf({ symptoms, pick_up, pick_up_note, arrive_at, leave_at }), row.note, open].filter(Boolean).join('　');
}

function Totals({ rows }: { rows: DaySheetRow[] }) {
  const own = rows.filter((row) => !row.guest);
  const kinds = own.map((row) => row.kind as Kind | null);
  const absent = own.filter(away).length;
  const none = own.filter((row) => row.id === null && row.standing_id === null && row.illness_id === null).length;
  const count = (test: (kind: Kind) => boolean) => kinds.filter((kind) => kind !== null && test(kind)).length;
  return <span>{sheetWords().totals(own.length, absent, own.filter(suspended).length, count(comesLate), count(leavesEarly), none)}</span>;
}

function Sheet({ rows, day }: { rows: DaySheetRow[]; day: string }) {
  const w = sheetWords();
  const [first] = rows;
  if (!first) return null;
  return (
    <article class={`day-sheet ${rows.length > 36 ? 'dense' : ''}`} data-sheet={first.class_id} aria-label={nameOf(first)}>
      <header>
        <h2>
          {w.of(first.school)}　{nameOf(first)}
        </h2>
        <p class="digits">{formatDay(day)}</p>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">{w.number}</th>
            <th scope="col">{w.name}</th>
            <th scope="col">{w.tick}</th>
            <th scope="col">{w.report}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.student_id} data-student={row.student_id}>
              <td class="digits">{row.guest ? w.guest : row.number}</td>
              <th scope="row">
                {row.family_name} {row.given_name}
              </th>
              <td class="sheet-mark">
                <Marks row={row} />
              </td>
              <td>{reportOf(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <footer class="digits">
        <Totals rows={rows} />
        <span>{w.made(`${formatDay(today.value)} ${timeOf(Date.now())}`)}</span>
        <span class="sheet-sign">{w.checked}</span>
      </footer>
    </article>
  );
}

export function DaySheetScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id);
  const asked = place.value.query.get('day') ?? '';
  const day = /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : today.value;
  const chosen = place.value.query.get('class') ?? '';
  const w = sheetWords();
  const heading = usePageTitle(w.title);
  const load = () => request('GET /api/schools/{school_id}/day-sheets', { path: { school_id }, query: { day } });
  const { data, error, retry } = useResource(load, [school_id, day]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  const classes = byClass(data?.rows ?? []);
  const shown = classes.filter(([first]) => !chosen || String(first?.class_id) === chosen);
  return (
    <div class="page sheet-page">
      <div class="staff-head no-print">
        <PageTop back={`/school/${school_id}/absences`} text={w.back} heading={heading} />
        <label class="filter">
          <span>{w.day}</span>
          <input type="date" value={day} onChange={({ currentTarget }) => currentTarget.value && setQuery({ day: currentTarget.value })} />
        </label>
        <Select
          label={w.class}
          value={chosen}
          options={[['', w.allClasses], ...classes.flatMap(([first]) => (first ? [[String(first.class_id), nameOf(first)] as const] : []))]}
          onChange={(id) => setQuery({ class: id })}
        />
        <button type="button" class="button primary" disabled={shown.length === 0} onClick={() => print()}>
          <Icon name="print" />
          {w.print}
        </button>
        <span class="sub digits">{w.pages(shown.length)}</span>
      </div>
      {!data && <Loading lines={10} />}
      {data && shown.length === 0 && <p class="empty">{w.empty}</p>}
      <div class="day-sheets">
        {shown.map((rows) => (
          <Sheet key={rows[0]?.class_id} rows={rows} day={day} />
        ))}
      </div>
    </div>
  );
}
