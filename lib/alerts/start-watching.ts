import type { Postgres } from "@/db/postgres";
import { tryJobLock } from "@/db/queries/job-lock";
import { SpendWatch, type WatchOptions } from "@/lib/alerts/watch-spend";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import type { Log } from "@/lib/log";

const EVERY_MS = 60_000;
/** What was accepted just before the start is drained by then. */
const FIRST_MS = 15_000;
const RETRY_MS = { first: 5_000, max: EVERY_MS };

/** Starts the watch, one process of the installation each minute, until `close`. */
export function startWatching(
  options: Omit<WatchOptions, "db" | "now"> & {
    postgres: Pick<Postgres, "kind" | "db">;
    log: Log;
    /** Something was recorded: it is to be told. */
    onRecorded: () => void;
    now?: () => number;
    firstMs?: number;
  },
): BackgroundJob {
  const { postgres, log, onRecorded, now = Date.now, firstMs = FIRST_MS, ...rest } = options;
  const watch = new SpendWatch({ ...rest, db: postgres.db, now });
  const job = startBackgroundJob({
    firstMs,
    retryMs: RETRY_MS,
    turn: async () => {
      const done = await tryJobLock(postgres, "alerts-watch", () =>
        watch.look(() => job.isStopping()),
      );
      if (done && done.recorded > 0) onRecorded();
      if (done && done.recorded + done.resolved > 0) log.debug(done, "the watch found something");
      return EVERY_MS;
    },
    failed: (error, retryMs) =>
      log.error(
        { err: error, retryMs },
        "nobody looks for spikes and silence just now; tried again",
      ),
  });
  return job;
}
