import { randomBytes } from "node:crypto";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN } from "@/db/clickhouse/cubes";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import type { Db } from "@/db/postgres";
import { buildCounter, replaceCounter } from "@/db/queries/integrity-counters";
import type { Sums } from "@/lib/integrity/day-sums";
import type { DayReading } from "@/lib/integrity/read-days";
import { formatUsd } from "@/lib/money";

/** This start of this process among those who record changes of buckets. */
export class ChangeWriter {
  readonly #writer = randomBytes(8).readBigUInt64BE().toString();
  #last = 0;

  next(): { writer: string; number: number } {
    this.#last = Math.max(this.#last + 1, Date.now() * 1000);
    return { writer: this.#writer, number: this.#last };
  }
}

/**
 * Repairs what differs from the calls. A rollup is never written here: its bucket is recorded as changed, from then on
 * it is answered from calls, and the rollups job rebuilds it. A counter is set to the calls' sum in one statement, and
 * only if nobody has moved it since it was read; else the next look finds what is left.
 * @throws QueryFailedError, and what PostgreSQL throws; what was not repaired is found again
 */
export async function repairDay(
  stores: { clickhouse: ClickHouse; db: Db; changes: ChangeWriter },
  reading: DayReading,
): Promise<void> {
  const { clickhouse, db, changes } = stores;
  const { projectId } = reading;
  const buckets = bucketsToRebuild(reading);
  if (buckets.length > 0) {
    const touched = buckets.map((bucket) => ({ projectId, bucket }));
    await insertBucketChanges(clickhouse, touched, changes.next());
  }
  for (const fault of reading.faults) {
    if (fault.kind === "counter") await replaceCounter(db, fault.row, toCounter(fault.sums));
    if (fault.kind === "uncounted") {
      await buildCounter(db, projectId, fault.bucket, toCounter(fault.sums));
    }
  }
}

/**
 * What is larger is made anew when any of its buckets changes: a day by its first one, a block by the first of the day
 * that it was found with.
 */
function bucketsToRebuild({ day, faults }: DayReading): number[] {
  const rollups = faults.filter((fault) => fault.kind === "rollup");
  const small = rollups.filter(({ grain }) => grain < DAY_GRAIN).map(({ start }) => start);
  if (small.length > 0 || rollups.length === 0) return [...new Set(small)];
  return [day];
}

function toCounter({ events, cost, unknownCosts }: Sums) {
  return { events, costUsd: formatUsd(cost), unknownCosts };
}
