// One typed function for every route of the API.
import type { Takes } from './api-types';
import { learnClock } from './clock';
import type { Gives, Route } from './gives';
import { Problem, problemFrom, TurnedAway, Unreachable } from './problem';

const DEADLINE_MS = 10_000;
/** A password waits for its turn to be hashed: giving up early would only make the crowd larger. */
const PASSWORD_DEADLINE_MS = 30_000;
const FILE_DEADLINE_MS = 60_000;

export interface RequestOptions<R extends Route> {
  path?: Record<string, string | number>;
  query?: Record<string, string | number>;
  body?: Takes[R];
  /** Idempotency-Key: what a person writes is sent again under the same key, and counted once. */
  key?: string;
  /** For what the server needs longer for than ten seconds: a whole city's roster. */
  deadline?: number;
}

let onSignedOut: () => void = () => {};

/** Called when any answer says that the session has ended. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

let onProofDue: () => Promise<void> = () => Promise.reject(new TurnedAway());
let proving: Promise<void> | undefined;

/** Asks the person to prove again who it is, when the server wants that first; what was refused is sent again after it. */
export function whenProofDue(ask: () => Promise<void>): void {
  onProofDue = ask;
}

/** All who wait for it wait for one dialog. */
function prove(): Promise<void> {
  proving ??= onProofDue().finally(() => {
    proving = undefined;
  });
  return proving;
}

export function urlOf(template: string, options: Pick<RequestOptions<Route>, 'path' | 'query'>): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => String(options.path?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) query.set(name, String(value));
  return query.size > 0 ? `${path}?${query}` : path;
}

function hasPassword(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'password' in body;
}

async function send(method: string, url: string, options: RequestOptions<Route>): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.key) headers['Idempotency-Key'] = options.key;
  const asked = Date.now();
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(options.deadline ?? (hasPassword(options.body) ? PASSWORD_DEADLINE_MS : DEADLINE_MS)),
    });
    learnClock(response.headers.get('Date'), asked);
    return response;
  } catch {
    throw new Unreachable();
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => {
    throw new Unreachable();
  });
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The answer, if it is a good one. */
async function ask<R extends Route>(route: R, options: RequestOptions<R>): Promise<Response> {
  const [method = 'GET', template = '/'] = route.split(' ');
  const response = await send(method, urlOf(template, options), options);
  if (response.ok) return response;
  if ([502, 503, 504].includes(response.status)) {
    throw new Unreachable(Number(response.headers.get('Retry-After')) || 0);
  }
  const problem = problemFrom(response.status, await bodyOf(response));
  if (problem.code === 'signed_out') onSignedOut();
  throw problem;
}

/** Who has to show again that it is them does so, and the question is asked once more. */
async function answerOf<R extends Route>(route: R, options: RequestOptions<R>): Promise<Response> {
  try {
    return await ask(route, options);
  } catch (error) {
    if (!isProblem(error, 'prove_again')) throw error;
    await prove();
    return ask(route, options);
  }
}

export async function request<R extends Route>(
  route: R,
  options: RequestOptions<R> = {},
): Promise<Gives[R]> {
  return (await bodyOf(await answerOf(route, options))) as Gives[R];
}

/** A list as a file that the browser keeps: for a question that must not stand in an address. */
export async function download<R extends Route>(route: R, options: RequestOptions<R>): Promise<void> {
  const response = await answerOf(route, { deadline: FILE_DEADLINE_MS, ...options });
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? '';
  const file = await response.blob().catch(() => {
    throw new Unreachable();
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = decodeURIComponent(name);
  link.click();
  // Chromium and Safari read the file after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), FILE_DEADLINE_MS);
}

export function isProblem(error: unknown, code?: string): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}

export function newKey(): string {
  return crypto.randomUUID();
}
