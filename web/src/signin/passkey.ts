// Passkeys in the browser: from the server's options to its two routes.
import { request } from '../app/api';
import { acceptSession } from '../app/session';
import type { Takes } from '../app/api-types';

const supported = typeof PublicKeyCredential !== 'undefined' && typeof navigator.credentials?.get === 'function';

/** Whether this device can make a passkey of its own (fingerprint, face, screen lock). */
export async function canMakePasskey(): Promise<boolean> {
  return supported && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false));
}

export const canShowPasskey = (): boolean => supported;

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

export function toBase64url(bytes: ArrayBuffer): string {
  let binary = '';
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** The authenticator data inside an attestation object (CBOR), for browsers that don't give it alone (before 2023). */
export function authenticatorDataOf(attestation: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(attestation);
  const name = [0x68, ...new TextEncoder().encode('authData')];
  const at = bytes.findIndex((_, i) => name.every((byte, n) => bytes[i + n] === byte)) + name.length;
  const kind = bytes[at] ?? 0;
  const [from, length] = kind === 0x58 ? [at + 2, bytes[at + 1] ?? 0] : [at + 3, ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)];
  return attestation.slice(from, from + length);
}

/** The person turned away, or took too long: nothing to explain. */
export function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);
}

/** This device has one already. */
export function isKnown(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError';
}

/** What a person would call this device. */
export function deviceName(agent = navigator.userAgent): string {
  const names: [RegExp, string][] = [[/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/CrOS/, 'Chromebook'], [/Macintosh/, 'Mac'], [/Linux/, 'Linux']];
  return names.find(([pattern]) => pattern.test(agent))?.[1] ?? '';
}

/** Makes a passkey on this device, for the account that is signed in. */
export async function makePasskey(name: string): Promise<void> {
  const options = await request('GET /api/passkeys/challenge');
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: fromBase64url(options.challenge),
      rp: { id: options.rp_id, name: 'todoke' },
      user: { id: fromBase64url(options.user_handle), name: options.user_name, displayName: options.display_name },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: options.known.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
      timeout: 240_000,
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  const data = response.getAuthenticatorData?.() ?? authenticatorDataOf(response.attestationObject);
  acceptSession(
    await request('POST /api/passkeys', {
      body: { client_data: toBase64url(response.clientDataJSON), authenticator_data: toBase64url(data), name },
    }),
  );
}

async function proof(mediation: 'optional' | 'conditional', signal?: AbortSignal): Promise<Omit<Takes['POST /api/session/passkey'], 'shared'>> {
  const options = await request('GET /api/session/passkey');
  const shown = (await navigator.credentials.get({
    mediation,
    signal,
    publicKey: { challenge: fromBase64url(options.challenge), rpId: options.rp_id, userVerification: 'required', timeout: 240_000 },
  })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    credential_id: toBase64url(shown.rawId),
    client_data: toBase64url(response.clientDataJSON),
    authenticator_data: toBase64url(response.authenticatorData),
    signature: toBase64url(response.signature),
    user_handle: response.userHandle ? toBase64url(response.userHandle) : undefined,
  };
}

export async function signInWithPasskey(shared: boolean): Promise<void> {
  acceptSession(await request('POST /api/session/passkey', { body: { ...(await proof('optional')), shared } }));
}

/**
 * Passkeys among the suggestions of the id field: waits until one is chosen. A challenge is good for five minutes, so it asks
 * again before.
 */
export async function offerPasskeys(signal: AbortSignal, shared: () => boolean): Promise<void> {
  if (!supported || !(await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false))) return;
  while (!signal.aborted) {
    const stale = AbortSignal.timeout(230_000);
    try {
      const body = await proof('conditional', AbortSignal.any?.([signal, stale]) ?? signal);
      acceptSession(await request('POST /api/session/passkey', { body: { ...body, shared: shared() } }));
      return;
    } catch (error) {
      if (!stale.aborted) {
        if (isCancelled(error)) return;
        throw error;
      }
    }
  }
}
