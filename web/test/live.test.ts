import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Live } from '../src/app/live';

class FakeSocket {
  static all: FakeSocket[] = [];
  binaryType = '';
  told: { op: string; topic: string }[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(data: Uint8Array): void {
    this.told.push(decode(data) as { op: string; topic: string });
  }
  close(): void {
    this.closed = true;
  }
  hear(frame: object): void {
    const bytes = encode(frame);
    this.onmessage?.({ data: bytes.slice().buffer as ArrayBuffer });
  }
}

const last = () => FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket;
const row = (id: number, version: number) => ({ id, version });
let signedOut = 0;
let live: Live;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  signedOut = 0;
  live = new Live({ open: () => new FakeSocket() as unknown as WebSocket, onSignedOut: () => (signedOut += 1), onToday: () => {} });
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

async function opened(...topics: string[]) {
  const used = topics.map((name) => live.use(name));
  await vi.advanceTimersByTimeAsync(0);
  last().onopen?.();
  return used;
}

describe('the live client', () => {
  it('opens one socket when something is wanted, and asks for all of it', async () => {
    await opened('absences/class/1', 'absences/class/2');
    expect(FakeSocket.all).toHaveLength(1);
    expect(last().told).toEqual([
      { op: 'sub', topic: 'absences/class/1' },
      { op: 'sub', topic: 'absences/class/2' },
    ]);
  });

  it('reconciles its subscriptions to what is wanted now, on the same socket', async () => {
    await opened('a');
    live.use('b');
    live.release('a');
    await vi.advanceTimersByTimeAsync(400);
    expect(last().told).toEqual([
      { op: 'sub', topic: 'a' },
      { op: 'sub', topic: 'b' },
      { op: 'unsub', topic: 'a' },
    ]);
    live.release('b');
    await vi.advanceTimersByTimeAsync(400);
    expect(last().closed).toBe(true);
    expect(live.connection.value).toBe('idle');
  });

  it('a topic that the next screen wants as well is kept', async () => {
    await opened('a');
    live.release('a');
    live.use('a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(last().told).toEqual([{ op: 'sub', topic: 'a' }]);
  });

  it('marks what arrives while one watches, not what was there', async () => {
    const [topic] = await opened('a');
    last().hear({ t: 'snap', topic: 'a', at: 1, rows: [row(1, 1)] });
    expect(topic?.state.value).toBe('fresh');
    expect(topic?.arrived.value.size).toBe(0);
    last().hear({ t: 'rows', topic: 'a', at: 2, rows: [row(2, 1)] });
    expect([...(topic?.arrived.value ?? [])]).toEqual([2]);
  });

  it('puts a snapshot in parts together', async () => {
    const [topic] = await opened('a');
    last().hear({ t: 'snap', topic: 'a', at: 1, rows: [row(1, 1)], end: false });
    expect(topic?.state.value).toBe('loading');
    last().hear({ t: 'snap', topic: 'a', at: 1, rows: [row(2, 1)], end: true });
    expect(topic?.rows.value.size).toBe(2);
  });

  it('says at once that the connection is lost, keeps what it knew as stale, and heals with a new snapshot', async () => {
    const [topic] = await opened('a');
    last().hear({ t: 'snap', topic: 'a', at: 1, rows: [row(1, 1), row(9, 1)] });
    last().onclose?.({ code: 1006 });
    expect(live.connection.value).toBe('lost');
    expect(topic?.state.value).toBe('stale');
    expect(topic?.rows.value.size).toBe(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(FakeSocket.all).toHaveLength(2);
    last().onopen?.();
    expect(last().told).toEqual([{ op: 'sub', topic: 'a' }]);
    last().hear({ t: 'snap', topic: 'a', at: 2, rows: [row(1, 2), row(3, 1)] });
    expect(topic?.state.value).toBe('fresh');
    expect([...(topic?.rows.value.keys() ?? [])]).toEqual([1, 3]);
    expect([...(topic?.arrived.value ?? [])]).toEqual([3]);
  });

  it('takes 40 s of silence as a loss; a tick is not silence', async () => {
    await opened('a');
    await vi.advanceTimersByTimeAsync(30_000);
    last().hear({ t: 'tick', at: 1, today: '2026-11-24' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(live.connection.value).toBe('open');
    await vi.advanceTimersByTimeAsync(12_000);
    expect(live.connection.value).toBe('lost');
  });

  it('an ended session stops it and asks to sign in', async () => {
    await opened('a');
    last().onclose?.({ code: 4401 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(signedOut).toBe(1);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('waits longer when the server says that it is too busy', async () => {
    await opened('a');
    last().onclose?.({ code: 1013 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it('does not wait for the back-off when the network or the person returns', async () => {
    await opened('a');
    live.networkLost();
    expect(live.connection.value).toBe('lost');
    live.wake();
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('a refused topic is gone, and the others go on', async () => {
    const [a, b] = await opened('a', 'b');
    last().hear({ t: 'gone', topic: 'a', status: 403, title: '' });
    last().hear({ t: 'snap', topic: 'b', at: 1, rows: [] });
    expect(a?.state.value).toBe('gone');
    expect(b?.state.value).toBe('fresh');
  });
});
