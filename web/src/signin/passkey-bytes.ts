// The pure parts of passkeys.

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

/** What a person would call this device. */
export function deviceName(agent = navigator.userAgent): string {
  const names: [RegExp, string][] = [[/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/CrOS/, 'Chromebook'], [/Macintosh/, 'Mac'], [/Linux/, 'Linux']];
  return names.find(([pattern]) => pattern.test(agent))?.[1] ?? '';
}
