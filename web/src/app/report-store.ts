// The reports' place on the device: one IndexedDB store, shared by the page and the service worker.
import { keepsNothing } from './kept';
import type { Report, ReportStore } from './queue';

const DATABASE = 'todoke';
const STORE = 'reports';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const deviceStore: ReportStore = {
  all: () => run<Report[]>('readonly', (store) => store.getAll()),
  put: async (report) => void (await run('readwrite', (store) => store.put(report))),
  remove: async (key) => void (await run('readwrite', (store) => store.delete(key))),
};

/** A browser that refuses storage still sends while the page is open. */
export function memoryStore(): ReportStore {
  const reports = new Map<string, Report>();
  return {
    all: async () => [...reports.values()],
    put: async (report) => void reports.set(report.key, report),
    remove: async (key) => void reports.delete(key),
  };
}

/** The device's store, or memory when the browser refuses it (a private window) or others use the device as well. */
export function anyStore(): ReportStore {
  const fallback = memoryStore();
  let broken = false;
  const guard =
    <A extends unknown[], T>(act: (store: ReportStore, ...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (broken || keepsNothing()) return act(fallback, ...args);
      try {
        return await act(deviceStore, ...args);
      } catch {
        broken = true;
        return act(fallback, ...args);
      }
    };
  return {
    all: guard((store) => store.all()),
    put: guard((store, report: Report) => store.put(report)),
    remove: guard((store, key: string) => store.remove(key)),
  };
}
