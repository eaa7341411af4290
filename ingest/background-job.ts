/** Work of this process that is done again and again until it is closed: one turn at a time. */
export interface BackgroundJob {
  /** There is something to do. While the job waits out a failure this changes nothing. */
  wake(): void;
  /** True while the last turn worked. */
  isHealthy(): boolean;
  /** True from `close` on: a turn under way must not touch what is closed next. */
  isStopping(): boolean;
  /** Starts no further turn, and waits for the one under way, but not for ever: a store that is away can hold it. */
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
const CLOSE_MS = 2_000;

/**
 * Starts a job.
 * @param options.turn does some of the work. @returns milliseconds to the next turn, sooner when woken; 0: at once.
 * @param options.lingerMs from a wake to its turn, so that what comes in between is done in one.
 * @param options.failed told of each failure; the turn is repeated after `retryMs`, longer each time.
 */
export function startBackgroundJob(options: {
  turn: () => Promise<number>;
  lingerMs: number;
  failed: (error: unknown, retryMs: number) => void;
}): BackgroundJob {
  return new Job(options);
}

class Job implements BackgroundJob {
  readonly #options: Parameters<typeof startBackgroundJob>[0];
  readonly #finished: Promise<void>;
  #isStopping = false;
  #isWoken = false;
  #failures = 0;
  #endSleep: () => void = () => undefined;

  constructor(options: Parameters<typeof startBackgroundJob>[0]) {
    this.#options = options;
    this.#finished = this.#run();
  }

  wake(): void {
    this.#isWoken = true;
    if (this.#failures === 0) this.#endSleep();
  }

  isHealthy(): boolean {
    return this.#failures === 0;
  }

  isStopping(): boolean {
    return this.#isStopping;
  }

  async close(): Promise<void> {
    this.#isStopping = true;
    this.#endSleep();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#finished, late]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    // Not in the constructor's own turn: whoever started it must have it first.
    await new Promise(setImmediate);
    while (!this.#isStopping) {
      const waitMs = await this.#takeTurn();
      if (waitMs > 0 && !this.#isWoken) await this.#sleep(waitMs);
      if (this.#isWoken && this.#failures === 0) await this.#linger();
    }
  }

  async #takeTurn(): Promise<number> {
    this.#isWoken = false;
    try {
      const waitMs = await this.#options.turn();
      this.#failures = 0;
      return waitMs;
    } catch (error) {
      this.#failures++;
      this.#isWoken = false;
      const retryMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 10));
      if (!this.#isStopping) this.#options.failed(error, retryMs);
      return retryMs;
    }
  }

  async #linger(): Promise<void> {
    const { lingerMs } = this.#options;
    if (lingerMs > 0 && !this.#isStopping) await this.#sleep(lingerMs, true);
  }

  #sleep(ms: number, isLingering = false): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#endSleep = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#endSleep = () => {
        if (!isLingering || this.#isStopping) done();
      };
    });
  }
}
