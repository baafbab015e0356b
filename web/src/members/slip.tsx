// The invitation on paper, for a colleague without mail.
import { useEffect, useRef } from 'preact/hooks';
import { dayOf } from '../app/days';
import { dayIn } from '../letters/texts/text';
import { Icon } from '../ui/icon';
import { fullName } from '../ui/name';
import { Qr } from '../ui/qr';
import type { Invited } from './invite';
import { words } from './words';
import '../letters/letters.css';

export function InvitationSlip({ of, place, onClose }: { of: Invited; place: string; onClose: () => void }) {
  const { slip, role } = words();
  const begin = useRef<HTMLElement>(null);
  useEffect(() => begin.current?.scrollIntoView(), [of.code]);
  return (
    <section ref={begin} class="stack" aria-label={words().code}>
      <div class="row no-print">
        <span>{words().codeLead}</span>
        <button type="button" class="button primary" onClick={() => window.print()}>
          <Icon name="print" />
          {words().print}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {words().close}
        </button>
      </div>
      <div class="letters">
        <article class="letter" aria-label={slip.title}>
          <header class="letter-head">
            <span />
            <p class="letter-school">{place}</p>
          </header>
          <h2>{slip.title}</h2>
          <p class="letter-to">{slip.to(fullName(of))}</p>
          <p>{slip.lead(place, role[of.role] ?? of.role)}</p>
          <div class="letter-code">
            <Qr text={`${location.origin}/staff-join#${of.code}`} label={`QR ${of.code}`} />
            <div>
              <p class="letter-label">{words().code}</p>
              <p class="letter-symbols" lang="en">
                {of.code}
              </p>
              <p class="letter-address" lang="en">
                {location.host}/staff-join
              </p>
              <p class="letter-until">{slip.until(dayIn('ja', dayOf(of.expires_at)))}</p>
            </div>
          </div>
          <ol class="letter-steps">
            {slip.steps.map((step) => (
              <li key={step}>{step.replace('{url}', `${location.host}/staff-join`)}</li>
            ))}
          </ol>
          <p>{slip.note}</p>
          <footer class="letter-foot">
            <b>{place}</b>
          </footer>
        </article>
      </div>
    </section>
  );
}
