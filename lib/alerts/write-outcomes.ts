import { setTimeout as sleep } from "node:timers/promises";
import type { Postgres } from "@/db/postgres";
import { type FinishedDelivery, finishDeliveries } from "@/db/queries/claim-deliveries";
import type { Log } from "@/lib/log";

const REWRITE_MS = 500;
/** No more is sent before these are written down: whoever dies now has them sent again. */
const MAX_UNWRITTEN = 10;

/** What came of deliveries, on its way to the store: all that came while one write ran is the next one. */
export interface OutcomeWriter {
  /** Takes one; where many wait, once they are written. */
  add(finished: FinishedDelivery): Promise<void>;
  /** Ends when nothing waits. */
  close(): Promise<void>;
}

/** Starts it. @param options.patienceMs how long a write is tried again while the store is away; then it is given up */
export function startWritingOutcomes(options: {
  postgres: Postgres;
  log: Log;
  patienceMs: number;
}): OutcomeWriter {
  let unwritten: FinishedDelivery[] = [];
  let writing = Promise.resolve();
  let isWriting = false;
  const run = async (): Promise<void> => {
    while (unwritten.length > 0) {
      const some = unwritten;
      unwritten = [];
      await write(options, some);
    }
    isWriting = false;
  };
  return {
    async add(finished) {
      unwritten.push(finished);
      if (!isWriting) {
        isWriting = true;
        writing = run();
      }
      if (unwritten.length >= MAX_UNWRITTEN) await writing;
    },
    close: () => writing,
  };
}

/** A notice that was taken and is not written down is sent twice: it is tried again while nobody else may take it. */
async function write(
  { postgres, log, patienceMs }: Parameters<typeof startWritingOutcomes>[0],
  finished: readonly FinishedDelivery[],
): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    try {
      await postgres.db.transaction((tx) => finishDeliveries(tx, finished));
      return;
    } catch (error) {
      if (performance.now() - startedMs > patienceMs) {
        const words = "what came of notices could not be written down: they are sent again";
        log.error({ err: error, deliveries: finished.map(({ delivery }) => delivery.id) }, words);
        return;
      }
      log.warn({ err: error }, "what came of a notice cannot be written down just now");
      await sleep(REWRITE_MS);
    }
  }
}
