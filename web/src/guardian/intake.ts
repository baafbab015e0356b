// Hours in which a child's school takes no reports, and the days that are not as Monday to Friday are. Known ahead, so that the screen
// changes by itself when the time comes.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { request } from '../app/api';
import { addDays, isWeekend } from '../app/days';
import { daysOf, type Draft } from '../app/draft';
import type { ChildDay, ShutWindow } from '../app/gives/settings';
import { keep, kept } from '../app/kept';
import type { Child, Kind } from '../app/nouns';
import { today } from '../app/store';

const GRACE_MS = 15 * 60_000;
const OLD_MS = 3600_000;
const FRESH_MS = 5 * 60_000;
/** Everybody's screen learns that hours are over at the same time: they ask one after the other. */
const SPREAD_MS = 20_000;

const windows = signal<ShutWindow[]>([]);
const days = signal<Map<string, ChildDay>>(new Map());
const now = signal(Date.now());
let loadedAt = 0;

async function load(): Promise<void> {
  loadedAt = Date.now();
  const [shut, off] = await Promise.all([request('GET /api/children/intake'), request('GET /api/children/days')]);
  windows.value = shut.rows;
  setDays(off.rows);
  keep('days', off.rows);
}

function setDays(rows: ChildDay[]): void {
  days.value = new Map(rows.map((row) => [`${row.student_id} ${row.day}`, row]));
}

const begin = (window: ShutWindow) => Date.parse(window.starts_at);
const end = (window: ShutWindow) => Date.parse(window.ends_at);

/** Until the next moment at which something begins or ends. */
function untilNext(): number {
  const ahead = windows.value.flatMap((one) => [begin(one), end(one)]).filter((at) => at > now.value);
  return Math.min(...ahead, now.value + OLD_MS) - now.value;
}

/** Keeps what the screen says about hours and days true while it is open. */
export function useIntake(): void {
  useEffect(() => {
    let timer = 0;
    if (days.value.size === 0) setDays(kept<ChildDay[]>('days') ?? []);
    const ask = () => load().catch(() => undefined).then(plan);
    const plan = () => {
      clearTimeout(timer);
      now.value = Date.now();
      timer = window.setTimeout(() => {
        const over = windows.value.some((one) => end(one) <= Date.now());
        plan();
        if (over) timer = window.setTimeout(() => void ask(), Math.random() * SPREAD_MS);
      }, untilNext() + 50);
    };
    const seen = () => {
      now.value = Date.now();
      if (document.visibilityState === 'visible' && Date.now() - loadedAt > FRESH_MS) void ask();
    };
    document.addEventListener('visibilitychange', seen);
    if (Date.now() - loadedAt > FRESH_MS) void ask();
    else plan();
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);
}

/** What is open now at a school; for a report of that kind beginning that day, when it is named. */
export function shutAt(school_id: number, of?: { kind: Kind; first: string }): ShutWindow[] {
  return windows.value.filter(
    (one) =>
      one.school_id === school_id &&
      begin(one) <= now.value &&
      now.value < end(one) &&
      (!of || ((one.kinds as string[]).includes(of.kind) && (one.about === 'any' || of.first === today.value))),
  );
}

/** Begun before the window: until when it is still taken; 0: not any more. */
export function graceUntil(window: ShutWindow, begun: number): number {
  const until = begun + GRACE_MS;
  return begun < begin(window) && until > now.value ? until : 0;
}

/** Why a child has no school that day; undefined: it has. */
export function dayOff(child: Child, day: string): string | undefined {
  const said = days.value.get(`${child.student_id} ${day}`);
  const off = said ? !said.is_school : isWeekend(day);
  return off ? (said?.label ?? '') : undefined;
}

/** No chosen child has school on any of the days. */
export function noSchool(chosen: Child[], draft: Draft): boolean {
  const [first, last] = daysOf(draft);
  if (chosen.length === 0 || !first || !last) return false;
  for (let day = first; day <= last; day = addDays(day, 1)) {
    if (chosen.some((child) => dayOff(child, day) === undefined)) return false;
    if (day >= addDays(first, 31)) break;
  }
  return first <= last;
}
