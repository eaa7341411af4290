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
    return (tx, how) =>
      how === "together" ? addToSpendCounters(tx, changes) : countApart(tx, changes, log);
  };
}

async function countApart(tx: Db, changes: readonly CounterChange[], log: Log): Promise<void> {
  for (const change of changes) {
    await tx
      .transaction((inner) => addToSpendCounters(inner, [change]))
      .catch((reason: unknown) => {
        if (!isRefusedValue(reason)) throw reason;
        log.error({ err: reason, ...change }, "a sum cannot be counted");
      });
  }
}
