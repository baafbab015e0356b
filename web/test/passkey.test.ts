import { describe, expect, it } from 'vitest';
import { authenticatorDataOf, deviceName, fromBase64url, toBase64url } from '../src/signin/passkey-bytes';

const bytes = (...of: number[]) => Uint8Array.from(of).buffer;

describe('passkeys in the browser', () => {
  it('speak base64url', () => {
    expect(toBase64url(bytes(0xfb, 0xff, 0xfe))).toBe('-__-');
    expect(toBase64url(bytes(1))).toBe('AQ');
    for (let n = 0; n < 40; n++) {
      const some = Uint8Array.from({ length: n }, (_, i) => (i * 37) & 255);
      expect([...fromBase64url(toBase64url(some.buffer))]).toEqual([...some]);
    }
  });

  it('find the authenticator data in an attestation object', () => {
    const text = (word: string) => [0x60 + word.length, ...new TextEncoder().encode(word)];
    const head = [0xa3, ...text('fmt'), ...text('none'), ...text('attStmt'), 0xa0, ...text('authData')];
    const short = Array.from({ length: 180 }, (_, i) => i & 255);
    const long = Array.from({ length: 600 }, (_, i) => i & 255);
    expect([...new Uint8Array(authenticatorDataOf(bytes(...head, 0x58, 180, ...short)))]).toEqual(short);
    expect([...new Uint8Array(authenticatorDataOf(bytes(...head, 0x59, 600 >> 8, 600 & 255, ...long)))]).toEqual(long);
  });

  it('are named after the device', () => {
    expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1')).toBe('iPhone');
    expect(deviceName('Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile')).toBe('Android');
    expect(deviceName('Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0.0.0')).toBe('Chromebook');
    expect(deviceName('curl/8')).toBe('');
  });
});
