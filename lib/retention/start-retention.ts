import { tryJobLock } from "@/db/queries/job-lock";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import { expireContents } from "@/lib/contents/expire-contents";
import { applyRetention, type RetentionContext } from "@/lib/retention/apply-retention";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";

/** The job that lets calls expire, in the background. */
export interface Retention {
  /** Ends after the day under way. */
  close(): Promise<void>;
}

/** A day is sealed once; between, calls that were sealed are to be deleted, and late ones to be looked for. */
const EVERY_MS = 900_000;
/** A start is busy enough without it. */
const FIRST_MS = 60_000;

/** Starts the job, until `close`. One process of an installation works at a time. */
export function startRetention(
  options: Pick<RetentionContext, "clickhouse" | "postgres" | "log"> & { firstMs?: number },
): Retention {
  const { postgres, log } = options;
  const numbers = new GenerationNumbers();
  const job: BackgroundJob = startBackgroundJob({
    firstMs: options.firstMs ?? FIRST_MS,
    async turn() {
      const done = await tryJobLock(postgres, "retention", async () => {
        const contents = await expireContents({ ...context, db: postgres.db });
        if (contents > 0) log.info({ projects: contents }, "what was said in calls expired");
        return applyRetention(context);
      });
      if (done && done.sealed + done.deleted > 0) log.info(done, "calls expired");
      return EVERY_MS;
    },
    // Nothing is lost: what was not sealed or deleted is found again.
    retryMs: { first: EVERY_MS, max: EVERY_MS },
    failed: (error) => log.error({ err: error }, "the retention job failed; tried again"),
  });
  const context = { ...options, numbers, now: Date.now, mustStop: () => job.isStopping() };
  return { close: () => job.close() };
}
