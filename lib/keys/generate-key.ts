import { randomBytes } from "node:crypto";

const KEY_PREFIX = "outlay_";
/** `outlay_` and six characters: 36 of the 256 bits, enough to tell keys apart and far from enough to guess one. */
const SHOWN_LENGTH = KEY_PREFIX.length + 6;

/** A new key: `outlay_` and 256 random bits in base64url. It is shown once and never stored. */
export function generateKey(): string {
  return KEY_PREFIX + randomBytes(32).toString("base64url");
}

/** The part of a key that may be stored and shown. A short key of an operator's own shows a quarter at most. */
export function shownPartOf(key: string): string {
  return key.slice(0, Math.min(SHOWN_LENGTH, Math.floor(key.length / 4)));
}
