// Notifications on this device: what the browser can, its subscription at the push service, and telling the server of it.
import { request } from './api';
import { keep, kept } from './kept';

/** home-screen: Safari on iPhone and iPad notifies only what was added to the home screen. */
export type PushState = 'unsupported' | 'home-screen' | 'denied' | 'off' | 'on';

/** This account switched it on here; again said to the server whenever the app starts. */
const KEPT = 'push';

export function isTouchApple(): boolean {
  return /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

export function canPush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return canPush() ? navigator.serviceWorker.getRegistration() : undefined;
}

async function subscription(): Promise<PushSubscription | null> {
  return (await (await registration())?.pushManager.getSubscription()) ?? null;
}

export async function pushState(): Promise<PushState> {
  if (!canPush()) return isTouchApple() ? 'home-screen' : 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && (await subscription()) ? 'on' : 'off';
}

async function tell(of: PushSubscription): Promise<void> {
  const { endpoint, keys } = of.toJSON();
  await request('PUT /api/account/notifications/device', { body: { endpoint: endpoint ?? '', p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } });
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function isOf(subscribed: PushSubscription, key: Uint8Array): boolean {
  const own = new Uint8Array(subscribed.options.applicationServerKey ?? new ArrayBuffer(0));
  return own.length === key.length && own.every((byte, i) => byte === key[i]);
}

/** Under the server's key of today; one of another key (a restored server) is given up. */
async function subscribe(manager: PushManager, push_key: string): Promise<PushSubscription> {
  const key = bytesOf(push_key);
  const before = await manager.getSubscription();
  if (before && isOf(before, key)) return before;
  await before?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** Asks for the permission: only ever after a press on a button that says so. False: it was not given. */
export async function switchOn(push_key: string, account_id: number): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const worker = await navigator.serviceWorker.ready;
  await tell(await subscribe(worker.pushManager, push_key));
  keep(KEPT, account_id);
  return true;
}

export async function switchOff(): Promise<void> {
  await request('DELETE /api/account/notifications/device');
  keep(KEPT, null);
  await (await subscription())?.unsubscribe();
}

/** Who signs out of this device leaves nothing on it. */
export async function forgetPush(): Promise<void> {
  await (await subscription())?.unsubscribe();
}

/** A new session, a new endpoint, a new key: the server is told what holds now. */
export async function refreshPush(account_id: number): Promise<void> {
  if (kept<number>(KEPT) !== account_id || !canPush() || Notification.permission !== 'granted') return;
  const worker = await registration();
  const { push_key } = await request('GET /api/account/notifications');
  if (worker && push_key) await tell(await subscribe(worker.pushManager, push_key));
}
