// The service worker: keeps the shell (page, a guardian's scripts and styles; other screens' once they were opened) so that the app opens without a network, and sends
// waiting reports when the browser says that the network is back. It never keeps an answer of the API. Pushes become
// notifications: what is pushed is a kind and an address, the words are here (app/push-words.ts).
import { request } from './app/api';
import { type Pushed, pushText, pushUrl } from './app/push-words';
import { ReportQueue } from './app/queue';
import { deviceStore } from './app/report-store';
import { sendReport } from './app/send-report';

declare const self: ServiceWorkerGlobalScope;
interface SyncEvent extends ExtendableEvent {
  tag: string;
}

// Put in by scripts/finish.mjs: the build's own name and its files.
const BUILD = '__BUILD__';
const SHELL = '__SHELL__'.split(' ');
const CACHE = `todoke-${BUILD}`;

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL);
  await self.skipWaiting();
}

async function clean(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The network first, so that an upgrade shows at once; without it, the kept page. */
async function page(event: FetchEvent): Promise<Response> {
  try {
    const response = await fetch(event.request);
    if (response.ok) return response;
    return (await caches.match('/', { cacheName: CACHE })) ?? response;
  } catch (error) {
    const shell = await caches.match('/', { cacheName: CACHE });
    if (shell) return shell;
    throw error;
  }
}

async function asset(event: FetchEvent): Promise<Response> {
  const kept = await caches.match(event.request, { cacheName: CACHE });
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok) {
    const copy = response.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(event.request, copy)));
  }
  return response;
}

async function sendWaiting(): Promise<void> {
  const who = await request('GET /api/session');
  const queue = new ReportQueue(deviceStore, sendReport, () => undefined);
  await queue.flush(who.account_id);
  for (const client of await self.clients.matchAll()) client.postMessage('reports');
  const left = await deviceStore.all();
  if (left.some((report) => report.state === 'waiting' && report.account_id === who.account_id)) throw new Error('later');
}

function pushed(event: PushEvent): Pushed {
  try {
    const data: unknown = event.data?.json();
    return typeof data === 'object' && data !== null ? data : {};
  } catch {
    return {};
  }
}

async function notify(data: Pushed): Promise<void> {
  const options: NotificationOptions & { renotify?: boolean } = {
    body: pushText(data),
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    lang: 'ja',
    data: { url: pushUrl(data) },
    requireInteraction: data.kind === 'child_unaccounted',
  };
  if (data.tag) Object.assign(options, { tag: data.tag, renotify: true });
  await self.registration.showNotification('todoke', options);
}

async function open(path: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).origin === location.origin);
  if (!page) return void (await self.clients.openWindow(path));
  await page.focus();
  page.postMessage({ open: path });
}

/** The push service changed the subscription: the server is told, if this device is still signed in. */
async function renew(event: Event): Promise<void> {
  const before = (event as Event & { oldSubscription?: PushSubscription | null }).oldSubscription;
  const { push_key } = await request('GET /api/account/notifications');
  const key = before?.options.applicationServerKey ?? (push_key ? Uint8Array.from(atob(push_key.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)) : null);
  if (!key) return;
  const { endpoint, keys } = (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
  await request('PUT /api/account/notifications/device', { body: { endpoint: endpoint ?? '', p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } });
}

self.addEventListener('push', (event) => event.waitUntil(notify(pushed(event))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { url } = (event.notification.data ?? {}) as Pushed;
  event.waitUntil(open(pushUrl({ url })));
});
self.addEventListener('pushsubscriptionchange', (event) => (event as ExtendableEvent).waitUntil(renew(event).catch(() => undefined)));

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(clean()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (event.request.mode === 'navigate' && !url.pathname.startsWith('/api/')) event.respondWith(page(event));
  else if (SHELL.includes(url.pathname) || url.pathname.startsWith('/assets/')) event.respondWith(asset(event));
});

self.addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === 'reports') sync.waitUntil(sendWaiting());
});
