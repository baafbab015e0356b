import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { request } from '../app/api';
import { t } from '../app/i18n';
import type { DemoAccount } from '../app/nouns';
import { Icon } from '../ui/icon';

const accounts = signal<DemoAccount[]>([]);

/** Whose code is filled in when a second factor is asked for. */
export const chosenDemo = signal('');

/** What the chosen account's authenticator app shows now. */
export async function demoCode(): Promise<string | null> {
  const { rows } = await request('GET /api/demo-accounts');
  return rows.find((row) => row.login_id === chosenDemo.value)?.code ?? null;
}

/** Before sign-in: a server that lists demonstration accounts is a demonstration. */
export const isDemo = computed(() => accounts.value.length > 0);

export async function askDemo(): Promise<void> {
  try {
    accounts.value = (await request('GET /api/demo-accounts')).rows;
  } catch {
    accounts.value = [];
  }
}

export function DemoAccounts({ onChoose }: { onChoose: (account: DemoAccount) => void }) {
  useEffect(() => void askDemo(), []);
  if (!isDemo.value) return null;
  const words = t().signin;
  return (
    <section class="demo-accounts" aria-labelledby="demo-title">
      <h2 id="demo-title">{words.demoTitle}</h2>
      <p>{words.demoLead}</p>
      <ul>
        {accounts.value.map((account) => (
          <li key={account.login_id}>
            <button type="button" class="choice" onClick={() => onChoose(account)}>
              <span>
                <strong>{account.label}</strong>
                <span class="sub">{account.login_id}</span>
              </span>
              <Icon name="arrow" />
            </button>
          </li>
        ))}
      </ul>
      <a class="button" href="/demo/mails">
        {t().app.demoMails}
      </a>
    </section>
  );
}
