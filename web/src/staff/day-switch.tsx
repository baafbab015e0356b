import { addDays, formatShortDay } from '../app/days';
import { t } from '../app/i18n';
import { place, setQuery } from '../app/router';
import { today } from '../app/store';

/** The day that the address names; today unless it says tomorrow. */
export function shownDay(): string {
  return place.value.query.get('day') === 'tomorrow' ? addDays(today.value, 1) : today.value;
}

export function DaySwitch() {
  const words = t().roster;
  const tomorrow = place.value.query.get('day') === 'tomorrow';
  return (
    <div class="switch" role="group" aria-label={words.day}>
      <button type="button" aria-pressed={!tomorrow} onClick={() => setQuery({ day: undefined })}>
        {words.today} <span class="digits">{formatShortDay(today.value)}</span>
      </button>
      <button type="button" aria-pressed={tomorrow} onClick={() => setQuery({ day: 'tomorrow' })}>
        {words.tomorrow} <span class="digits">{formatShortDay(addDays(today.value, 1))}</span>
      </button>
    </div>
  );
}
