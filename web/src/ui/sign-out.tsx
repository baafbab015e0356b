import { useRef } from 'preact/hooks';
import { live } from '../app/connection';
import { t } from '../app/i18n';
import type { Session } from '../app/nouns';
import { removeReport, waiting } from '../app/reports';
import { signOut } from '../app/session';
import { announce } from './announcer';

async function leave(): Promise<void> {
  for (const report of waiting()) await removeReport(report.key);
  try {
    await signOut();
    live.stop();
  } catch {
    announce(t().problem.noNetwork ?? '');
  }
}

/** Asks only when leaving would lose a report that has not gone out. */
export function SignOut({ who }: { who: Session }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const words = t().leave;
  const begin = () => (waiting().length > 0 ? dialog.current?.showModal() : void leave());
  return (
    <div class="account">
      <a class="account-link" href="/account" aria-label={words.account(`${who.family_name} ${who.given_name}`)}>
        <span class="account-name">
          {who.family_name} {who.given_name}
        </span>
        <span class="account-word">{words.accountShort}</span>
      </a>
      <button type="button" class="button quiet" onClick={begin}>
        {t().app.signOut}
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="leave-title">
        <h2 id="leave-title">{words.title}</h2>
        <p>{words.lead}</p>
        <div class="row">
          <button type="button" class="button primary" onClick={() => dialog.current?.close()}>
            {words.stay}
          </button>
          <button type="button" class="button danger" onClick={() => void leave()}>
            {words.go}
          </button>
        </div>
      </dialog>
    </div>
  );
}
