import './requests.css';
import { changesOf } from '../app/content';
import { t } from '../app/i18n';
import type { Absence, AbsenceRequest } from '../app/nouns';
import { words } from './words';

/** What would change, before and after; of a cancellation why. */
export function Changes({ of, row }: { of: AbsenceRequest; row: Absence }) {
  const w = words();
  if (of.action === 'cancel') {
    return of.note ? (
      <p class="changes-why">
        {w.why}：{of.note}
      </p>
    ) : null;
  }
  const changes = changesOf(row, of);
  if (changes.length === 0) return <p class="sub">{w.same}</p>;
  return (
    <dl class="changes">
      {changes.map(({ name, before, after }) => (
        <div key={name}>
          <dt>{t().receipt[name]}</dt>
          <dd>
            <span class="before">{before || w.none}</span>
            <span aria-hidden="true"> → </span>
            <span class="for-readers">{w.to}</span>
            <b>{after || w.none}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}
