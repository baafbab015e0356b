// What the office does with a report: correct it, or cancel it.
import { newKey, request } from '../app/api';
import { live } from '../app/connection';
import { explain } from '../app/explain';
import { t } from '../app/i18n';
import type { Absence } from '../app/nouns';
import { SureButton } from '../manage/sure';
import { failure } from '../staff/failure';
import { announce } from '../ui/announcer';

async function cancel(row: Absence): Promise<void> {
  failure.value = '';
  try {
    const answer = await request('POST /api/absences/{id}/cancel', {
      path: { id: row.id },
      body: { version: row.version },
      key: newKey(),
    });
    live.learn(`absences/school/${row.school_id}`, { ...row, version: answer.version, cancelled_at: answer.at } as Absence);
    announce(t().office.cancelled);
  } catch (error) {
    failure.value = explain(error);
  }
}

export function EditReport({ row, name, onEdit }: { row: Absence; name: string; onEdit: (row: Absence) => void }) {
  const words = t().office;
  return (
    <span class="edit">
      <button type="button" class="button quiet" data-key="e" onClick={() => onEdit(row)}>
        {words.edit}
      </button>
      <SureButton
        button={words.cancel}
        title={words.cancelSure}
        lead={words.cancelLead(name)}
        keep={words.cancelKeep}
        disabled={false}
        dataKey="delete"
        quiet
        onSure={() => void cancel(row)}
      />
    </span>
  );
}
