// The page's one queue of taps, and what a child's state is with those that are still on their way.
import { signal } from '@preact/signals';
import { isProblem, request } from '../app/api';
import { live } from '../app/connection';
import type { Attendance, RollCall, Seen } from '../app/gives/roll';
import { keep, kept } from '../app/kept';
import { Problem } from '../app/problem';
import { session } from '../app/session';
import { failure } from '../staff/failure';
import { studentName } from '../staff/roster';
import { type Call, type Fate, RollQueue, type Tap, type Waiting } from './queue';
import { words } from './words';

const RETRY_MS = 5_000;

export const waiting = signal<Waiting>({ account_id: 0, taps: [], calls: [] });
let queue: RollQueue | undefined;

function fateOf(error: unknown): Fate {
  if (!(error instanceof Problem) || error.status === 401 || error.status === 429) return 'later';
  return isProblem(error, 'overtaken') ? 'overtaken' : 'lost';
}

async function sendTap(tap: Tap): Promise<Fate> {
  const { class_id, student_id, ...body } = tap;
  try {
    const { id, version, at } = await request('PUT /api/students/{student_id}/attendance', { path: { student_id }, body });
    const { day, state, arrived_at = null, left_at = null } = tap;
    const row: Attendance = { id, class_id, student_id, day, state, arrived_at, left_at, changed_at: at, version };
    live.learn(`attendance/class/${class_id}`, row);
    return 'gone';
  } catch (error) {
    return fateOf(error);
  }
}

async function sendCall({ class_id, day, done }: Call): Promise<Fate> {
  try {
    const { id, version, at } = await request('PUT /api/classes/{class_id}/roll', { path: { class_id }, body: { day, done } });
    const row: RollCall = { id, class_id, day, done_at: done ? at : null, version };
    live.learn(`rolls/class/${class_id}`, row);
    return 'gone';
  } catch (error) {
    return fateOf(error);
  }
}

function onTrouble(what: Tap | Call, fate: Fate): void {
  if (!('student_id' in what)) failure.value = words().lostDone;
  else failure.value = (fate === 'overtaken' ? words().overtaken : words().lost)(studentName(what.student_id));
}

export function roll(): RollQueue {
  if (queue) return queue;
  queue = new RollQueue(session.value?.account_id ?? 0, {
    load: () => kept<Waiting>('roll'),
    save: (now) => keep('roll', now),
    sendTap,
    sendCall,
    onChange: (now) => (waiting.value = now),
    onTrouble,
  });
  addEventListener('online', () => void queue?.flush());
  setInterval(() => void queue?.flush(), RETRY_MS);
  void queue.flush();
  return queue;
}

export interface Tapped {
  state: Seen;
  arrived_at: string | null;
  left_at: string | null;
  waits: boolean;
}

/** The last tap that is known here: on its way, or stored. */
export function tapped(student_id: number, day: string, stored: Attendance | undefined): Tapped | undefined {
  const tap = waiting.value.taps.find((one) => one.student_id === student_id && one.day === day);
  if (tap) return { state: tap.state, arrived_at: tap.arrived_at ?? null, left_at: tap.left_at ?? null, waits: true };
  return stored && { state: stored.state, arrived_at: stored.arrived_at, left_at: stored.left_at, waits: false };
}
