import { hash } from "node:crypto";

/**
 * SHA-256 of a key, in hex: all that is stored, and what a key is looked up by. A key has 256 random
 * bits, so nothing is gained by a slow hash, and the lookup by hash tells a guesser's clock nothing.
 */
export function hashKey(key: string): string {
  return hash("sha256", key, "hex");
}
