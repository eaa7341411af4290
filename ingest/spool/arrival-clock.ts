/**
 * Gives every event of this process its own arrival instant, in the order of the spool.
 * Two arrivals of one identity with the same microsecond would have the same version, and the later would win;
 * so the clock never stands still and never goes back, not even when the machine's clock does, nor across a
 * restart (`last` is kept in the spool).
 */
export class ArrivalClock {
  #lastUs: number;

  /** @param lastUs the last instant given before, microseconds since 1970; 0 for none. */
  constructor(lastUs: number) {
    this.#lastUs = lastUs;
  }

  /** Microseconds since 1970. */
  next(nowMs: number): number {
    this.#lastUs = Math.max(this.#lastUs + 1, nowMs * 1000);
    return this.#lastUs;
  }

  get lastUs(): number {
    return this.#lastUs;
  }
}
