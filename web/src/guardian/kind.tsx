import { comesLate, leavesEarly } from '../app/draft';
import { t } from '../app/i18n';
import type { Kind } from '../app/nouns';
import { KindMark } from '../ui/mark';

/** Three large buttons; coming late and leaving early together is one more tick. */
export function KindField({ kinds, kind, onChange }: { kinds: Kind[]; kind: Kind; onChange: (kind: Kind) => void }) {
  const words = t().report;
  const both = kind === 'late_and_leave_early';
  const shownAs = both ? 'late' : kind;
  return (
    <fieldset class="field-set">
      <legend>{words.kind}</legend>
      <div class="kinds">
        {kinds.map((choice) => (
          <label key={choice} class="tile kind-tile">
            <input type="radio" name="kind" checked={shownAs === choice} onChange={() => onChange(choice)} />
            <KindMark kind={choice} />
          </label>
        ))}
      </div>
      {(comesLate(kind) || leavesEarly(kind)) && (
        <label class="tick">
          <input
            type="checkbox"
            checked={both}
            onChange={() => onChange(both ? 'late' : 'late_and_leave_early')}
          />
          <span>{kind === 'leave_early' ? words.alsoLate : words.alsoLeave}</span>
        </label>
      )}
    </fieldset>
  );
}
