// When the system can't help, it says what to do, and the school's telephone number does.
import { t } from '../app/i18n';
import { kept } from '../app/kept';
import type { Child } from '../app/nouns';
import { Problem, Unreachable } from '../app/problem';
import { usePageTitle } from './page';
import { Phones } from './phone';

type Reason = 'network' | 'forbidden' | 'notFound' | 'other' | 'nothing';

export function reasonOf(error: unknown): Reason {
  if (error instanceof Unreachable) return 'network';
  if (error instanceof Problem && error.status === 403) return 'forbidden';
  if (error instanceof Problem && error.status === 404) return 'notFound';
  return 'other';
}

export function FailurePage(props: { reason?: Reason; error?: unknown; retry?: () => void }) {
  const reason = props.reason ?? (props.error ? reasonOf(props.error) : 'network');
  const words = t().failure;
  const heading = usePageTitle(reason === 'nothing' ? words.nothing : words.title);
  const children = kept<Child[]>('children') ?? [];
  return (
    <div class="page narrow failure">
      {heading}
      <p>{reason === 'nothing' ? words.nothingLead : words[reason]}</p>
      <div class="row">
        {props.retry && (
          <button type="button" class="button primary" onClick={props.retry}>
            {t().app.retry}
          </button>
        )}
        {reason === 'nothing' && (
          <a class="button primary" href="/join">
            {words.addChild}
          </a>
        )}
        <a class="button" href={reason === 'nothing' ? '/account' : '/'}>
          {reason === 'nothing' ? words.account : words.home}
        </a>
      </div>
      {children.length > 0 && <p>{words.phone}</p>}
      <Phones of={children} />
    </div>
  );
}
