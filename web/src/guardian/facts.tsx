import { type FactName, factsOf, type Said } from '../app/content';
import { t } from '../app/i18n';
import type { Child } from '../app/nouns';
import { KindMark } from '../ui/mark';
import { Name } from '../ui/name';

const looks: Partial<Record<FactName, string>> = { day: 'digits', time: 'digits', note: 'note' };

/** What was sent. */
export function Facts({ row, child, number }: { row: Said; child?: Child; number?: number }) {
  const words = t().receipt;
  return (
    <dl class="facts">
      {child && (
        <div>
          <dt>{words.child}</dt>
          <dd>
            <Name of={child} ruby={false} />
          </dd>
        </div>
      )}
      {factsOf(row).map(
        ([name, text]) =>
          text && (
            <div key={name}>
              <dt>{words[name]}</dt>
              <dd class={looks[name]}>{name === 'kind' ? <KindMark kind={row.kind} /> : text}</dd>
            </div>
          ),
      )}
      {number !== undefined && (
        <div>
          <dt>{words.number}</dt>
          <dd class="digits">{number}</dd>
        </div>
      )}
    </dl>
  );
}
