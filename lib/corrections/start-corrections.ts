import { isStoreAway } from "@/db/is-store-away";
import { findCorrection, listOpenCorrectionIds, updateCorrection } from "@/db/queries/corrections";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import type { CorrectionContext } from "@/lib/corrections/correction-context";
import { runCorrection } from "@/lib/corrections/run-correction";

/** The job that works corrections off, in the background. */
export interface Corrections {
  /** One was asked for. */
  wake(): void;
  /** Ends after the batch under way. */
  close(): Promise<void>;
}

/** How soon one that another process was asked for begins here. An embedded store has no other process. */
const POLL_MS = 1_000;
const POLL_EMBEDDED_MS = 30_000;
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 30_000;
/** A fault that is no outage is no use trying for ever: the correction fails, and says so. */
const MAX_TRIES = 6;
/** The calls store may be away for a while, or busy: a quarter of an hour. */
const MAX_QUERY_TRIES = 36;

/** Starts the job, until `close`. */
export function startCorrections(
  options: Omit<CorrectionContext, "mustStop"> & { pollMs?: number },
): Corrections {
  return new CorrectionsJob(options);
}

class CorrectionsJob implements Corrections {
  readonly #context: CorrectionContext;
  readonly #pollMs: number;
  readonly #job: BackgroundJob;
  /** Of those that are open. */
  readonly #failures = new Map<string, { count: number; retryAtMs: number }>();

  constructor(options: Parameters<typeof startCorrections>[0]) {
    const { pollMs, ...context } = options;
    const isEmbedded = context.postgres.kind === "embedded";
    this.#pollMs = pollMs ?? (isEmbedded ? POLL_EMBEDDED_MS : POLL_MS);
    this.#context = { ...context, mustStop: () => this.#job.isStopping() };
    this.#job = startBackgroundJob({
      turn: () => this.#workOff(),
      failed: (error, retryMs) => {
        context.log.warn({ err: error, retryMs }, "corrections were not looked for");
      },
    });
  }

  wake(): void {
    this.#job.wake();
  }

  close(): Promise<void> {
    return this.#job.close();
  }

  /** One after another, oldest first; one that fails holds up no other. @returns milliseconds to the next look. */
  async #workOff(): Promise<number> {
    const ids = await listOpenCorrectionIds(this.#context.postgres.db);
    // Another process finished them, or somebody cancelled them: their next try is no reason to look.
    for (const id of this.#failures.keys()) if (!ids.includes(id)) this.#failures.delete(id);
    for (const id of ids) {
      if (this.#job.isStopping()) return 0;
      if ((this.#failures.get(id)?.retryAtMs ?? 0) > Date.now()) continue;
      try {
        await runCorrection(this.#context, id);
        this.#failures.delete(id);
      } catch (error) {
        await this.#failed(id, error);
      }
    }
    const retries = [...this.#failures.values()].map(({ retryAtMs }) => retryAtMs - Date.now());
    return Math.max(0, Math.min(this.#pollMs, ...retries));
  }

  /** What was done is stored; going on begins with the batch that failed. */
  async #failed(id: string, error: unknown): Promise<void> {
    const { log } = this.#context;
    const count = (this.#failures.get(id)?.count ?? 0) + 1;
    const waitMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(count, 10));
    this.#failures.set(id, { count, retryAtMs: Date.now() + waitMs });
    if (this.#job.isStopping()) return;
    log.warn({ err: error, correction: id, tries: count }, "a correction waits");
    const isQuery = error instanceof Error && error.name === "QueryFailedError";
    if (isStoreAway(error) || count < (isQuery ? MAX_QUERY_TRIES : MAX_TRIES)) return;
    await this.#giveUp(id).catch((cause: unknown) => {
      log.error({ err: cause, correction: id }, "a correction that failed could not be marked");
    });
  }

  /** What its last batch began is still to be settled, which is tried at each look. */
  async #giveUp(id: string): Promise<void> {
    const { db } = this.#context.postgres;
    const row = await findCorrection(db, id);
    if (row?.state !== "queued" && row?.state !== "running") return;
    const error = "A batch of it failed again and again. The log has the details.";
    await updateCorrection(db, id, { state: "failed", error });
  }
}
