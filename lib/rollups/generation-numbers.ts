import { randomInt } from "node:crypto";

const INDEX_BITS = 12n;
const RANDOM_BITS = 11n;
/** Buckets or days that one generation can number. */
export const MAX_PARTS = 1 << Number(INDEX_BITS);

/**
 * Numbers for generations: ms since 1970, then chance, then the place of the bucket in its statement. A process never
 * uses a millisecond twice, and chance keeps two processes apart that both believe to hold the lock.
 */
export class GenerationNumbers {
  #lastMs = 0;

  /** The first of 4,096 numbers in a row. */
  next(nowMs: number): bigint {
    this.#lastMs = Math.max(this.#lastMs + 1, Math.floor(nowMs));
    const chance = BigInt(randomInt(1 << Number(RANDOM_BITS)));
    return ((BigInt(this.#lastMs) << RANDOM_BITS) | chance) << INDEX_BITS;
  }
}
