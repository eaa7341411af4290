/** Work of this process that is done again and again until it is closed: one turn at a time. */
export interface BackgroundJob {
  /** There is something to do. While the job waits out a failure this changes nothing. */
  wake(): void;
  /** True while the last turn worked. */
  isHealthy(): boolean;
  /** True from `close` on: a turn under way must not touch what is closed next. */
  isStopping(): boolean;
  /** Starts no further turn, and waits for the one under way as long as `closeMs` says. */
  close(): Promise<void>;
}

export interface BackgroundJobOptions {
  /** Does some of the work. @returns milliseconds to the next turn, at most an hour, sooner when woken; 0: at once. */
  turn: () => Promise<number>;
  /** Told of each failure; the turn is repeated after `retryMs`. */
  failed: (error: unknown, retryMs: number) => void;
  /** Milliseconds from the start to the first turn; else at once. */
  firstMs?: number;
  /**
   * Milliseconds from a wake to its turn, so that what comes in between is done in one; else none. Asked when the turn
   * before is over, so that what came during it need not wait anew.
   */
  lingerMs?: number | (() => number);
  /** Milliseconds to the next turn after a failure: the first time, doubled each time, and at the most. */
  retryMs?: { first: number; max: number };
  /** How long `close` waits for the turn under way: a store that is away can hold it. Else until it ends. */
  closeMs?: number;
}

/** `closeMs` of work on PostgreSQL alone, which may be away: what was not done is found again by the next start. */
export const CLOSE_WITHOUT_POSTGRES_MS = 2_000;

const RETRY_MS = { first: 200, max: 5_000 };
/** A timer of Node holds 24 days, and a turn says "when I am woken" by a larger number. */
const MAX_SLEEP_MS = 3_600_000;

/** Starts a job. */
export function startBackgroundJob(options: BackgroundJobOptions): BackgroundJob {
  return new Job(options);
}

class Job implements BackgroundJob {
  readonly #options: BackgroundJobOptions;
  readonly #finished: Promise<void>;
  #isStopping = false;
  #isWoken = false;
  #failures = 0;
  #endSleep: () => void = () => undefined;

  constructor(options: BackgroundJobOptions) {
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
    const { closeMs } = this.#options;
    if (closeMs === undefined) return this.#finished;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeMs);
    });
    await Promise.race([this.#finished, late]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    // Not in the constructor's own turn: whoever started it must have it first.
    await new Promise(setImmediate);
    await this.#sleep(this.#options.firstMs ?? 0);
    while (!this.#isStopping) {
      const waitMs = await this.#takeTurn();
      if (!this.#isWoken) await this.#sleep(waitMs);
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
      const { first, max } = this.#options.retryMs ?? RETRY_MS;
      const retryMs = Math.min(max, first * 2 ** Math.min(this.#failures, 10));
      this.#failures++;
      this.#isWoken = false;
      if (!this.#isStopping) this.#options.failed(error, retryMs);
      return retryMs;
    }
  }

  async #linger(): Promise<void> {
    const { lingerMs = 0 } = this.#options;
    await this.#sleep(typeof lingerMs === "number" ? lingerMs : lingerMs(), true);
  }

  #sleep(ms: number, isLingering = false): Promise<void> {
    if (this.#isStopping || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#endSleep = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, MAX_SLEEP_MS));
      this.#endSleep = () => {
        if (!isLingering || this.#isStopping) done();
      };
    });
  }
}
