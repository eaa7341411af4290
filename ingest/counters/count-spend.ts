import { isRefusedValue } from "@/db/is-refused-value";
import type { Db } from "@/db/postgres";
import { addToSpendCounters, type CounterChange } from "@/db/queries/counters";
import type { Counting } from "@/ingest/counters/counting";
import { sumRows } from "@/ingest/counters/sum-rows";
import type { Log } from "@/lib/log";

/** Counts events, known costs and unknown ones by project and bucket: what the integrity job holds against the calls. */
export function createSpendCounting(log: Log): Counting {
  return (lines, sign) => {
    const { changes, brokenRows } = sumRows(lines, sign);
    if (brokenRows > 0) log.error({ brokenRows }, "rows of the spool cannot be read or counted");
    return (tx) => countEach(tx, changes, log);
  };
}

/**
 * All at once; where PostgreSQL refuses a value (a sum past its digits) one after another, leaving out what it refuses:
 * one project's absurd sum must not stop the counters of all.
 */
async function countEach(tx: Db, changes: readonly CounterChange[], log: Log): Promise<void> {
  try {
    await tx.transaction((inner) => addToSpendCounters(inner, changes));
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    for (const change of changes) {
      await tx
        .transaction((inner) => addToSpendCounters(inner, [change]))
        .catch((reason: unknown) => {
          if (!isRefusedValue(reason)) throw reason;
          log.error({ err: reason, ...change }, "a sum cannot be counted");
        });
    }
  }
}
