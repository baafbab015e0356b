// After the first report: would they like to be told on this device? The browser is asked nothing until a button on
// the page of notifications is pressed.
import { useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { keep, kept, keepsNothing } from '../app/kept';
import { reports } from '../app/reports';
import { session } from '../app/session';
import { Notice } from '../ui/notice';

const LATER = 'push.later';

function mayAsk(): boolean {
  if (keepsNothing() || kept(LATER) || kept('push')) return false;
  const onPhone = /iPhone|iPad/.test(navigator.userAgent);
  if (!('Notification' in window)) return onPhone;
  return Notification.permission === 'default';
}

export function NotifyInvitation() {
  const [asks, setAsks] = useState(mayAsk);
  const words = t().notify;
  const reported = reports.value.some((report) => report.state === 'sent' && report.account_id === session.value?.account_id);
  if (!asks || !reported) return null;
  const later = () => {
    keep(LATER, true);
    setAsks(false);
  };
  return (
    <Notice tone="info">
      <p>{words.lead}</p>
      <div class="row">
        <a class="button" href="/account/notifications">
          {words.go}
        </a>
        <button type="button" class="button quiet" onClick={later}>
          {words.later}
        </button>
      </div>
    </Notice>
  );
}
