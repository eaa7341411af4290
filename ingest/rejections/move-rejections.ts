import type { Postgres } from "@/db/postgres";
import { findMovedKey } from "@/db/queries/counters";
import type { Counting } from "@/ingest/counters/counting";
import { moveEntries } from "@/ingest/rejections/move-entries";
import { RejectionLog } from "@/ingest/rejections/rejection-log";
import type { Spool } from "@/ingest/spool/open-spool";
import {
  type BackgroundJob,
  CLOSE_WITHOUT_POSTGRES_MS,
  startBackgroundJob,
} from "@/lib/background-job";
import type { Log } from "@/lib/log";

/** Keeps what was not accepted, and brings it to where people see it. */
export interface RejectionMover {
  /** What a request's refused events are noted in. */
  readonly log: RejectionLog;
  /** Resolves when everything noted or set aside before this call is in PostgreSQL. */
  moved(): Promise<void>;
  /** Writes what is noted to disk, moves it if that works at once, and stops. */
  close(): Promise<void>;
}

/** Events that come together are written together. */
const LINGER_MS = 200;
/** What the calls store refuses wakes nobody: it is looked for. */
const LOOK_EVERY_MS = 1_000;
/** A transaction's worth; a sample has up to 64 KiB. */
const BATCH = 100;
/** While PostgreSQL is away the counts add up in memory, and go to disk so often. */
const COUNTS_EVERY_MS = 60_000;

/** Starts moving, until `close`. While PostgreSQL is away everything waits in the spool. */
export function startMovingRejections(options: {
  spool: Spool;
  postgres: Pick<Postgres, "db">;
  countings: readonly Counting[];
  /** Whether the spool has its row in PostgreSQL. */
  isRegistered: () => boolean;
  log: Log;
}): RejectionMover {
  return new Mover(options);
}

class Mover implements RejectionMover {
  readonly log: RejectionLog;
  readonly #options: Parameters<typeof startMovingRejections>[0];
  readonly #job: BackgroundJob;
  #countsMs = 0;
  #waiters: (() => void)[] = [];

  constructor(options: Parameters<typeof startMovingRejections>[0]) {
    this.#options = options;
    this.log = new RejectionLog(options.spool.setAside, () => this.#job.wake());
    this.#job = startBackgroundJob({
      turn: () => this.#takeTurn(),
      lingerMs: LINGER_MS,
      closeMs: CLOSE_WITHOUT_POSTGRES_MS,
      failed: (error, retryMs) => {
        const text = "what was not accepted cannot be moved just now; it waits in the spool";
        options.log.warn({ err: error, retryMs }, text);
      },
    });
  }

  moved(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#job.wake();
    });
  }

  async close(): Promise<void> {
    await this.#job.close();
    // The disk comes first: PostgreSQL may be away, and the next start moves what is there.
    await this.log.flush(true).catch((error: unknown) => {
      this.#options.log.error({ err: error }, "what was not accepted could not be kept");
    });
    if (this.#job.isHealthy()) await this.#move().catch(() => undefined);
  }

  async #takeTurn(): Promise<number> {
    const waiters = this.#waiters.splice(0);
    try {
      const mustWriteCounts =
        this.#job.isHealthy() || Date.now() - this.#countsMs > COUNTS_EVERY_MS;
      if (mustWriteCounts) this.#countsMs = Date.now();
      await this.log.flush(mustWriteCounts);
      if (!this.#options.isRegistered()) {
        this.#waiters.unshift(...waiters);
        return LOOK_EVERY_MS;
      }
      while (!this.#job.isStopping() && (await this.#move()));
    } catch (error) {
      this.#waiters.unshift(...waiters);
      throw error;
    }
    for (const resolve of waiters) resolve();
    return LOOK_EVERY_MS;
  }

  /** Moves a batch. @returns whether there may be more. */
  async #move(): Promise<boolean> {
    const { spool, postgres, countings, log, isRegistered } = this.#options;
    const listed = spool.setAside.list(BATCH);
    const last = listed.at(-1);
    if (!last || !isRegistered()) return false;
    const spoolId = spool.id();
    const from = await findMovedKey(postgres.db, spoolId);
    if (from === null) return false;
    const entries = listed.filter(({ key }) => key > from);
    await moveEntries({ db: postgres.db, spoolId, countings, log }, from, entries);
    // A store that answers late must not meet a closed spool; what stays is known to be moved by the mark.
    if (!this.#job.isStopping()) await spool.setAside.remove(last.key);
    return listed.length === BATCH;
  }
}
