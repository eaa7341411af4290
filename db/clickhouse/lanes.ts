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

  /** Runs `work` on the next idle connection. @throws Error once closed */
  async run<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new Error("the calls store is closed");
    const connection = await this.#take();
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

  #take(): Promise<Connection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    return new Promise((resolve) => this.#waiting.push(resolve));
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
