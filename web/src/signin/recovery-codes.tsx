import './signin.css';
import { useState } from 'preact/hooks';
import { formatDay } from '../app/days';
import { session } from '../app/session';
import { today } from '../app/store';
import { announce } from '../ui/announcer';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page';
import { words } from './words';

/** Shown once: to be printed or written down before anything else. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [noted, setNoted] = useState(false);
  const w = words().recovery;
  const heading = usePageTitle(w.title);
  const who = session.value;
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n')).catch(() => undefined);
    announce(w.copied);
  };
  return (
    <div class="page narrow">
      <div class="card recovery">
        {heading}
        <p>{w.lead}</p>
        <Notice tone="warn">{w.once}</Notice>
        <p class="only-print">
          {who && w.for(`${who.family_name} ${who.given_name}`)} {w.madeOn(formatDay(today.value))}
        </p>
        <ol class="codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <div class="row no-print">
          <button type="button" class="button" onClick={() => print()}>
            {w.print}
          </button>
          <button type="button" class="button" onClick={() => void copy()}>
            {w.copy}
          </button>
        </div>
        <label class="tick no-print">
          <input type="checkbox" checked={noted} onChange={() => setNoted(!noted)} />
          <span>{w.noted}</span>
        </label>
        <button type="button" class="button primary wide no-print" disabled={!noted} onClick={onDone}>
          {w.go}
        </button>
      </div>
    </div>
  );
}
