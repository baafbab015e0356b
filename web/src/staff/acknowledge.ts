// 確認: the teacher or the office has seen the report, in the version that the screen showed; the guardian's screen says so at once.
import { signal } from '@preact/signals';
import { newKey, request } from '../app/api';
import { live } from '../app/connection';
import type { Absence, Receipt } from '../app/nouns';

/** Ids on their way; their buttons wait. */
export const acknowledging = signal<ReadonlySet<number>>(new Set());

function learn(row: Absence, receipt: Receipt): void {
  const seen = { ...row, version: receipt.version, acknowledged_at: receipt.at };
  live.learn(`absences/class/${row.class_id}`, seen);
  live.learn(`absences/school/${row.school_id}`, seen);
}

async function whileBusy(ids: number[], act: () => Promise<void>): Promise<void> {
  acknowledging.value = new Set([...acknowledging.value, ...ids]);
  try {
    await act();
  } finally {
    acknowledging.value = new Set([...acknowledging.value].filter((id) => !ids.includes(id)));
  }
}

export function acknowledge(row: Absence): Promise<void> {
  return whileBusy([row.id], async () => {
    learn(row, await request('POST /api/absences/{id}/acknowledge', { path: { id: row.id }, body: { version: row.version }, key: newKey() }));
  });
}

export function acknowledgeAll(class_id: number, rows: Absence[]): Promise<void> {
  const absence_ids = rows.map((row) => row.id);
  return whileBusy(absence_ids, async () => {
    const { rows: receipts } = await request('POST /api/classes/{class_id}/acknowledge', {
      path: { class_id },
      body: { absence_ids, versions: rows.map((row) => String(row.version)) },
      key: newKey(),
    });
    for (const receipt of receipts) {
      const row = rows.find((one) => one.id === receipt.id);
      if (row) learn(row, receipt);
    }
  });
}
