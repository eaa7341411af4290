import { and, eq, gte, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { rejectionCounts, rejections } from "@/db/schema/rejections";

/** How many events did not count on some days, by kind, and how many of their samples wait for somebody. */
export async function sumRejections(
  db: Db,
  projectIds: readonly string[],
  range: { fromDay: string; toDay: string },
) {
  if (projectIds.length === 0) return { events: [], open: [] };
  const ids = [...projectIds];
  const events = await db
    .select({
      kind: rejectionCounts.kind,
      events: sql<string>`sum(${rejectionCounts.events})::text`,
    })
    .from(rejectionCounts)
    .where(
      and(
        inArray(rejectionCounts.projectId, ids),
        gte(rejectionCounts.day, range.fromDay),
        lt(rejectionCounts.day, range.toDay),
      ),
    )
    .groupBy(rejectionCounts.kind);
  const open = await db
    .select({ kind: rejections.kind, samples: sql<string>`count(*)::text` })
    .from(rejections)
    .where(
      and(
        inArray(rejections.projectId, ids),
        eq(rejections.state, "open"),
        gte(rejections.receivedAt, new Date(`${range.fromDay}T00:00:00Z`)),
        lt(rejections.receivedAt, new Date(`${range.toDay}T00:00:00Z`)),
      ),
    )
    .groupBy(rejections.kind);
  return { events, open };
}
