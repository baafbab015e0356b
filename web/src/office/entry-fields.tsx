import { NOTE_MAX } from '../app/draft';
import { t } from '../app/i18n';

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

export function TimeField({ label, value, onChange }: { label: string; value: string; onChange: (time: string) => void }) {
  return (
    <label class="field short" data-step="">
      <span>{label}</span>
      <input type="time" step={300} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
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
