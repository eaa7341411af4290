import type { Postgres } from "@/db/postgres";
import { hasRetrying, lockRetrying, updateRejection } from "@/db/queries/rejections";
import type { AcceptDeps } from "@/ingest/events/accept-events";
import { retryEvent } from "@/ingest/rejections/retry-event";
import {
  type BackgroundJob,
  CLOSE_WITHOUT_POSTGRES_MS,
  startBackgroundJob,
} from "@/lib/background-job";
import type { Log } from "@/lib/log";

/** Another process's person may ask: PostgreSQL is looked at so often. */
const LOOK_EVERY_MS = 1_000;

/** Starts trying again what people ask for, until it is closed; `wake` does it at once. */
export function startRetrying(options: {
  spool: AcceptDeps["spool"];
  prices: AcceptDeps["prices"];
  postgres: Pick<Postgres, "db">;
  log: Log;
}): BackgroundJob {
  const { spool, prices, postgres, log } = options;

  /** The row is locked until its new state is stored. A crash in between leaves it to be tried again. */
  const retryNext = (): Promise<boolean> =>
    postgres.db.transaction(async (tx) => {
      const row = await lockRetrying(tx, spool.id());
      if (!row) return false;
      const errors = await retryEvent(row, { spool, prices, db: tx, nowMs: Date.now() });
      await updateRejection(tx, row.id, errors ? { state: "open", errors } : { state: "accepted" });
      return true;
    });

  const job: BackgroundJob = startBackgroundJob({
    async turn() {
      if (!(await hasRetrying(postgres.db, spool.id()))) return LOOK_EVERY_MS;
      while (!job.isStopping() && (await retryNext()));
      return LOOK_EVERY_MS;
    },
    closeMs: CLOSE_WITHOUT_POSTGRES_MS,
    failed: (error, retryMs) => {
      log.warn({ err: error, retryMs }, "events cannot be tried again just now");
    },
  });
  return job;
}
