/**
 * Large bodies one after another. Parsed JSON takes about ten times its text, and handling yields to the event
 * loop: without turns, ten large requests would all be parsed and none finished. Small ones do not wait.
 */
export class Turns {
  readonly #largeBytes: number;
  #last: Promise<unknown> = Promise.resolve();

  /** @param largeBytes size of a body from which it waits for its turn. */
  constructor(largeBytes: number) {
    this.#largeBytes = largeBytes;
  }

  run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (bytes < this.#largeBytes) return work();
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
