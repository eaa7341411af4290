import { randomBytes } from "node:crypto";
import type { ClickHouse } from "@/db/clickhouse/client";
import { deleteOldGenerations } from "@/db/clickhouse/queries/delete-rollups";
import { deleteOldSpans } from "@/db/clickhouse/queries/erase-span-names";
import {
  deleteSealedCalls,
  listDaysToSeal,
  listSealedDaysWithCalls,
} from "@/db/clickhouse/queries/seal-day";
import type { Postgres } from "@/db/postgres";
import { withJobLock } from "@/db/queries/job-lock";
import { deleteOutcomes } from "@/db/queries/outcomes";
import { listProjectsWithRetention, moveSealedBefore } from "@/db/queries/projects";
import type { Log } from "@/lib/log";
import { sealDay } from "@/lib/retention/seal-day";
import type { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { settleLinkBatches } from "@/lib/traces/settle-link-batch";

const DAY_MS = 86_400_000;
/** A question that was planned before a day was sealed may still read its calls. Far longer than one takes. */
const DELETE_AFTER_MS = 600_000;
const DAYS_A_LIST = 100;

export interface RetentionContext {
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  numbers: GenerationNumbers;
  log: Log;
  now: () => number;
  /** Asked between days. */
  mustStop: () => boolean;
}

/**
 * Seals what is older than each project keeps, and deletes the calls of days that were sealed some minutes ago.
 * Every step may be repeated: what a crash left undone is found again.
 * @returns days sealed, and days whose calls were deleted
 * @throws QueryFailedError
 */
export async function applyRetention(
  context: RetentionContext,
): Promise<{ sealed: number; deleted: number }> {
  const done = { sealed: 0, deleted: 0 };
  for (const project of await listProjectsWithRetention(context.postgres.db)) {
    // A day is sealed when all of it is older than what is kept.
    if (project.retentionDays !== null) {
      const keptFromMs = context.now() - project.retentionDays * DAY_MS;
      const beforeSeconds = Math.floor(keptFromMs / DAY_MS) * 86_400;
      done.sealed += await sealDays(context, project.id, beforeSeconds);
      await deleteSpans(context, project.id, beforeSeconds);
      await deleteOldOutcomes(context, project.id, beforeSeconds);
    } else if (project.sealedBefore) {
      // It keeps all from now on; what comes late of a sealed day loses its detail nevertheless.
      await deleteSpans(context, project.id, project.sealedBefore.getTime() / 1000);
      await deleteOldOutcomes(context, project.id, project.sealedBefore.getTime() / 1000);
    }
    done.deleted += await deleteSealedDays(context, project.id);
  }
  return done;
}

async function deleteSpans(context: RetentionContext, projectId: string, beforeSeconds: number) {
  // No trace is linked while its spans go: what is left of it would be decided without them.
  await withJobLock(context.postgres, "corrections", () =>
    deleteOldSpans(context.clickhouse, { projectId, beforeSeconds }),
  );
}

/** Outcomes name sessions, which a sealed day does not know any more. */
function deleteOldOutcomes(
  { postgres }: RetentionContext,
  projectId: string,
  beforeSeconds: number,
) {
  return deleteOutcomes(postgres.db, { projectId, before: new Date(beforeSeconds * 1000) });
}

async function sealDays(
  context: RetentionContext,
  projectId: string,
  beforeSeconds: number,
): Promise<number> {
  const { clickhouse, postgres, log } = context;
  const nextChange = changeNumbers();
  let count = 0;
  for (;;) {
    const asked = { projectId, beforeSeconds, limit: DAYS_A_LIST };
    const days = await listDaysToSeal(clickhouse, asked);
    for (const dayStart of days) {
      if (context.mustStop()) return count;
      const sealedBefore = new Date(dayStart * 1000 + DAY_MS);
      const seal = async () => {
        // Its revisions would come behind the sums that are for good.
        await settleLinkBatches({ clickhouse, db: postgres.db }, nextChange);
        await sealDay(context, { projectId, dayStart }, () =>
          moveSealedBefore(postgres.db, projectId, sealedBefore),
        );
      };
      // Day by day, so that a correction somebody waits for gets its turn.
      await withJobLock(postgres, "rollups", () => withJobLock(postgres, "corrections", seal));
      log.info({ projectId, day: sealedBefore.toISOString() }, "a day's calls expired");
      count += 1;
    }
    if (days.length < DAYS_A_LIST) return count;
  }
}

/** A run is a writer of changes of its own, as that of a correction is. */
function changeNumbers(): () => { writer: string; number: number } {
  const writer = randomBytes(8).readBigUInt64BE().toString();
  let number = Date.now() * 1000;
  return () => {
    number += 1;
    return { writer, number };
  };
}

async function deleteSealedDays(context: RetentionContext, projectId: string): Promise<number> {
  const { clickhouse, postgres, now, mustStop } = context;
  const sealedByMs = now() - DELETE_AFTER_MS;
  const days = await listSealedDaysWithCalls(clickhouse, { projectId, sealedByMs });
  let count = 0;
  for (const dayStart of days) {
    if (mustStop()) return count;
    await withJobLock(postgres, "corrections", () =>
      deleteSealedCalls(clickhouse, { projectId, dayStart }),
    );
    count += 1;
  }
  // The sums by person and session that a sealed day had before are in generations that nobody reads any more.
  if (count > 0) await deleteOldGenerations(clickhouse, sealedByMs);
  return count;
}
