import { expect, it } from 'vitest';
import { learnClock, serverNow } from '../src/app/clock';

it('5(2)朝-3 a device whose clock is wrong counts by the server’s; one that is right by its own', () => {
  const device = Date.parse('2026-11-26T08:30:00Z');
  expect(serverNow(device)).toBe(device);
  learnClock('Thu, 26 Nov 2026 08:40:00 GMT', device, device + 100);
  expect(serverNow(device)).toBe(device + 600_450);
  learnClock(null, device, device + 100);
  expect(serverNow(device)).toBe(device + 600_450);
  learnClock('Thu, 26 Nov 2026 07:30:00 GMT', device, device + 100);
  expect(serverNow(device)).toBe(device - 3_599_550);
  learnClock('Thu, 26 Nov 2026 08:29:59 GMT', device, device + 100);
  expect(serverNow(device)).toBe(device);
  learnClock('Thu, 26 Nov 2026 08:30:09 GMT', device, device + 9_000);
  expect(serverNow(device)).toBe(device);
});
