// The page's queue of reports, and when it is tried: at once, when the network returns, and every 10 s while something waits.
import { effect, signal } from '@preact/signals';
import { live } from './connection';
import { type Outcome, type Report, ReportQueue } from './queue';
import { anyStore } from './report-store';
import { sendReport } from './send-report';
import { session } from './session';

const RETRY_MS = 10_000;

export const reports = signal<Report[]>([]);

const queue = new ReportQueue(anyStore(), sendReport, (all) => (reports.value = all));

export function waiting(): Report[] {
  return reports.value.filter((report) => report.state === 'waiting' && report.account_id === session.value?.account_id);
}

export function refused(): Report[] {
  return reports.value.filter((report) => report.state === 'refused' && report.account_id === session.value?.account_id);
}

export function sendNow(): void {
  if (session.value && waiting().length > 0) void queue.flush(session.value.account_id);
}

export async function addReport(report: Report): Promise<Outcome> {
  const outcome = await queue.add(report);
  if (outcome.state === 'waiting') askToSync();
  return outcome;
}

export function removeReport(key: string): Promise<void> {
  return queue.remove(key);
}

/** Where the browser can, the report also goes out after the page is closed. */
function askToSync(): void {
  void navigator.serviceWorker?.ready
    .then((worker) => (worker as ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }).sync?.register('reports'))
    .catch(() => undefined);
}

export async function startReports(): Promise<void> {
  await queue.load();
  addEventListener('online', sendNow);
  document.addEventListener('visibilitychange', sendNow);
  navigator.serviceWorker?.addEventListener('message', () => void queue.load());
  setInterval(sendNow, RETRY_MS);
  effect(() => {
    if (session.value && live.connection.value === 'open') sendNow();
  });
}
