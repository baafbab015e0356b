// The ways a request fails: the server refuses (Problem) or can't be reached (Unreachable); or the person turns away.

export interface FieldError {
  field: string;
  code: string;
  detail?: string;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldError[],
    readonly members: Record<string, unknown>,
  ) {
    super(code);
  }
}

/** No answer, or an answer that says "later": the same request may be sent again under the same key. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  constructor(readonly retryAfter = 0) {
    super('unreachable');
  }
}

/** The person did not want to prove again who it is. */
export class TurnedAway extends Error {
  override readonly name = 'TurnedAway';
}

/** The person turned away, here or in the browser's own dialog, or took too long: nothing to explain. */
export function isCancelled(error: unknown): boolean {
  return error instanceof TurnedAway || (error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name));
}

/** From an RFC 9457 document; anything else (a proxy's page) keeps its status alone. */
export function problemFrom(status: number, body: unknown): Problem {
  const members = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const type = typeof members.type === 'string' ? members.type : '';
  return new Problem(
    status,
    type.slice(type.lastIndexOf('/') + 1) || String(status),
    typeof members.title === 'string' ? members.title : '',
    typeof members.detail === 'string' ? members.detail : '',
    Array.isArray(members.errors) ? (members.errors as FieldError[]) : [],
    members,
  );
}
