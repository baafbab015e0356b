// One socket for all that moves. Screens say which topics they want; the socket's subscriptions are reconciled to that.
//
//   idle -> connecting -> open -> lost -> connecting ...      idle: nothing is wanted, no socket
//
// Nothing depends on seeing every event: after any gap each topic gets a new snapshot.
import { decode, encode } from '@msgpack/msgpack';
import { signal, type Signal } from '@preact/signals';
import { backOff, reconcile, replace, upsert, type Row, type Rows } from './rows';

export type Connection = 'idle' | 'connecting' | 'open' | 'lost';

const PROTOCOL = 'todoke.live.v1';
const SILENCE_MS = 40_000;
const CONNECT_MS = 8_000;
const SIGNED_OUT = 4401;
const RESTARTING = 1012;
const OVERLOADED = [1008, 1013];

export interface Topic<R extends Row = Row> {
  readonly name: string;
  readonly rows: Signal<Rows<R>>;
  /** Ids that came in while the screen was watching. */
  readonly arrived: Signal<ReadonlySet<number>>;
  /** loading: no snapshot yet. fresh: up to date. stale: what was known before the connection went. gone: refused. */
  readonly state: Signal<'loading' | 'fresh' | 'stale' | 'gone'>;
}

interface Entry extends Topic {
  users: number;
  parts: Row[];
}

interface Frame {
  t: 'snap' | 'rows' | 'gone' | 'tick';
  topic?: string;
  at?: number;
  rows?: Row[];
  end?: boolean;
  today?: string;
}

export interface LiveOptions {
  open: () => WebSocket;
  onSignedOut: () => void;
  onToday: (today: string) => void;
}

export class Live {
  readonly connection = signal<Connection>('idle');
  /** When anything last changed on a watched topic, ms. */
  readonly changedAt = signal(0);
  private readonly topics = new Map<string, Entry>();
  private readonly subscribed = new Set<string>();
  private socket: WebSocket | undefined;
  private heardAt = 0;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: LiveOptions) {}

  /** Every use() is answered by one release(). `before`: what was known of it, where it is not yet followed. */
  use<R extends Row>(name: string, before?: R[]): Topic<R> {
    const entry: Entry = this.topics.get(name) ?? {
      name,
      rows: signal<Rows>(new Map(before?.map((row) => [row.id, row]))),
      arrived: signal<ReadonlySet<number>>(new Set()),
      state: signal<'loading' | 'fresh' | 'stale' | 'gone'>(before ? 'stale' : 'loading'),
      users: 0,
      parts: [],
    };
    entry.users += 1;
    this.topics.set(name, entry);
    this.refreshSoon();
    return entry as unknown as Topic<R>;
  }

  release(name: string): void {
    const entry = this.topics.get(name);
    if (!entry) return;
    entry.users -= 1;
    // Late, so that going from one screen to another with the same topic keeps it.
    if (entry.users === 0) setTimeout(() => this.forget(name), 300);
  }

  /** Puts in what an answer over HTTP already told, before the socket does. */
  learn(name: string, row: Row): void {
    const entry = this.topics.get(name);
    if (entry) entry.rows.value = upsert(entry.rows.value, [row]).rows;
  }

  /** The browser says that the network is gone. */
  networkLost(): void {
    if (this.connection.value !== 'idle') this.drop();
  }

  /** The network, or the person, is back: don't wait for the back-off, and don't trust a socket that has been silent. */
  wake(): void {
    if (this.connection.value === 'open' && Date.now() - this.heardAt > 20_000) this.drop();
    if (this.connection.value === 'lost') {
      this.attempt = 0;
      this.connect();
    }
  }

  stop(): void {
    this.topics.clear();
    this.close();
    this.connection.value = 'idle';
  }

  private forget(name: string): void {
    const entry = this.topics.get(name);
    if (!entry || entry.users > 0) return;
    this.topics.delete(name);
    this.refresh();
  }

  private refreshSoon(): void {
    queueMicrotask(() => this.refresh());
  }

  private refresh(): void {
    if (this.topics.size === 0) {
      this.close();
      this.connection.value = 'idle';
    } else if (this.connection.value === 'idle') {
      this.connect();
    } else if (this.connection.value === 'open') {
      const { sub, unsub } = reconcile(this.subscribed, this.topics.keys());
      for (const topic of sub) this.tell('sub', topic);
      for (const topic of unsub) this.tell('unsub', topic);
    }
  }

  private tell(op: 'sub' | 'unsub', topic: string): void {
    this.socket?.send(encode({ op, topic }));
    if (op === 'sub') this.subscribed.add(topic);
    else this.subscribed.delete(topic);
  }

  private connect(): void {
    this.close();
    if (this.connection.value === 'idle') this.connection.value = 'connecting';
    this.heardAt = Date.now();
    const socket = this.options.open();
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.onOpen();
    socket.onmessage = (event) => this.onFrame(event.data as ArrayBuffer);
    socket.onclose = (event) => this.onClose(event.code);
    this.watch = setInterval(() => this.checkSilence(), 1000);
  }

  private close(): void {
    clearTimeout(this.retry);
    clearInterval(this.watch);
    this.subscribed.clear();
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = undefined;
  }

  private onOpen(): void {
    this.attempt = 0;
    this.heardAt = Date.now();
    this.connection.value = 'open';
    this.refresh();
  }

  private onClose(code: number): void {
    if (code === SIGNED_OUT) {
      this.stop();
      this.options.onSignedOut();
      return;
    }
    if (OVERLOADED.includes(code)) this.attempt = Math.max(this.attempt, 4);
    if (code === RESTARTING) this.attempt = 0;
    this.drop();
  }

  private drop(): void {
    this.close();
    this.connection.value = 'lost';
    for (const entry of this.topics.values()) {
      entry.parts = [];
      if (entry.state.value === 'fresh') entry.state.value = 'stale';
    }
    this.retry = setTimeout(() => this.connect(), backOff(this.attempt, Math.random()));
    this.attempt += 1;
  }

  private checkSilence(): void {
    const limit = this.connection.value === 'open' ? SILENCE_MS : CONNECT_MS;
    if (Date.now() - this.heardAt > limit) this.drop();
  }

  private onFrame(data: ArrayBuffer): void {
    this.heardAt = Date.now();
    const frame = decode(data) as Frame;
    if (frame.t === 'tick') {
      if (frame.today) this.options.onToday(frame.today);
      return;
    }
    const entry = this.topics.get(frame.topic ?? '');
    if (!entry) return;
    if (frame.t === 'gone') entry.state.value = 'gone';
    else if (frame.t === 'snap') this.onSnapshot(entry, frame);
    else this.onRows(entry, frame);
  }

  private onSnapshot(entry: Entry, frame: Frame): void {
    entry.parts.push(...(frame.rows ?? []));
    if (frame.end === false) return;
    const merged = replace(entry.rows.value, entry.parts);
    entry.parts = [];
    if (entry.state.value !== 'loading') this.mark(entry, merged.added);
    entry.rows.value = merged.rows;
    entry.state.value = 'fresh';
    this.changedAt.value ||= Date.now();
  }

  private onRows(entry: Entry, frame: Frame): void {
    const merged = upsert(entry.rows.value, frame.rows ?? []);
    if (!merged.changed) return;
    this.mark(entry, merged.added);
    entry.rows.value = merged.rows;
    this.changedAt.value = Date.now();
  }

  private mark(entry: Entry, added: number[]): void {
    if (added.length > 0) entry.arrived.value = new Set([...entry.arrived.value, ...added]);
  }
}

export function openSocket(): WebSocket {
  return new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live`, PROTOCOL);
}
