// A file on its way to the server, with how far it is: fetch can't tell, XMLHttpRequest can.
import { urlOf } from './api';
import type { Gives, Route } from './gives';
import { problemFrom, Unreachable } from './problem';

interface UploadOptions {
  path?: Record<string, string | number>;
  query?: Record<string, string | number>;
  body: Blob;
  type: string;
  key?: string;
  /** 0..1 of what has been sent; 1: the server is at work. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
}

const DEADLINE_MS = 180_000;

export function upload<R extends Route>(route: R, options: UploadOptions): Promise<Gives[R]> {
  const [method = 'POST', template = '/'] = route.split(' ');
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open(method, urlOf(template, options));
    sending.timeout = DEADLINE_MS;
    sending.setRequestHeader('Accept', 'application/json');
    sending.setRequestHeader('Content-Type', options.type);
    if (options.key) sending.setRequestHeader('Idempotency-Key', options.key);
    sending.upload.onprogress = (event) => options.onProgress?.(event.total > 0 ? event.loaded / event.total : 1);
    sending.upload.onload = () => options.onProgress?.(1);
    sending.onload = () => {
      let body: unknown;
      try {
        body = JSON.parse(sending.responseText);
      } catch {
        body = undefined;
      }
      if (sending.status >= 200 && sending.status < 300) resolve(body as Gives[R]);
      else if ([502, 503, 504].includes(sending.status)) reject(new Unreachable(Number(sending.getResponseHeader('Retry-After')) || 0));
      else reject(problemFrom(sending.status, body));
    };
    sending.onerror = sending.ontimeout = sending.onabort = () => reject(new Unreachable());
    options.signal?.addEventListener('abort', () => sending.abort());
    sending.send(options.body);
  });
}
