import { and, desc, eq, gte, inArray } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { refusals } from "@/db/schema/budgets";

export type RefusalRow = typeof refusals.$inferSelect;

/** What one budget or switch refused to calls of these projects, latest first. */
export async function listRefusals(
  db: Db,
  asked: { sourceId: string; projectIds: readonly string[]; since: Date },
  limit: number,
): Promise<RefusalRow[]> {
  return db
    .select()
    .from(refusals)
    .where(
      and(
        eq(refusals.sourceId, asked.sourceId),
        inArray(refusals.projectId, [...asked.projectIds]),
        gte(refusals.lastAt, asked.since),
      ),
    )
    .orderBy(desc(refusals.hour), desc(refusals.lastAt))
    .limit(limit);
}
