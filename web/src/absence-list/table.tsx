import { useRef } from 'preact/hooks';
import { formatDay, formatDays, formatInstant } from '../app/days';
import { t } from '../app/i18n';
import type { ListedAbsence } from '../app/gives/absence-list';
import { today } from '../app/store';
import { SureButton } from '../manage/sure';
import { AcknowledgeButton } from '../staff/acknowledge-button';
import { className } from '../staff/roster';
import { useRowKeys } from '../staff/row-keys';
import { KindMark, StandingMark, StateMark, SuspendedMark } from '../ui/mark';
import { fullName, Name } from '../ui/name';
import { words } from './words';

interface Props {
  rows: ListedAbsence[];
  mayAct: (class_id: number) => boolean;
  onEdit: (row: ListedAbsence) => void;
  onCancel: (row: ListedAbsence) => void;
}

/** What a report says besides kind and reason. */
export function detailsOf(row: Pick<ListedAbsence, 'arrive_at' | 'leave_at' | 'symptoms' | 'pick_up' | 'pick_up_note'>): string {
  const w = words();
  const symptoms = row.symptoms && w.symptomsAre(row.symptoms.map((one) => w.symptoms[one] ?? one).join('、'));
  const pickUp = row.pick_up && [w.pickUp[row.pick_up] ?? row.pick_up, row.pick_up_note && `（${row.pick_up_note}）`].filter(Boolean).join('');
  return [row.arrive_at && t().times.arrive(row.arrive_at), row.leave_at && t().times.leave(row.leave_at), symptoms, pickUp].filter(Boolean).join('　');
}

function Acts({ row, onEdit, onCancel }: { row: ListedAbsence } & Pick<Props, 'onEdit' | 'onCancel'>) {
  const w = words();
  const name = fullName(row);
  return (
    <span class="row list-acts no-print">
      <button type="button" class="button small" data-key="e" onClick={() => onEdit(row)} aria-label={`${w.edit} ${name}`}>
        {w.edit}
      </button>
      <span class="list-cancel">
        <SureButton
          button={w.cancel}
          label={`${w.cancel} ${name}`}
          title={w.cancelSure}
          lead={w.cancelLead(name)}
          keep={w.keep}
          disabled={false}
          dataKey="delete"
          quiet
          onSure={() => onCancel(row)}
        />
      </span>
    </span>
  );
}

function Row({ row, mayAct, onEdit, onCancel }: { row: ListedAbsence } & Omit<Props, 'rows'>) {
  const acts = mayAct(row.class_id) && row.state !== 'cancelled';
  return (
    <tr tabIndex={-1} data-absence={row.id} class={row.state === 'cancelled' ? 'off' : undefined}>
      <td class="list-day digits">{row.first_day === row.last_day ? formatDay(row.first_day) : formatDays(row.first_day, row.last_day)}</td>
      <th scope="row" class="list-child">
        <span class="sub digits">
          {className({ grade: row.grade, name: row.class_name })} {words().number(row.number)}
        </span>
        <Name of={row} />
      </th>
      <td class="list-what">
        {row.away && <>{row.away === 'suspended' ? <SuspendedMark /> : <StandingMark />} </>}
        <KindMark kind={row.kind} /> <span>{[row.reason, detailsOf(row)].filter(Boolean).join('　')}</span>
        {row.note && <span class="note">{row.note}</span>}
      </td>
      <td class="list-who sub digits">
        {t().roster.via[row.via]} {formatInstant(row.reported_at, today.value)}
      </td>
      <td class="list-state">
        {acts ? <AcknowledgeButton row={row} name={fullName(row)} /> : <StateMark row={row} />}
        {acts && <Acts row={row} onEdit={onEdit} onCancel={onCancel} />}
      </td>
    </tr>
  );
}

export function AbsenceTable({ rows, ...rest }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body, 'tr[data-absence]');
  const { columns } = words();
  return (
    <table class="list-table absences">
      <thead>
        <tr>
          <th scope="col">{columns.day}</th>
          <th scope="col">{columns.child}</th>
          <th scope="col">{columns.what}</th>
          <th scope="col">{columns.who}</th>
          <th scope="col">{columns.state}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row) => (
          <Row key={row.id} row={row} {...rest} />
        ))}
      </tbody>
    </table>
  );
}

