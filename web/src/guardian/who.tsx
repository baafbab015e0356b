import { t } from '../app/i18n';
import type { Absence, Child } from '../app/nouns';
import { Name, shortSchool } from '../ui/name';
import { Notice } from '../ui/notice';

interface Props {
  children: Child[];
  chosen: number[];
  onChange: (ids: number[]) => void;
  alreadyOf: (child: Child) => Absence | undefined;
  isAway: (child: Child) => boolean;
}

/** The children: one is chosen beforehand, siblings are ticks. A report that is already there is said before sending. */
export function WhoField({ children, chosen, onChange, alreadyOf, isAway }: Props) {
  const words = t().report;
  const toggle = (id: number) => onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <>
      {children.length > 1 ? (
        <fieldset class="field-set" id="field-who">
          <legend>{words.who}</legend>
          <div class="who">
            {children.map((child) => (
              <label key={child.student_id} class="tile">
                <input type="checkbox" checked={chosen.includes(child.student_id)} onChange={() => toggle(child.student_id)} />
                <span>
                  <Name of={child} ruby={false} />
                  <span class="sub">{t().child.place(shortSchool(child.school_name), child.grade, child.class_name)}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      ) : (
        children.map((child) => (
          <p key={child.student_id} class="only-child">
            <Name of={child} ruby={false} />
            <span class="sub">{t().child.place(child.school_name, child.grade, child.class_name)}</span>
          </p>
        ))
      )}
      {children
        .filter((child) => chosen.includes(child.student_id) && isAway(child))
        .map((child) => (
          <Notice key={child.student_id} tone="info">
            {words.away(t().child.san(child.given_name))}
          </Notice>
        ))}
      {children
        .filter((child) => chosen.includes(child.student_id))
        .map((child) => ({ child, row: alreadyOf(child) }))
        .map(
          ({ child, row }) =>
            row && (
              <Notice key={child.student_id} tone="info">
                {words.alreadyHere(t().child.san(child.given_name), row.kind)} <a href={`/sent/${row.id}`}>{words.alreadyLink}</a>
              </Notice>
            ),
        )}
    </>
  );
}
