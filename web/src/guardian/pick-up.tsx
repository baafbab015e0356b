import { type Draft, type Missing, PICK_UP_NOTE_MAX, PICK_UPS } from '../app/draft';
import { t } from '../app/i18n';
import type { PickUp } from '../app/nouns';
import { Notice } from '../ui/notice';

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  missing: Missing[];
}

/** How the child goes home when it leaves early: as usual, unless something else is said. */
export function PickUpField({ draft, onChange, missing }: Props) {
  const words = t().report;
  const choices: (PickUp | '')[] = ['', ...PICK_UPS];
  const choose = (pickUp: PickUp | '') => onChange(pickUp === 'other_person' ? { pickUp } : { pickUp, pickUpNote: '' });
  return (
    <fieldset class="field-set" id="field-pick-up">
      <legend>{words.pickUp}</legend>
      <div class="chips">
        {choices.map((choice) => (
          <label key={choice} class="chip">
            <input type="radio" name="pick-up" checked={draft.pickUp === choice} onChange={() => choose(choice)} />
            <span>{choice ? t().pickUp[choice] : words.pickUpUsual}</span>
          </label>
        ))}
      </div>
      {(draft.pickUp === 'other_person' || draft.pickUpNote) && (
        <label class="field">
          <span>{words.pickUpNote}</span>
          <input
            name="pick_up_note"
            autocomplete="off"
            maxLength={PICK_UP_NOTE_MAX}
            placeholder={words.pickUpHint}
            value={draft.pickUpNote}
            aria-invalid={missing.includes('pickUp') || undefined}
            onInput={(event) => onChange({ pickUpNote: event.currentTarget.value })}
          />
        </label>
      )}
      {missing.includes('pickUp') && <Notice tone="bad">{words.missing.pickUp}</Notice>}
    </fieldset>
  );
}
