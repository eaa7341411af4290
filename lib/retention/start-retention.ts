import { tryJobLock } from "@/db/queries/job-lock";
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
  let isStopping = false;
  let running: Promise<void> = Promise.resolve();
  const context = { ...options, numbers, now: Date.now, mustStop: () => isStopping };
  const work = async (): Promise<void> => {
    try {
      const done = await tryJobLock(postgres, "retention", () => applyRetention(context));
      if (done && done.sealed + done.deleted > 0) log.info(done, "calls expired");
    } catch (error) {
      // Nothing is lost: what was not sealed or deleted is found again.
      if (!isStopping) log.error({ err: error }, "the retention job failed; tried again");
    }
  };
  const plan = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      running = work().finally(() => {
        if (!isStopping) timer = plan(EVERY_MS);
      });
    }, ms);
  let timer = plan(options.firstMs ?? FIRST_MS);
  return {
    async close() {
      isStopping = true;
      clearTimeout(timer);
      await running;
    },
  };
}
