import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { findOpenRun } from "@/db/queries/integrity";
import { tryJobLock } from "@/db/queries/job-lock";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
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
/** Somebody may wait for a run: the first try comes soon. */
const RETRY_MS = { first: ASKED_EVERY_MS, max: 30_000 };

/** Starts the job, until `close`. @param options.onRepair a rollup was made dirty. */
export function startIntegrity(options: {
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  log: Log;
  onRepair: () => void;
  /** Begins the comparison of budgets that are due, before that of days: it is part of the run that somebody asked for. */
  checkBudgets?: () => Promise<unknown>;
}): Integrity {
  return new IntegrityJob(options);
}

class IntegrityJob implements Integrity {
  readonly #options: Parameters<typeof startIntegrity>[0];
  readonly #changes = new ChangeWriter();
  readonly #watch = new DayWatch();
  readonly #pending = new Map<string, Pending>();
  readonly #job: BackgroundJob;
  #lookAtMs = 0;

  constructor(options: Parameters<typeof startIntegrity>[0]) {
    this.#options = options;
    this.#job = startBackgroundJob({
      firstMs: ASKED_EVERY_MS,
      turn: () => this.#look(),
      retryMs: RETRY_MS,
      failed: (error) =>
        options.log.error({ err: error }, "integrity could not be checked; tried again"),
    });
  }

  close(): Promise<void> {
    return this.#job.close();
  }

  async #look(): Promise<number> {
    const { postgres } = this.#options;
    if (Date.now() >= this.#lookAtMs || (await findOpenRun(postgres.db))) {
      await tryJobLock(postgres, "integrity", async () => {
        await this.#options.checkBudgets?.();
        await this.#takeTurn();
      });
      this.#lookAtMs = Date.now() + LOOK_EVERY_MS;
    }
    return ASKED_EVERY_MS;
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
      mustStop: () => this.#job.isStopping() || Date.now() > endMs,
    });
  }
}
