// From the letter's QR: /join#XXXX-XXXX-XXXX. What stands behind # is sent to no server; here it leaves the address bar
// at once, so that it stays in no history and no picture of the screen. The screens take it from the tab.
import { signal } from '@preact/signals';
import { keepInTab, keptInTab } from '../app/tab';

const NAME = 'join.code';
export const arrived = signal(keptInTab<string>(NAME) ?? '');

function take(): void {
  if (location.pathname !== '/join' || location.hash.length < 2) return;
  arrived.value = location.hash.slice(1, 65);
  keepInTab(NAME, arrived.value);
  history.replaceState(null, '', '/join');
}

export function takeArrivingCodes(): void {
  take();
  addEventListener('hashchange', take);
}

export function codeTaken(): void {
  arrived.value = '';
  keepInTab(NAME, '');
}
