import { describe, expect, it } from 'vitest';
import { type Outcome, type Report, ReportQueue } from '../src/app/queue';
import { memoryStore } from '../src/app/report-store';

function report(key: string, made_at = Date.now(), account_id = 1): Report {
  const body = { student_id: 7, first_day: '2026-11-24', kind: 'absent' as const, note: '38度' };
  return { key, account_id, made_at, body, state: 'waiting' };
}

const answer = { id: 12, version: 1, at: '2026-11-24T07:42:00+09:00' };
const sent: Outcome = { state: 'sent', answer };
const later: Outcome = { state: 'waiting' };

function queueWith(outcomes: (Outcome | ((report: Report) => Outcome))[]) {
  const store = memoryStore();
  const tried: string[] = [];
  let shown: Report[] = [];
  const send = async (one: Report) => {
    tried.push(one.key);
    const next = outcomes.length > 1 ? outcomes.shift() : outcomes[0];
    return typeof next === 'function' ? next(one) : (next ?? later);
  };
  const queue = new ReportQueue(store, send, (all) => (shown = all));
  return { store, queue, tried, shown: () => shown };
}

describe('reports on their way', () => {
  it('is written down before it is sent', async () => {
    const store = memoryStore();
    let there = 0;
    const queue = new ReportQueue(store, async () => ((there = (await store.all()).length), sent), () => {});
    await queue.add(report('a'));
    expect(there).toBe(1);
  });

  it('waits without a network, then goes out under the same key, once', async () => {
    const { queue, tried, shown } = queueWith([later, sent]);
    expect(await queue.add(report('a'))).toEqual(later);
    await queue.flush(1);
    await queue.flush(1);
    expect(tried).toEqual(['a', 'a']);
    expect(shown()[0]).toMatchObject({ key: 'a', state: 'sent', answer });
  });

  it("5(2)ア sends symptoms and who picks up, and keeps no copy of the family's words once it is sent", async () => {
    const said = { kind: 'leave_early', leave_at: '13:30', symptoms: ['fever'], pick_up: 'other_person', pick_up_note: '祖母' } as const;
    let went: Report['body'] | undefined;
    const { queue, shown } = queueWith([later, (one) => ((went = one.body), sent)]);
    const waits = report('a');
    await queue.add({ ...waits, body: { ...waits.body, ...said, symptoms: [...said.symptoms] } });
    expect(shown()[0]?.body).toMatchObject(said);
    await queue.flush(1);
    expect(went).toMatchObject({ ...said, note: '38度' });
    for (const words of ['note', 'pick_up_note', 'symptoms']) expect(shown()[0]?.body).not.toHaveProperty(words);
  });

  it('keeps what was refused, with the reason, and does not try it again', async () => {
    const problem = { status: 409, code: 'already_reported', title: '', members: { absence_id: 3 } };
    const { queue, tried, shown } = queueWith([{ state: 'refused', problem }]);
    await queue.add(report('a'));
    await queue.flush(1);
    expect(tried).toEqual(['a']);
    expect(shown()[0]).toMatchObject({ state: 'refused', problem });
  });

  it('goes oldest first and stops at the first that cannot be sent', async () => {
    const { store, queue, tried } = queueWith([later]);
    await store.put(report('new', 200));
    await store.put(report('old', 100));
    await queue.flush(1);
    expect(tried).toEqual(['old']);
  });

  it("never sends another account's report", async () => {
    const { store, queue, tried } = queueWith([sent]);
    await store.put(report('a', 1, 2));
    await queue.flush(1);
    expect(tried).toEqual([]);
  });

  it('two flushes at once are one', async () => {
    const { store, queue, tried } = queueWith([sent]);
    await store.put(report('a'));
    await Promise.all([queue.flush(1), queue.flush(1)]);
    expect(tried).toEqual(['a']);
  });

  it('forgets what was sent more than a day ago, never what waits', async () => {
    const { store, queue, shown } = queueWith([sent]);
    await store.put({ ...report('done', 0), state: 'sent', answer });
    await store.put(report('waits', 0));
    await queue.load();
    expect(shown().map((one) => one.key)).toEqual(['waits']);
  });
});
