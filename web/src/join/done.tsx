import { navigate } from '../app/router';
import { session } from '../app/session';
import { t } from '../app/i18n';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { answers, type Done, pathOf } from './answers';
import { PasskeyOffer } from './passkey';
import { words } from './words';

function Facts({ of }: { of: [term: string, text: string][] }) {
  return (
    <dl class="facts">
      {of.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** To cut out and keep; only on paper. */
function LoginCard({ of }: { of: Done }) {
  const w = words().done.card;
  const who = session.value;
  return (
    <section class="login-card print-only">
      <h2>{w.title}</h2>
      <Facts
        of={[
          [w.id, of.login_id ?? ''],
          [w.name, who ? `${who.family_name} ${who.given_name}` : ''],
          [w.child, of.child],
          [w.where, location.origin],
        ]}
      />
      <p>{w.lost}</p>
    </section>
  );
}

function LoginId({ of, byMail }: { of: Done; byMail: boolean }) {
  const w = words().done;
  return (
    <>
      <p class="login-id">
        <span class="sub">{w.id}</span>
        <strong>{of.login_id}</strong>
      </p>
      {byMail ? <p class="sub">{w.idAlso}</p> : <Notice tone="warn">{w.idNeeded}</Notice>}
      <button type="button" class="button" onClick={() => print()}>
        <Icon name="print" />
        {w.print}
      </button>
    </>
  );
}

export function DoneStep() {
  const { done, sent_to } = answers.now.value;
  const w = words().done;
  const title = done?.already ? w.alreadyTitle : done?.login_id ? w.title : w.addedTitle;
  const heading = usePageTitle(title);
  const child = done ? t().child.san(done.child) : '';
  const another = (event: Event) => {
    event.preventDefault();
    answers.forget();
    navigate(pathOf('code'));
  };
  return (
    <div class="page narrow step done">
      <div class="no-print headline">
        <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <circle cx="16" cy="16" r="16" />
          <path d="M8 17l6 6L25 10" />
        </svg>
        {heading}
      </div>
      <p class="no-print">{done?.already ? w.alreadyLead(child) : w.lead(child)}</p>
      {done?.login_id && (
        <div class="card no-print">
          <LoginId of={done} byMail={Boolean(sent_to)} />
        </div>
      )}
      {done?.login_id && <PasskeyOffer />}
      {done?.login_id && <LoginCard of={done} />}
      <a class="button no-print" href={pathOf('code')} onClick={another}>
        {w.another}
      </a>
      <div class="thumb no-print">
        <a class="button primary wide large" href="/home" onClick={() => queueMicrotask(answers.forget)}>
          {w.home}
        </a>
      </div>
    </div>
  );
}
