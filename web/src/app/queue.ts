// Reports on their way to the school. Each is written down before it is sent, so that a lost network, a closed page
// or a flat battery loses nothing; it is sent under one key until the server has answered, so that nothing is doubled.
//
//   waiting -> sent      the server keeps it (answer)
//           -> refused   the server said no (problem); waiting again only as a new report
import type { AbsenceInput, Receipt } from './nouns';

export interface Report {
  key: string;
  account_id: number;
  made_at: number;
  body: AbsenceInput & { student_id: number };
  state: 'waiting' | 'sent' | 'refused';
  answer?: Receipt;
  problem?: { status: number; code: string; title: string; members: Record<string, unknown> };
}

/** Where reports are written down: IndexedDB in the browser, a Map in tests. */
export interface ReportStore {
  all(): Promise<Report[]>;
  put(report: Report): Promise<void>;
  remove(key: string): Promise<void>;
}

export type Outcome =
  | { state: 'sent'; answer: Receipt }
  | { state: 'refused'; problem: NonNullable<Report['problem']> }
  | { state: 'waiting' };

/** Sends one report once. Answers 'waiting' when it must be tried again, and never throws. */
export type Sender = (report: Report) => Promise<Outcome>;

const KEEP_SENT_MS = 24 * 3600_000;

export class ReportQueue {
  private flushing: Promise<void> | undefined;

  constructor(
    private readonly store: ReportStore,
    private readonly send: Sender,
    private readonly onChange: (reports: Report[]) => void,
  ) {}

  async load(): Promise<void> {
    await this.tidy();
    await this.changed();
  }

  /** Writes the report down, then tries to send it. */
  async add(report: Report): Promise<Outcome> {
    await this.store.put(report);
    await this.changed();
    return this.deliver(report);
  }

  /** Tries all that waits, oldest first; one flush at a time. Stops at the first that can't be sent. */
  flush(account_id: number): Promise<void> {
    this.flushing ??= this.flushAll(account_id).finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  async remove(key: string): Promise<void> {
    await this.store.remove(key);
    await this.changed();
  }

  private async flushAll(account_id: number): Promise<void> {
    const waiting = (await this.store.all()).filter((r) => r.state === 'waiting' && r.account_id === account_id);
    for (const report of waiting.sort((a, b) => a.made_at - b.made_at)) {
      if ((await this.deliver(report)).state === 'waiting') return;
    }
  }

  private async deliver(report: Report): Promise<Outcome> {
    const outcome = await this.send(report);
    if (outcome.state === 'waiting') return outcome;
    await this.store.put(settled(report, outcome));
    await this.changed();
    return outcome;
  }

  private async tidy(): Promise<void> {
    for (const report of await this.store.all()) {
      if (report.state === 'sent' && Date.now() - report.made_at > KEEP_SENT_MS) await this.store.remove(report.key);
    }
  }

  private async changed(): Promise<void> {
    this.onChange(await this.store.all());
  }
}

/** What was sent needs no copy of the family's words on the device. */
export function settled(report: Report, outcome: Exclude<Outcome, { state: 'waiting' }>): Report {
  if (outcome.state === 'refused') return { ...report, state: 'refused', problem: outcome.problem };
  const { note: _, pick_up_note: __, symptoms: ___, ...body } = report.body;
  return { ...report, body, state: 'sent', answer: outcome.answer };
}
