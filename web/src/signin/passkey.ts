// Passkeys in the browser: from the server's options to its two routes.
import { request } from '../app/api';
import type { Takes } from '../app/api-types';
import { isCancelled } from '../app/problem';
import { acceptSession } from '../app/session';
import { authenticatorDataOf, fromBase64url, toBase64url } from './passkey-bytes';

const supported = typeof PublicKeyCredential !== 'undefined' && typeof navigator.credentials?.get === 'function';

/** Whether this device can make a passkey of its own (fingerprint, face, screen lock). */
export async function canMakePasskey(): Promise<boolean> {
  return supported && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false));
}

export const canShowPasskey = (): boolean => supported;

/** This device has one already. */
export function isKnown(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError';
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

/** For the account that is signed in. */
export async function proveByPasskey(): Promise<void> {
  await request('POST /api/session/proof/passkey', { body: await proof('optional') });
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
