import type { ClickHouse } from "@/db/clickhouse/client";
import { deleteOldGenerations } from "@/db/clickhouse/queries/delete-rollups";
import type { Postgres } from "@/db/postgres";
import { tryJobLock } from "@/db/queries/job-lock";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import type { Log } from "@/lib/log";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";

/** The job that keeps rollups up to date, in the background. */
export interface Rollups {
  /** Calls were written: something may be stale. */
  wake(): void;
  /** Ends after the statement under way. */
  close(): Promise<void>;
}

/** Late events of the last seconds are still in the spools of other processes. */
const GRACE_MS = 60_000;
const DEBOUNCE_MS = 120_000;
/** Between two looks at what is stale, however often calls are written. */
const LOOK_EVERY_MS = 20_000;
/** One process's turn: the lock is a transaction, and an old transaction burdens PostgreSQL. */
const TURN_MS = 60_000;
const RETRY_MS = 30_000;
/** Far longer than a reader may keep a list of generations, clocks that differ included. */
const KEEP_REPLACED_MS = 600_000;

/** Starts the job, until `close`. */
export function startRollups(options: {
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  log: Log;
  graceMs?: number;
  debounceMs?: number;
  lookEveryMs?: number;
  retryMs?: number;
}): Rollups {
  return new RollupsJob(options);
}

class RollupsJob implements Rollups {
  readonly #options: Parameters<typeof startRollups>[0];
  readonly #numbers = new GenerationNumbers();
  readonly #job: BackgroundJob;
  /** When to look again, in ms since 1970. At the start at once: the last process may have left work. */
  #nextMs = 0;
  #lookedMs = 0;
  #cleanedMs = 0;
  #hasReplaced = true;

  constructor(options: Parameters<typeof startRollups>[0]) {
    this.#options = options;
    const { log, retryMs = RETRY_MS } = options;
    this.#job = startBackgroundJob({
      turn: () => this.#look(),
      // Nothing is lost by a failure: what is stale stays stale, is answered from calls, and is found again.
      retryMs: { first: retryMs, max: retryMs },
      failed: (error) => log.error({ err: error }, "rollups could not be rebuilt; tried again"),
    });
  }

  wake(): void {
    const atMs = Math.max(
      Date.now(),
      this.#lookedMs + (this.#options.lookEveryMs ?? LOOK_EVERY_MS),
    );
    if (atMs >= this.#nextMs) return;
    this.#nextMs = atMs;
    this.#job.wake();
  }

  close(): Promise<void> {
    return this.#job.close();
  }

  async #look(): Promise<number> {
    if (this.#nextMs <= Date.now()) {
      this.#lookedMs = Date.now();
      // Set before the turn: what is written during it may bring it forward.
      this.#nextMs = Number.POSITIVE_INFINITY;
      const nextMs = await this.#takeTurn().catch((error: unknown) => {
        this.#nextMs = 0;
        throw error;
      });
      this.#nextMs = Math.min(this.#nextMs, nextMs);
    }
    return this.#nextMs - Date.now();
  }

  /** @returns when to look again, in ms since 1970 */
  async #takeTurn(): Promise<number> {
    const { clickhouse, postgres, log, retryMs = RETRY_MS } = this.#options;
    const result = await tryJobLock(postgres, "rollups", () => this.#rebuild());
    if (result === null) return Date.now() + retryMs;
    const rebuilt = result.buckets + result.days + result.hours + result.blocks;
    if (rebuilt > 0) {
      this.#hasReplaced = true;
      log.debug(result, "rollups rebuilt");
    }
    if (this.#hasReplaced && Date.now() >= this.#cleanedMs + KEEP_REPLACED_MS) {
      await deleteOldGenerations(clickhouse, Date.now() - KEEP_REPLACED_MS);
      this.#cleanedMs = Date.now();
      // Once more after the next while: what was replaced just now is not old enough yet.
      this.#hasReplaced = rebuilt > 0;
    }
    const atMs = result.nextAtMs ?? Number.POSITIVE_INFINITY;
    return this.#hasReplaced ? Math.min(atMs, Date.now() + KEEP_REPLACED_MS) : atMs;
  }

  #rebuild() {
    const { clickhouse, log, graceMs = GRACE_MS, debounceMs = DEBOUNCE_MS } = this.#options;
    const endMs = Date.now() + TURN_MS;
    return rebuildRollups({
      clickhouse,
      log,
      numbers: this.#numbers,
      now: Date.now,
      graceMs,
      debounceMs,
      mustStop: () => this.#job.isStopping() || Date.now() > endMs,
    });
  }
}
