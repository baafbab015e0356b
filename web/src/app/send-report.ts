// Sends one report: what the page and the service worker do alike.
import { request } from './api';
import { Problem } from './problem';
import type { Outcome, Report } from './queue';

/** Answers that say nothing about the report itself: it stays, and goes out later. */
function mayPass(status: number): boolean {
  return status === 401 || status === 408 || status === 429 || status >= 500;
}

export async function sendReport(report: Report): Promise<Outcome> {
  try {
    const answer = await request('POST /api/absences', { body: report.body, key: report.key });
    return { state: 'sent', answer };
  } catch (error) {
    if (!(error instanceof Problem) || mayPass(error.status)) return { state: 'waiting' };
    const { status, code, title, members } = error;
    return { state: 'refused', problem: { status, code, title, members } };
  }
}
