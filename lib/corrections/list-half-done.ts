import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db } from "@/db/postgres";
import { findCorrection, listOpenCorrectionIds } from "@/db/queries/corrections";
import { listLinkBatches } from "@/db/queries/link-batches";
import { changedBefore } from "@/lib/corrections/correct-batch";
import type { ChangedCall } from "@/lib/corrections/correction-sums";
import {
  positionSchema,
  reachOf,
  readCorrectionPage,
} from "@/lib/corrections/read-correction-page";
import { listHalfLinked } from "@/lib/traces/settle-link-batch";

/**
 * Calls that a correction, or linking their trace, changed in the ledger while its counters have not moved yet: a batch
 * was cut short between the two, and will be repeated. To be asked while the lock of the corrections job is held; then there are no others.
 */
export async function listHalfDone(stores: {
  clickhouse: ClickHouse;
  db: Db;
}): Promise<ChangedCall[]> {
  const changed: ChangedCall[] = [];
  for (const id of await listOpenCorrectionIds(stores.db)) {
    const row = await findCorrection(stores.db, id);
    if (!row || row.isDryRun || row.startedAt === null) continue;
    // Only what it changed already, behind what it has counted.
    const reach = { ...reachOf(row), filters: null };
    let position = row.position === null ? null : positionSchema.parse(row.position);
    do {
      const page = await readCorrectionPage(stores.clickhouse, reach, position);
      changed.push(...page.calls.flatMap((call) => changedBefore(call, row)));
      position = page.next;
    } while (position !== null);
  }
  for (const batch of await listLinkBatches(stores.db)) {
    changed.push(...(await listHalfLinked(stores.clickhouse, batch)));
  }
  return changed;
}
