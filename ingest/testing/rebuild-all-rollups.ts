import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { withJobLock } from "@/db/queries/job-lock";
import { createLog } from "@/lib/log";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { type RebuildResult, rebuildRollups } from "@/lib/rollups/rebuild-rollups";

const numbers = new GenerationNumbers();

/** Rolls up whatever is stale, at once, in the turn of the job of that name. */
export function rebuildAllRollups(stores: {
  clickhouse: ClickHouse;
  postgres: Postgres;
}): Promise<RebuildResult> {
  const { clickhouse, postgres } = stores;
  return withJobLock(postgres, "rollups", () =>
    rebuildRollups({
      clickhouse,
      log: createLog("silent"),
      numbers,
      now: Date.now,
      graceMs: 0,
      // However lately it was rebuilt, by whichever clock.
      debounceMs: -3_600_000,
      mustStop: () => false,
    }),
  );
}
