import { explain } from '../app/explain';
import { t } from '../app/i18n';
import type { Absence } from '../app/nouns';
import { announce } from '../ui/announcer';
import { StateMark } from '../ui/mark';
import { acknowledge, acknowledging } from './acknowledge';
import { failure } from './failure';

/** 確認 while it is to be done; the word that it is done, after. */
export function AcknowledgeButton({ row, name }: { row: Absence; name: string }) {
  if (row.acknowledged_at) return <StateMark row={row} />;
  const act = () => {
    failure.value = '';
    acknowledge(row).catch((error: unknown) => {
      failure.value = `${t().roster.failedAcknowledge} ${explain(error)}`;
      announce(failure.value);
    });
  };
  return (
    <button
      type="button"
      class="button acknowledge"
      data-key="k"
      aria-label={t().roster.acknowledgeOf(name)}
      disabled={acknowledging.value.has(row.id)}
      onClick={act}
    >
      {t().roster.acknowledge}
    </button>
  );
}
