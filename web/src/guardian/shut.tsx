// That a school takes no reports now: before anything is begun, and in the open form.
import { dayOf, formatDay, timeOf } from '../app/days';
import { daysOf, type Draft } from '../app/draft';
import type { ShutWindow } from '../app/gives/settings';
import { t } from '../app/i18n';
import type { Child } from '../app/nouns';
import { today } from '../app/store';
import { Notice } from '../ui/notice';
import { Phones } from '../ui/phone';
import { graceUntil, shutAt } from './intake';

function whenText(at: string | number): string {
  return dayOf(at) === today.value ? timeOf(at) : `${formatDay(dayOf(at))} ${timeOf(at)}`;
}

export function untilText(ends_at: string): string {
  return t().shut.until(whenText(ends_at));
}

/** Of schools, each once. */
const schoolsOf = (children: Child[]) => children.filter((one, i) => children.findIndex((other) => other.school_id === one.school_id) === i);

function whatText({ kinds, about }: ShutWindow): string {
  const words = t().shut;
  const all = (['absent', 'late', 'leave_early'] as const).every((kind) => kinds.includes(kind));
  return words.what(about === 'same_day', all ? '' : kinds.map((kind) => t().kind[kind]).join('・'));
}

/** On the guardian's first page. */
export function ShutSchools({ children }: { children: Child[] }) {
  return (
    <>
      {schoolsOf(children).flatMap((child) =>
        shutAt(child.school_id).map((window) => (
          <Notice key={`${window.rule_id} ${window.starts_at}`} tone="warn">
            <strong>{child.school_name}</strong>
            <br />
            {whatText(window)}
            {untilText(window.ends_at)}
            <br />
            {window.message}
            <Phones of={[child]} />
          </Notice>
        )),
      )}
    </>
  );
}

/** In the form, for what is being filled in. `begun`: when that began. */
export function ShutNow({ chosen, draft, begun }: { chosen: Child[]; draft: Draft; begun: number }) {
  const [first] = daysOf(draft);
  return (
    <>
      {schoolsOf(chosen).map((child) => {
        const [window] = shutAt(child.school_id, { kind: draft.kind, first });
        if (!window) return null;
        const grace = graceUntil(window, begun);
        return (
          <Notice key={child.school_id} tone="warn" urgent>
            {grace ? (
              t().shut.grace(whenText(grace))
            ) : (
              <>
                {whatText(window)}
                {untilText(window.ends_at)}
                <br />
                {window.message}
                <Phones of={[child]} />
              </>
            )}
          </Notice>
        );
      })}
    </>
  );
}
