// A school year as twelve months. A day is a word, a shape and a colour; pressing it puts it into the form.
import { formatDay, formatMonth, weekday } from '../app/days';
import { monthsOf, type DayState } from './school-days';
import { words } from './words';

type Look = 'off' | 'on' | 'some' | 'plain';

function lookOf(day: string, { school, mixed }: DayState): Look {
  if (mixed) return 'some';
  const weekend = '土日'.includes(weekday(day));
  if (school) return weekend ? 'on' : 'plain';
  return 'off';
}

interface Props {
  year: number;
  stateOf: (day: string) => DayState;
  chosen: { first_day: string; last_day: string };
  onChoose: (day: string) => void;
}

function Month({ days, stateOf, chosen, onChoose }: Omit<Props, 'year'> & { days: string[] }) {
  const [first = ''] = days;
  const blanks = '月火水木金土日'.indexOf(weekday(first));
  const text = words().calendar;
  return (
    <section class="month" aria-label={formatMonth(first)}>
      <h3>{text.month(Number(first.slice(5, 7)))}</h3>
      <div class="days">
        {words().hours.weekday.map((name) => (
          <span key={name} class="day-name" aria-hidden="true">
            {name}
          </span>
        ))}
        {days.map((day, i) => {
          const state = stateOf(day);
          const look = lookOf(day, state);
          const isChosen = chosen.first_day <= day && day <= (chosen.last_day || chosen.first_day);
          return (
            <button
              key={day}
              type="button"
              class={`day ${look} start-${i === 0 ? blanks : 0}`}
              aria-pressed={isChosen}
              aria-label={text.dayOf(formatDay(day), text.legend[look], state.label)}
              title={state.label || undefined}
              onClick={() => onChoose(day)}
            >
              {Number(day.slice(8))}
            </button>
          );
        })}
      </div>
    </section>
  );
}

export function Months({ year, ...props }: Props) {
  const months = monthsOf(year);
  const text = words().calendar;
  const n = months.flat().filter((day) => props.stateOf(day).school).length;
  return (
    <>
      <p class="legend">
        {(['plain', 'off', 'on', 'some'] as const).map((look) => (
          <span key={look} class="row">
            <span class={`day ${look}`} aria-hidden="true" />
            {text.legend[look]}
          </span>
        ))}
        <b class="digits">{text.count(n)}</b>
      </p>
      <div class="months">
        {months.map((days) => (
          <Month key={days[0]} days={days} {...props} />
        ))}
      </div>
    </>
  );
}
