import { t } from '../app/i18n';
import { session } from '../app/session';
import { isDemo } from './accounts';

/** A demonstration says on each page that it is one. */
export function DemoBanner() {
  if (!(session.value?.demo ?? isDemo.value)) return null;
  return (
    <p class="demo-banner">
      {t().app.demo} <a href="/demo/mails">{t().app.demoMails}</a>
    </p>
  );
}
