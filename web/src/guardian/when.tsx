import { addDays, formatShortDay, isWeekend } from '../app/days';
import { daysOf, type Draft, type Missing } from '../app/draft';
import { t } from '../app/i18n';
import { today } from '../app/store';
import { Notice } from '../ui/notice';

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  missing: Missing[];
  /** A correction says its days as a period, so that nothing shifts under it. */
  fixed: boolean;
  /** Why there is no school that day; undefined: there is. */
  off?: (day: string) => string | undefined;
}

function RangeFields({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const words = t().report;
  const first = (value: string) => onChange({ first: value, last: draft.last < value ? value : draft.last });
  return (
    <div class="range">
      <label class="field">
        <span>{words.first}</span>
        <input type="date" name="first_day" value={draft.first} min={today.value} onInput={(e) => first(e.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{words.last}</span>
        <input
          type="date"
          name="last_day"
          value={draft.last}
          min={draft.first}
          onInput={(e) => onChange({ last: e.currentTarget.value })}
        />
      </label>
    </div>
  );
}

/** Where nothing is known of the calendar. */
const isOff = (day: string) => (isWeekend(day) ? '' : undefined);

export function WhenField({ draft, onChange, missing, off = isOff }: Props) {
  const words = t().report;
  const [first, last] = daysOf(draft);
  const choices = [
    { label: words.today, day: today.value },
    { label: words.tomorrow, day: addDays(today.value, 1) },
    { label: words.range, day: '' },
  ];
  const choose = (day: string) => onChange(day ? { when: 'day', first: day, last: day } : { when: 'range', first, last });
  const isChosen = (day: string) => (draft.when === 'range' ? !day : day === first);
  // Midnight went by while the form was open: said at once, the day that was meant is not guessed.
  const isOver = draft.when === 'day' && first < today.value;
  const wrong = isOver ? 'over' : (['days', 'noSchool', 'past', 'long', 'far'] as const).find((name) => missing.includes(name));
  return (
    <fieldset class="field-set" id="field-when">
      <legend>{words.when}</legend>
      <div class="whens">
        {choices.map(({ label, day }) => (
          <label key={label} class="tile">
            <input type="radio" name="when" checked={isChosen(day)} onChange={() => choose(day)} />
            <span>
              {label}
              {day && <span class="sub digits">{formatShortDay(day)}</span>}
              {day && off(day) !== undefined && <span class="sub">{t().shut.off('')}</span>}
            </span>
          </label>
        ))}
      </div>
      {draft.when === 'range' && <RangeFields draft={draft} onChange={onChange} />}
      {first && first === last && off(first) !== undefined && <p class="hint">{t().shut.dayOff(first, off(first) ?? '')}</p>}
      {wrong && <Notice tone="bad">{words.missing[wrong]}</Notice>}
    </fieldset>
  );
}
