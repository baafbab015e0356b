// Numbers per class, each class in its fixed place; a class that is pressed is the list's filter.
import { useState } from 'preact/hooks';
import type { ClassRegistration } from '../app/gives/registrants';
import { setQuery } from '../app/router';
import { State } from '../manage/state';
import { className } from '../staff/roster';
import { words } from './words';

function Cell({ of, chosen }: { of: ClassRegistration; chosen: boolean }) {
  const missing = of.children - of.registered;
  const name = className({ grade: of.grade, name: of.class_name });
  return (
    <button
      type="button"
      class={`class-cell ${missing > 0 ? 'some' : ''}`}
      aria-pressed={chosen}
      data-class={of.class_id}
      onClick={() => setQuery({ class: chosen ? undefined : String(of.class_id) })}
    >
      <span class="for-readers">{words().cell(name, of.registered, of.children, of.mail_problems)}</span>
      <b aria-hidden="true">{of.class_name}</b>
      <span class="digits" aria-hidden="true">
        {words().rate(of.registered, of.children)}
      </span>
      <span class="class-cell-marks digits" aria-hidden="true">
        {missing > 0 ? (
          <State shape="ring" tone="warn">
            {words().cellMissing(missing)}
          </State>
        ) : (
          <State shape="done" tone="good">
            {words().cellDone}
          </State>
        )}
        {of.mail_problems > 0 && (
          <State shape="alert" tone="bad">
            {words().cellMail(of.mail_problems)}
          </State>
        )}
      </span>
    </button>
  );
}

export function ClassCells({ classes, chosen }: { classes: ClassRegistration[]; chosen?: number }) {
  const [wide] = useState(() => matchMedia('(min-width: 48rem)').matches);
  const grades = [...new Set(classes.map((one) => one.grade))];
  return (
    <details class="class-cells" open={wide}>
      <summary>{words().classes}</summary>
      {grades.map((grade) => (
        <div key={grade} class="class-row" role="group" aria-label={words().grade(grade)}>
          <span class="class-row-name digits" aria-hidden="true">
            {words().grade(grade)}
          </span>
          <div class="class-row-cells">
            {classes
              .filter((one) => one.grade === grade)
              .map((one) => (
                <Cell key={one.class_id} of={one} chosen={one.class_id === chosen} />
              ))}
          </div>
        </div>
      ))}
    </details>
  );
}
