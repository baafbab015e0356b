import { type Draft, NOTE_MAX, PICK_UP_NOTE_MAX, PICK_UPS, SYMPTOMS, UNKNOWN } from '../app/draft';
import { t } from '../app/i18n';
import type { PickUp, Symptom } from '../app/nouns';
import { words as requestWords } from '../requests/words';

interface ChoiceProps {
  name: string;
  legend: string;
  value: string;
  choices: (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
  /** Enter goes on from here. */
  step?: boolean;
}

export function ChoiceField({ name, legend, value, choices, onChange, step }: ChoiceProps) {
  return (
    <fieldset class="field-set" data-step={step ? '' : undefined}>
      <legend>{legend}</legend>
      <div class="chips">
        {choices.map(([choice, text]) => (
          <label key={choice} class="chip">
            <input type="radio" name={name} value={choice} checked={choice === value} onChange={() => onChange(choice)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface TimeProps {
  label: string;
  value: string;
  /** May be left empty: nobody knows it yet. */
  open: boolean;
  onChange: (time: string) => void;
}

export function TimeField({ label, value, open, onChange }: TimeProps) {
  return (
    <label class="field short" data-step="">
      <span>
        {label} {open && <span class="sub">{t().entry.timeOpen}</span>}
      </span>
      <input type="time" step={300} value={value === UNKNOWN ? '' : value} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}

/** Not a step of the keyboard's way: Enter sends from here as well. */
export function SymptomsField({ chosen, onChange }: { chosen: Symptom[]; onChange: (symptoms: Symptom[]) => void }) {
  return (
    <fieldset class="field-set">
      <legend>{t().report.symptoms}</legend>
      <div class="chips">
        {SYMPTOMS.map((one) => (
          <label key={one} class="chip">
            <input
              type="checkbox"
              checked={chosen.includes(one)}
              onChange={() => onChange(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one])}
            />
            <span>{requestWords().symptom[one]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface PickUpProps {
  value: Draft['pickUp'];
  who: string;
  onChange: (change: Partial<Draft>) => void;
}

export function PickUpField({ value, who, onChange }: PickUpProps) {
  const words = t().report;
  return (
    <>
      <ChoiceField
        name="entry-pick-up"
        legend={words.pickUp}
        value={value}
        choices={[['', words.pickUpUsual], ...PICK_UPS.map((one) => [one, requestWords().pickUp[one] ?? one] as const)]}
        onChange={(pickUp) => onChange(pickUp === 'other_person' ? { pickUp } : { pickUp: pickUp as PickUp | '', pickUpNote: '' })}
      />
      {(value === 'other_person' || who) && (
        <label class="field">
          <span>{t().entry.pickUpWho}</span>
          <input autocomplete="off" maxLength={PICK_UP_NOTE_MAX} value={who} onInput={(event) => onChange({ pickUpNote: event.currentTarget.value })} />
        </label>
      )}
    </>
  );
}

export function NoteField({ value, onChange }: { value: string; onChange: (note: string) => void }) {
  return (
    <label class="field">
      <span>{t().entry.note}</span>
      <input name="note" autocomplete="off" maxLength={NOTE_MAX} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}

interface DayProps {
  first: string;
  last: string;
  onChange: (days: { first?: string; last?: string }) => void;
}

export function DayFields({ first, last, onChange }: DayProps) {
  const words = t().entry;
  return (
    <div class="range">
      <label class="field">
        <span>{words.from}</span>
        <input
          type="date"
          name="first_day"
          value={first}
          onInput={({ currentTarget: { value } }) => onChange({ first: value, last: last < value ? value : last })}
        />
      </label>
      <label class="field">
        <span>{words.to}</span>
        <input type="date" name="last_day" value={last} min={first} onInput={(event) => onChange({ last: event.currentTarget.value })} />
      </label>
    </div>
  );
}
