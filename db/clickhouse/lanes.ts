import { AbandonedError } from "@/db/clickhouse/abandoned";

/**
 * A few connections, each with one query at a time: an idle one takes the next in line. A chDB
 * connection runs one query at a time anyway, but queueing inside it would hold a thread of Node's
 * small pool for each that waits, and stall every file read of the process.
 */
export class Lanes<Connection> {
  readonly #idle: Connection[];
  readonly #waiting: ((connection: Connection) => void)[] = [];
  readonly #size: number;
  #isClosed = false;
  #whenIdle: (() => void) | null = null;

  constructor(connections: Connection[]) {
    this.#idle = [...connections];
    this.#size = connections.length;
  }

  /**
   * Runs `work` on the next idle connection.
   * @param signal aborted before `work` began, it never does, and its place goes to the next in line
   * @throws Error once closed; AbandonedError
   */
  async run<Result>(
    work: (connection: Connection) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    if (this.#isClosed) throw new Error("the calls store is closed");
    if (signal?.aborted) throw new AbandonedError();
    const connection = await this.#take(signal);
    try {
      return await work(connection);
    } finally {
      this.#giveBack(connection);
    }
  }

  /** Takes no new work and resolves when the accepted work is done. */
  async drain(): Promise<void> {
    this.#isClosed = true;
    if (this.#idle.length === this.#size) return;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  #take(signal?: AbortSignal): Promise<Connection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new AbandonedError());
      };
      const turn = (connection: Connection): void => {
        signal?.removeEventListener("abort", leave);
        resolve(connection);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(turn);
    });
  }

  #giveBack(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next) {
      next(connection);
      return;
    }
    this.#idle.push(connection);
    if (this.#idle.length === this.#size) this.#whenIdle?.();
  }
}
