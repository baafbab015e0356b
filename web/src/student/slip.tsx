// The slip that the office hands over: a code for a new password, printed like the letters.
import '../letters/letters.css';
import { useEffect, useRef } from 'preact/hooks';
import type { ResetCode } from '../app/gives/registrants';
import { dayOf } from '../app/days';
import { dayIn } from '../letters/texts/text';
import { Icon } from '../ui/icon';
import { fullName } from '../ui/name';
import { Qr } from '../ui/qr';
import { words } from './words';

interface Props {
  code: ResetCode;
  school: string;
  onClose: () => void;
}

export function ResetSlip({ code, school, onClose }: Props) {
  const slip = words().slip;
  const begin = useRef<HTMLElement>(null);
  useEffect(() => begin.current?.scrollIntoView(), [code.code]);
  const address = `${location.host}/recover`;
  return (
    <section ref={begin} class="stack" aria-label={slip.title}>
      <div class="row no-print">
        <button type="button" class="button primary" onClick={() => window.print()}>
          <Icon name="print" />
          {words().print}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {words().closeSlip}
        </button>
      </div>
      <div class="letters">
        <article class="letter" aria-label={slip.title}>
          <header class="letter-head">
            <span />
            <p class="letter-school">{school}</p>
          </header>
          <h2>{slip.title}</h2>
          <p class="letter-to">{slip.to(fullName(code))}</p>
          <p>{slip.lead}</p>
          <div class="letter-code">
            <Qr text={`${location.origin}/join#${code.code}`} label={`QR ${code.code}`} />
            <div>
              <p class="letter-label">{slip.code}</p>
              <p class="letter-symbols" lang="en">
                {code.code}
              </p>
              <p>
                {slip.loginId} <b>{code.login_id}</b>
              </p>
              <p class="letter-until">{slip.until(dayIn('ja', dayOf(code.expires_at)))}</p>
            </div>
          </div>
          <ol class="letter-steps">
            {slip.steps.map((step) => (
              <li key={step}>{step.replace('{url}', address)}</li>
            ))}
          </ol>
          <p>{slip.note}</p>
          <footer class="letter-foot">
            <b>{school}</b>
          </footer>
        </article>
      </div>
    </section>
  );
}
