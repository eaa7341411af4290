import { setTimeout as sleep } from "node:timers/promises";
import type { Postgres } from "@/db/postgres";
import { type FinishedDelivery, finishDelivery } from "@/db/queries/claim-deliveries";
import type { Log } from "@/lib/log";

const REWRITE_MS = 500;

/**
 * Writes down what came of a delivery. A notice that was taken and is not written down is sent again: so it is tried
 * while the store is away and nobody else may take the delivery, and then given up with a line in the log.
 */
export async function writeOutcome(
  {
    postgres,
    log,
    patienceMs,
  }: {
    postgres: Postgres;
    log: Log;
    patienceMs: number;
  },
  finished: FinishedDelivery,
): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    try {
      await postgres.db.transaction((tx) => finishDelivery(tx, finished));
      return;
    } catch (error) {
      if (performance.now() - startedMs > patienceMs) {
        const words = "what came of a notice could not be written down: it is sent again";
        log.error({ err: error, delivery: finished.delivery.id }, words);
        return;
      }
      log.warn({ err: error }, "what came of a notice cannot be written down just now");
      await sleep(REWRITE_MS);
    }
  }
}
