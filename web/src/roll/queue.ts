// Taps of the roll call on their way. Each is written down before it is sent; a later tap for the same child takes the place of
// one that still waits, and the server keeps the later one of several devices.
import type { Seen } from '../app/gives/roll';

export interface Tap {
  class_id: number;
  student_id: number;
  day: string;
  state: Seen;
  arrived_at?: string;
  left_at?: string;
  seen_at: number;
}

export interface Call {
  class_id: number;
  day: string;
  done: boolean;
}

export interface Waiting {
  account_id: number;
  taps: Tap[];
  calls: Call[];
}

/** gone: the server has it. overtaken: another device's later one stands. lost: it can't be taken. later: try again. */
export type Fate = 'gone' | 'overtaken' | 'lost' | 'later';

export interface RollParts {
  load: () => Waiting | undefined;
  save: (waiting: Waiting) => void;
  sendTap: (tap: Tap) => Promise<Fate>;
  sendCall: (call: Call) => Promise<Fate>;
  onChange: (waiting: Waiting) => void;
  onTrouble: (what: Tap | Call, fate: Fate) => void;
}

const sameChild = (a: Tap, b: Tap) => a.student_id === b.student_id && a.day === b.day;
const sameClass = (a: Call, b: Call) => a.class_id === b.class_id && a.day === b.day;

export class RollQueue {
  private waiting: Waiting;
  private flushing: Promise<void> | undefined;

  /** What somebody else left behind on this device is not sent in this account's name. */
  constructor(
    account_id: number,
    private readonly parts: RollParts,
  ) {
    const left = parts.load();
    this.waiting = left?.account_id === account_id ? left : { account_id, taps: [], calls: [] };
    parts.onChange(this.waiting);
  }

  tap(tap: Tap): Promise<void> {
    this.put({ taps: [...this.waiting.taps.filter((one) => !sameChild(one, tap)), tap] });
    return this.flush();
  }

  call(call: Call): Promise<void> {
    this.put({ calls: [...this.waiting.calls.filter((one) => !sameClass(one, call)), call] });
    return this.flush();
  }

  /** Taps first: a class is done only after what was seen in it. One flush at a time. */
  flush(): Promise<void> {
    this.flushing ??= this.flushAll().finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  private async flushAll(): Promise<void> {
    for (;;) {
      const [tap] = this.waiting.taps;
      const [call] = this.waiting.calls;
      if (tap) {
        const fate = await this.parts.sendTap(tap);
        if (fate === 'later') return;
        this.put({ taps: this.waiting.taps.filter((one) => one !== tap) });
        if (fate !== 'gone') this.parts.onTrouble(tap, fate);
      } else if (call) {
        const fate = await this.parts.sendCall(call);
        if (fate === 'later') return;
        this.put({ calls: this.waiting.calls.filter((one) => one !== call) });
        if (fate !== 'gone') this.parts.onTrouble(call, fate);
      } else return;
    }
  }

  private put(change: Partial<Waiting>): void {
    this.waiting = { ...this.waiting, ...change };
    this.parts.save(this.waiting);
    this.parts.onChange(this.waiting);
  }
}
