import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { findOpenRun } from "@/db/queries/integrity";
import { tryJobLock } from "@/db/queries/job-lock";
import type { Pending } from "@/lib/integrity/check-days";
import { DayWatch } from "@/lib/integrity/choose-due-days";
import { ChangeWriter } from "@/lib/integrity/repair-day";
import { runIntegrity } from "@/lib/integrity/run-integrity";
import type { Log } from "@/lib/log";

/** The job that holds calls, rollups and counters against each other, in the background. */
export interface Integrity {
  /** Ends after the statement under way. */
  close(): Promise<void>;
}

/** How often it is looked whether somebody asked for a full run, which costs one small question. */
const ASKED_EVERY_MS = 3_000;
/** How often the states of all days are looked at. */
const LOOK_EVERY_MS = 15_000;
/** One process's turn: the lock is a transaction, and an old transaction burdens PostgreSQL. */
const TURN_MS = 60_000;
const RETRY_MS = 30_000;

/** Starts the job, until `close`. @param options.onRepair a rollup was made dirty. */
export function startIntegrity(options: {
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  log: Log;
  onRepair: () => void;
}): Integrity {
  return new IntegrityJob(options);
}

class IntegrityJob implements Integrity {
  readonly #options: Parameters<typeof startIntegrity>[0];
  readonly #changes = new ChangeWriter();
  readonly #watch = new DayWatch();
  readonly #pending = new Map<string, Pending>();
  readonly #finished: Promise<void>;
  #isStopping = false;
  #lookAtMs = Date.now() + ASKED_EVERY_MS;
  #wakeSleeper: () => void = () => undefined;

  constructor(options: Parameters<typeof startIntegrity>[0]) {
    this.#options = options;
    this.#finished = this.#run();
  }

  async close(): Promise<void> {
    this.#isStopping = true;
    this.#wakeSleeper();
    await this.#finished;
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#sleep(ASKED_EVERY_MS);
      if (this.#isStopping) return;
      try {
        if (Date.now() < this.#lookAtMs && !(await findOpenRun(this.#options.postgres.db)))
          continue;
        await tryJobLock(this.#options.postgres, "integrity", () => this.#takeTurn());
        this.#lookAtMs = Date.now() + LOOK_EVERY_MS;
      } catch (error) {
        this.#lookAtMs = Date.now() + RETRY_MS;
        if (this.#isStopping) return;
        this.#options.log.error({ err: error }, "integrity could not be checked; tried again");
      }
    }
  }

  #takeTurn(): Promise<number> {
    const { clickhouse, postgres, log, onRepair } = this.#options;
    const endMs = Date.now() + TURN_MS;
    return runIntegrity({
      clickhouse,
      db: postgres.db,
      log,
      onRepair,
      changes: this.#changes,
      watch: this.#watch,
      pending: this.#pending,
      now: Date.now,
      mustStop: () => this.#isStopping || Date.now() > endMs,
    });
  }

  #sleep(ms: number): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakeSleeper = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wakeSleeper = done;
    });
  }
}
