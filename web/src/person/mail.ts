// A mail address as typed: full-width letters and spaces put right, the shape looked at. The server decides.

export function tidyMail(typed: string): string {
  return typed.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
}

export function looksLikeMail(address: string): boolean {
  return /^[\x21-\x3f\x41-\x7e]{1,64}@([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(address) && address.length <= 254;
}
