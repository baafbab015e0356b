// The server's clock, as far as answers tell it: of two devices the later tap counts, also when one's clock is wrong.

/** Seconds are all that an answer says: a device that is no further off is right. */
const GOOD_MS = 2_000;
let behind = 0;

/** What an answer's Date says about this device's clock, which showed `asked` and `answered` around it. */
export function learnClock(date: string | null, asked: number, answered = Date.now()): void {
  const said = Date.parse(date ?? '');
  if (Number.isNaN(said)) return;
  const off = said + 500 - (asked + answered) / 2;
  behind = Math.abs(off) <= GOOD_MS + (answered - asked) / 2 ? 0 : Math.round(off);
}

export const serverNow = (now = Date.now()): number => now + behind;
